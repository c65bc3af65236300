"""From watch lists to their last good copies: fetched, doubted, compared, kept, and their changes told.

The change of a list becomes an item in the feed of its changes, which is polled, judged and told like any
other; so a list never alerts by a way of its own.
"""

import asyncio
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.clock import Clock
from monitor.errors import FeedError, ListError
from monitor.feeds.base import Fetch, Fetched, NotModified, deadline
from monitor.lists import read
from monitor.lists.base import SanctionsList
from monitor.lists.cache import Document, ListCache, Record, document_of, version_of
from monitor.lists.change_feed import ChangeNotice, add_change
from monitor.lists.diff import ListChange, compare
from monitor.lists.sanity import Count, count_of, refusal
from monitor.model import Feed, FeedState, Tier

log = structlog.get_logger()

#: How soon a list is asked for again after a failure; each further one adds as much, up to its `every`.
SOONEST = timedelta(minutes=15)

_PATIENCE_S = 600.0  # for one document: the largest lists have more than a hundred megabytes


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one list; `state` is ``first``, ``changed``, ``unchanged`` or ``kept``.

    ``kept`` is a failure: `reason` says why the copy before, if there was one, stays in use.
    """

    list: str
    state: str
    reason: str = ""
    count: Count | None = None
    change: ListChange = field(default_factory=ListChange)


@dataclass
class ListsJob:
    """Refreshes lists one after another; the failure of one never stops the others."""

    lists: Mapping[str, SanctionsList]
    fetch: Fetch
    list_cache: ListCache
    clock: Clock
    patience_s: float = _PATIENCE_S

    async def prepare(self) -> None:
        """See to it that every list has a feed of its changes, if an empty one."""
        for list in self.lists.values():
            await asyncio.to_thread(self.list_cache.prepare, list)

    async def refresh_due(self, stop: Callable[[], bool] = lambda: False) -> tuple[Refreshed, ...]:
        """Refresh the lists whose time has come."""
        due = await asyncio.to_thread(self._due, self.clock())
        return await self.refresh(due, stop=stop)

    async def refresh(
        self,
        names: Iterable[str],
        *,
        accept: Collection[str] = (),
        stop: Callable[[], bool] = lambda: False,
    ) -> tuple[Refreshed, ...]:
        """Refresh these lists now; those in `accept` are taken however much they shrank."""
        return tuple([await self._one(self.lists[name], name in accept) for name in names if not stop()])

    def _due(self, now: datetime) -> tuple[str, ...]:
        records = ((list, self._record(list)) for list in self.lists.values())
        times = ((list.name, record.due_at(list, SOONEST)) for list, record in records)
        return tuple(name for name, at in times if at is None or at <= now)

    def _record(self, list: SanctionsList) -> Record:
        try:
            return self.list_cache.record(list.name)
        except ListError:
            return Record()  # the refresh that is now due will say what is wrong

    async def _one(self, list: SanctionsList, accepted: bool) -> Refreshed:
        try:
            done = await self._refreshed(list, accepted)
        except (FeedError, ListError, OSError) as error:
            return await self._kept(list, str(error))
        except Exception as error:  # one list's surprise must not stop the others
            log.exception("list_crashed", list=list.name)
            return await self._kept(list, f"{list.name}: internal error: {type(error).__name__}")
        count, change = done.count or Count(0, 0), done.change
        log.info(
            "list_refreshed",
            list=list.name,
            state=done.state,
            entities=count.entities,
            names=count.names,
            added=len(change.added),
            removed=len(change.removed),
            changed=len(change.changed),
        )
        return done

    async def _kept(self, list: SanctionsList, reason: str) -> Refreshed:
        log.warning("list_refresh_failed", list=list.name, reason=reason)
        try:
            record = await asyncio.to_thread(self.list_cache.checked, list.name, self.clock(), problem=reason)
        except (ListError, OSError):
            return Refreshed(list.name, "kept", reason)
        return Refreshed(list.name, "kept", reason, record.count)

    async def _refreshed(self, list: SanctionsList, accepted: bool) -> Refreshed:
        record = await asyncio.to_thread(self.list_cache.record, list.name)
        known = record.documents if record.is_of(list) else (None,) * len(list.urls)
        got = [await self._ask(list, url, was) for url, was in zip(list.urls, known, strict=True)]
        return await asyncio.to_thread(self._weigh, list, record, got, accepted)

    async def _ask(self, list: SanctionsList, url: str, was: Document | None) -> Fetched | NotModified:
        now = self.clock()
        feed = Feed(list.name, url, list.title, "", tier=Tier.OFFICIAL)
        state = FeedState(list.name, now)
        if was is not None:
            state = replace(state, etag=was.etag, last_modified=was.last_modified)
            state = replace(state, body_hash=was.sha256, good_at=was.proved_at)
        async with deadline(feed, self.patience_s):
            got = await self.fetch(feed, state, now)
        if isinstance(got, Fetched) and got.partial:
            raise ListError(f"{list.name}: the answer broke off after {len(got.body):,} bytes")
        return got

    def _weigh(
        self, list: SanctionsList, record: Record, got: Sequence[Fetched | NotModified], accepted: bool
    ) -> Refreshed:
        """Keep what was fetched, unless nothing changed or it is not to be believed."""
        now, same = self.clock(), record.is_of(list)
        documents = _documents(list, record, got, now)
        if same and version_of(documents) == record.version:
            self.list_cache.checked(list.name, now, documents)
            return Refreshed(list.name, "unchanged", count=record.count)
        bodies = [self._body(list, record, number, answer) for number, answer in enumerate(got)]
        entities = tuple(read(list.format, [io.BytesIO(body) for body in bodies], list.name))
        count = count_of(entities)
        if why := refusal(count, record.count if same else None, list.at_least, accepted):
            remedy = f"if that is right, `sanctions-monitor lists refresh --accept {list.name}` takes it"
            raise ListError(f"{list.name}: {why}; the copy before stays in use; {remedy}")
        change = compare(self.list_cache.entities(list.name), entities) if same else ListChange()
        if change:  # before the copy is replaced: told twice is told once, not told is lost
            notice = ChangeNotice(
                list.authority, list.title, list.page, record.version, version_of(documents)
            )
            self.list_cache.tell(list, lambda feed: add_change(feed, change, notice, now))
        self.list_cache.keep(list, bodies, documents, entities, now)
        return Refreshed(list.name, "changed" if same else "first", count=count, change=change)

    def _body(self, list: SanctionsList, record: Record, number: int, answer: Fetched | NotModified) -> bytes:
        if isinstance(answer, Fetched):
            return answer.body
        return self.list_cache.document(list.name, record, number)


def _documents(
    list: SanctionsList, record: Record, got: Sequence[Fetched | NotModified], now: datetime
) -> tuple[Document, ...]:
    return tuple(
        document_of(list.urls[number], answer.body, answer.etag, answer.last_modified, now)
        if isinstance(answer, Fetched)
        else _again(record.documents[number], answer, now)
        for number, answer in enumerate(got)
    )


def _again(was: Document, answer: NotModified, now: datetime) -> Document:
    return replace(
        was,
        etag=answer.etag or was.etag,
        last_modified=answer.last_modified or was.last_modified,
        proved_at=now if answer.proved else was.proved_at,
    )
