"""Refresh the sanctions lists: download each, check it, compare it with the last copy, store it.

A change becomes an item of the list's change feed. That feed is polled and judged like any other, so alerts
about lists take the same path as all alerts.
"""

import asyncio
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from monitor.clock import Clock
from monitor.errors import FeedError, ListError
from monitor.feeds.base import Fetch, Fetched, NotModified, time_limit
from monitor.lists import ignored_columns, parse_list
from monitor.lists.base import SanctionsList, in_force
from monitor.lists.cache import ListCache
from monitor.lists.change_feed import ChangeNotice, add_change
from monitor.lists.diff import ListChange, compare
from monitor.lists.records import CacheRecord, ListDocument, document_of, version_of
from monitor.lists.sanity import Count, count_of, refusal_reason
from monitor.model import Entity, Feed, FeedState, Tier

log = structlog.get_logger()

#: How soon a list is fetched again after a failure; each further failure adds as much, up to its `every`.
RETRY_INTERVAL = timedelta(minutes=15)

TIMEOUT_S = 600.0  # for one document: the largest lists have more than a hundred megabytes


class RefreshState(StrEnum):
    """The result of one refresh; `KEPT` is a failure after which the last copy stays in use."""

    FIRST = "first"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"


#: The results after which a list has another copy.
NEW_COPY = frozenset({RefreshState.FIRST, RefreshState.CHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshResult:
    """The result of refreshing one list.

    `reason` is that of a failure; `ignored` are the columns of a plain table that are not understood.
    """

    list: str
    state: RefreshState
    reason: str = ""
    count: Count | None = None
    change: ListChange = field(default_factory=ListChange)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewCopy:
    """A new copy of a list, and what it changes of the last one; without a `last_count` it is the first."""

    entities: tuple[Entity, ...]
    count: Count
    ignored: tuple[str, ...]
    last_count: Count | None = None
    change: ListChange = field(default_factory=ListChange)

    def refusal_reason(self, at_least: int, *, accepted: bool) -> str:
        """Return why the copy cannot be right, "" if it can; an operator may have `accepted` it."""
        removed = len(self.change.removed)
        return refusal_reason(self.count, self.last_count, at_least, removed=removed, accepted=accepted)


@dataclass
class ListsJob:
    """Refreshes lists one after another; the failure of one does not stop the others."""

    lists: Mapping[str, SanctionsList]
    fetch: Fetch
    list_cache: ListCache
    clock: Clock
    timeout_s: float = TIMEOUT_S

    async def prepare(self) -> None:
        """Create the change feed of every list that has none."""
        for list in self.lists.values():
            await asyncio.to_thread(self.list_cache.prepare, list)

    async def refresh_due(self, stop: Callable[[], bool] = lambda: False) -> tuple[RefreshResult, ...]:
        """Refresh the lists that are due."""
        due = await asyncio.to_thread(self._due, self.clock())
        return await self.refresh(due, stop=stop)

    async def refresh(
        self,
        names: Iterable[str],
        *,
        accept: Collection[str] = (),
        stop: Callable[[], bool] = lambda: False,
    ) -> tuple[RefreshResult, ...]:
        """Refresh these lists now; those in `accept` are stored even if they shrank."""
        results = [await self._refresh_one(self.lists[name], name in accept) for name in names if not stop()]
        return tuple(results)

    def _due(self, now: datetime) -> tuple[str, ...]:
        due = []
        for list in self.lists.values():
            due_at = self._record(list).due_at(list, RETRY_INTERVAL)
            if due_at is None or due_at <= now:
                due.append(list.name)
        return tuple(due)

    def _record(self, list: SanctionsList) -> CacheRecord:
        try:
            return self.list_cache.record(list.name)
        except ListError:
            return CacheRecord()  # the refresh that is now due will report it

    async def _refresh_one(self, list: SanctionsList, accepted: bool) -> RefreshResult:
        try:
            result = await self._fetch_and_store(list, accepted)
        except (FeedError, ListError, OSError) as error:
            return await self._failed(list, str(error))
        except Exception as error:  # an unforeseen fault of one list must not stop the others
            log.exception("list_crashed", list=list.name)
            return await self._failed(list, f"{list.name}: internal error: {type(error).__name__}")
        if result.ignored:
            log.warning("list_columns_ignored", list=list.name, columns=result.ignored)
        count, change = result.count or Count(0, 0), result.change
        log.info(
            "list_refreshed",
            list=list.name,
            state=result.state.value,
            entities=count.entities,
            names=count.names,
            added=len(change.added),
            removed=len(change.removed),
            changed=len(change.changed),
        )
        return result

    async def _failed(self, list: SanctionsList, reason: str) -> RefreshResult:
        log.warning("list_refresh_failed", list=list.name, reason=reason)
        now, record_check = self.clock(), self.list_cache.record_check
        try:
            record = await asyncio.to_thread(record_check, list.name, now, problem=reason)
        except (ListError, OSError):
            return RefreshResult(list=list.name, state=RefreshState.KEPT, reason=reason)
        return RefreshResult(list=list.name, state=RefreshState.KEPT, reason=reason, count=record.count)

    async def _fetch_and_store(self, list: SanctionsList, accepted: bool) -> RefreshResult:
        record = await asyncio.to_thread(self.list_cache.record, list.name)
        known = record.documents if record.matches(list) else (None,) * len(list.urls)
        responses = [
            await self._fetch_document(list, url, before)
            for url, before in zip(list.urls, known, strict=True)
        ]
        return await asyncio.to_thread(self._store_if_sound, list, record, responses, accepted)

    async def _fetch_document(
        self, list: SanctionsList, url: str, before: ListDocument | None
    ) -> Fetched | NotModified:
        now = self.clock()
        feed = Feed(name=list.name, url=url, title=list.title, host="", tier=Tier.OFFICIAL)
        state = FeedState(feed=list.name, next_poll_at=now)
        if before is not None:
            state = replace(
                state,
                etag=before.etag,
                last_modified=before.last_modified,
                body_hash=before.sha256,
                good_at=before.proved_at,
            )
        async with time_limit(feed, self.timeout_s):
            response = await self.fetch(feed, state, now)
        if isinstance(response, Fetched) and response.partial:
            raise ListError(f"{list.name}: the response broke off after {len(response.body):,} bytes")
        return response

    def _store_if_sound(
        self,
        list: SanctionsList,
        record: CacheRecord,
        responses: Sequence[Fetched | NotModified],
        accepted: bool,
    ) -> RefreshResult:
        """Store the documents, unless nothing changed or the list cannot be right."""
        now = self.clock()
        documents = _documents(list, record, responses, now)
        if record.matches(list) and record.is_current(documents, now.date()):
            self.list_cache.record_check(list.name, now, documents)
            return RefreshResult(list=list.name, state=RefreshState.UNCHANGED, count=record.count)
        bodies = [self._body(list, record, number, response) for number, response in enumerate(responses)]
        copy = self._parsed(list, record, bodies, now)
        if reason := copy.refusal_reason(list.at_least, accepted=accepted):
            remedy = f"if that is right, `sanctions-monitor lists refresh --accept {list.name}` takes it"
            raise ListError(f"{list.name}: {reason}; the last copy stays in use; {remedy}")
        if copy.change:  # before the copy: a crash between the two repeats the notice, which has the same id
            version = version_of(documents, copy.entities)
            notice = ChangeNotice(list.authority, list.title, list.page, record.version, version)
            self.list_cache.update_changes(list, lambda feed: add_change(feed, copy.change, notice, now))
        self.list_cache.save(list, bodies, documents, copy.entities, now)
        return RefreshResult(
            list=list.name,
            state=RefreshState.FIRST if copy.last_count is None else RefreshState.CHANGED,
            count=copy.count,
            change=copy.change,
            ignored=copy.ignored,
        )

    def _parsed(
        self, list: SanctionsList, record: CacheRecord, bodies: Sequence[bytes], now: datetime
    ) -> "_NewCopy":
        """Parse the documents of a list, and compare them with the last copy of the same list."""
        opened = [io.BytesIO(body) for body in bodies]
        ignored = ignored_columns(list.format, opened, list.name)
        entities = tuple(parse_list(list.format, opened, list.name, now.date()))
        if not record.matches(list):
            return _NewCopy(entities=entities, count=count_of(entities), ignored=ignored)
        last = self._last_entities(list, now)
        return _NewCopy(
            entities=entities,
            count=count_of(entities),
            ignored=ignored,
            last_count=count_of(last),
            change=compare(last, entities),
        )

    def _last_entities(self, list: SanctionsList, now: datetime) -> tuple[Entity, ...]:
        today = now.date()
        return tuple(each for each in self.list_cache.entities(list.name) if in_force(each, today))

    def _body(
        self, list: SanctionsList, record: CacheRecord, number: int, response: Fetched | NotModified
    ) -> bytes:
        if isinstance(response, Fetched):
            return response.body
        return self.list_cache.document(list.name, record, number)


def _documents(
    list: SanctionsList, record: CacheRecord, responses: Sequence[Fetched | NotModified], now: datetime
) -> tuple[ListDocument, ...]:
    documents = []
    for number, response in enumerate(responses):
        if isinstance(response, Fetched):
            validators = (response.etag, response.last_modified)
            documents.append(document_of(list.urls[number], response.body, *validators, now))
        else:
            documents.append(_revalidated(record.documents[number], response, now))
    return tuple(documents)


def _revalidated(document: ListDocument, response: NotModified, now: datetime) -> ListDocument:
    return replace(
        document,
        etag=response.etag or document.etag,
        last_modified=response.last_modified or document.last_modified,
        proved_at=now if response.proved else document.proved_at,
    )
