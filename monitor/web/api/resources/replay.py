"""Judge stored items again by other rules, part by part; a client that goes away ends its part."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from time import perf_counter

from fastapi import APIRouter, HTTPException, Request, Response

from monitor.errors import ConfigError
from monitor.jobs.evidence import VersionedRules
from monitor.jobs.replay import ChangedVerdict, Rules, change_data, verdict_change
from monitor.model import FileRole, Judged, RuleFile
from monitor.store import Store
from monitor.web.api.access import Web
from monitor.web.api.answers import answer
from monitor.web.api.cursors import ListKey, list_key
from monitor.web.api.models.trials import Replayed, ReplayRequest, ReplayResult
from monitor.web.base import WebContext

from .common import JUDGED
from .items import place_of

router = APIRouter(tags=["rules"])

#: How long one part may take; judging an item takes some milliseconds.
MAX_SECONDS = 5.0

#: What the rules of a request are called in mistakes.
FILE = "request.toml"

_BATCH = 100


@dataclass(slots=True)
class Part:
    """What was judged again so far; `last` is the last item, None once all are done."""

    items: int = 0
    changes: list[ChangedVerdict] = field(default_factory=list)
    last: Judged | None = None


@router.post("/replay", response_model=ReplayResult, responses=JUDGED, summary="Replay rules")
async def replay(given: ReplayRequest, request: Request, web: Web) -> Response:
    """Return what rules would change in the results of stored items, from the oldest on, for some seconds.

    Ask again with `next` as `after` for the following part. Nothing is stored or sent.
    """
    cancelled = Event()
    watcher = asyncio.create_task(_watch(request, cancelled))
    try:
        async with web.turns.replays.turn():
            return await answer(web, _result, web, given, cancelled)
    finally:
        cancelled.set()
        watcher.cancel()


async def _watch(request: Request, cancelled: Event) -> None:
    """Set `cancelled` when the client has gone; its body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    cancelled.set()


def _result(web: WebContext, given: ReplayRequest, cancelled: Event) -> ReplayResult:
    since = web.clock() - timedelta(days=given.days)
    key = list_key("replay", [("rules", given.rules), ("days", str(given.days))])
    after = place_of(web.store, key.place(given.after))
    try:
        versioned = _rules(web, given.rules)
    except ConfigError as error:
        return _refused(str(error), since)
    rules = Rules(versioned.judge, versioned.table, web.policy.alerts.feeds)
    part = Part(last=after)
    _judge(_stored(web.store, since, after), rules, part, given.limit, cancelled)
    return _model(part, since, key, versioned.versions)


def _rules(web: WebContext, text: str) -> VersionedRules:
    """Return the rules in force, or with a text those with its rules after them.

    Raises:
        ConfigError: the text has a mistake.
    """
    engine = web.policy.engine
    if engine is None or web.policy.rules_from is None:
        raise HTTPException(503, "No rules are loaded.")
    if not text.strip():
        table = web.policy.alerts.table
        return VersionedRules(judge=engine.judge, table=table, tiers={}, versions=engine.versions)
    files = list[RuleFile]()
    for role in (FileRole.RULES, FileRole.LEXICON):
        files += web.store.rule_files(role, engine.versions.get(role, ""))
    if not files:
        raise HTTPException(503, "The files of the rules in force are not stored.")
    return web.policy.rules_from((*files, RuleFile(FileRole.RULES, FILE, text)))


def _judge(stored: Iterable[Judged], rules: Rules, part: Part, limit: int, cancelled: Event) -> None:
    """Judge items again until the part has its most changes, its time is over, or nobody waits for it."""
    end = perf_counter() + MAX_SECONDS
    for each in stored:
        if len(part.changes) == limit or perf_counter() > end or cancelled.is_set():
            return
        part.items += 1
        part.last = each
        if change := verdict_change(each, rules.judge_again(each)):
            part.changes.append(change)
    part.last = None


def _stored(store: Store, since: datetime, last: Judged | None) -> Iterator[Judged]:
    while batch := store.judged_since(since, last, _BATCH):
        yield from batch
        last = batch[-1]


def _refused(mistakes: str, since: datetime) -> ReplayResult:
    return ReplayResult(
        mistakes=mistakes.splitlines(),
        since=since,
        items=0,
        flagged=0,
        dropped=0,
        moved=0,
        changes=[],
        next=None,
        versions={},
    )


def _model(part: Part, since: datetime, key: ListKey, versions: Mapping[str, str]) -> ReplayResult:
    counts = Counter(change.kind for change in part.changes)
    return ReplayResult(
        mistakes=[],
        since=since,
        items=part.items,
        flagged=counts["flagged"],
        dropped=counts["dropped"],
        moved=counts["moved"],
        changes=[Replayed.model_validate(change_data(each)) for each in part.changes],
        next=key.cursor(part.last.item.id) if part.last else None,
        versions=dict(versions),
    )
