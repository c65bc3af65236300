"""Try a change on the items of the last days: hits, near misses, and what would change in the results.

A trial runs in steps, so that its first results can be shown while it goes on, and it can be ended early.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from time import perf_counter

from monitor.jobs.replay import ChangedVerdict, Rules, verdict_change
from monitor.jobs.search import Search, needs_engine, search_of
from monitor.match.engine import Engine
from monitor.match.examples import title_and_categories
from monitor.match.query.explain import misses, quotes
from monitor.match.query.parser import mistakes_in
from monitor.match.spans import Doc
from monitor.model import Item, ItemFilter, Judged
from monitor.render.sanitize import clip, href, sanitize
from monitor.store import Store
from monitor.web.stories.marks import Piece, pieces_of

from .proposal import Proposal

#: Items evaluated for one trial, the newest first, and seconds of work: on a page, as a stream. A stream
#: takes less than 10 s with its pauses.
MAX_EXAMINED = 50_000
MAX_SECONDS, MAX_STREAM_SECONDS = 3.0, 7.0

#: The share of the time for finding items; the rest is for comparing at most so many.
SEARCHING, MAX_COMPARED = 0.6, 5_000

#: Rows shown of each kind.
MOST_SHOWN = 60

_BATCHES = (50, 500)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class RowKind(StrEnum):
    """The lists of a result; the last three are the kinds of `Change`."""

    HIT = "hits"
    MISS = "misses"
    FLAGGED = "flagged"
    DROPPED = "dropped"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """An item in one of the lists; `note` says what a near miss lacks, or what changes."""

    kind: RowKind
    id: str
    title: tuple[Piece, ...]
    source: str
    link: str
    at: datetime
    flagged: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """An example text, whether it should fit and does, and why not."""

    text: str
    wanted: bool
    fits: bool
    why: str

    @property
    def good(self) -> bool:
        """Whether it has the wanted result."""
        return self.wanted is self.fits


@dataclass(slots=True, kw_only=True)
class Trial:
    """The result so far; `counts` are by list, `unflagged` hits are not flagged today.

    `reached` is how far back it came, if it was cut short. Of `to_compare` items `compared` were judged by
    the rules proposed.
    """

    rows: list[TrialRow] = field(default_factory=list)
    counts: Counter[RowKind] = field(default_factory=Counter)
    unflagged: int = 0
    examined: int = 0
    to_compare: int = 0
    compared: int = 0
    by_day: Counter[str] = field(default_factory=Counter)
    reached: datetime | None = None
    mistakes: tuple[str, ...] = ()
    examples: tuple[ExampleResult, ...] = ()
    is_done: bool = False

    def of(self, kind: str) -> list[TrialRow]:
        """Return the rows of one list."""
        return [row for row in self.rows if row.kind == kind]


@dataclass(kw_only=True)
class TrialRun:
    """Runs one trial. `rules` are those of today, by which items are compared; None compares nothing."""

    store: Store
    engine: Engine
    rules: Rules | None
    proposal: Proposal
    since: datetime
    max_seconds: float = MAX_SECONDS
    trial: Trial = field(default_factory=Trial)
    _seconds: float = 0.0

    def __post_init__(self) -> None:
        judge, today = self.proposal.changed.judge, self.rules
        self._changed = Rules(judge, today.table, today.feeds) if today else None
        self._search = self._search_for(self.proposal.query, self.proposal.changed)
        earlier = self.proposal.earlier
        self._earlier = self._search_for(earlier, self.engine) if earlier else None
        self._candidates = self._all_candidates()
        self._seen: set[str] = set()
        self._waiting: deque[tuple[Judged, tuple[str, ...]]] = deque()
        self._is_searching = True

    def step(self, seconds: float) -> list[TrialRow]:
        """Go on for this long and return the rows that were added."""
        shown, begin = len(self.trial.rows), perf_counter()
        while not self.trial.is_done and perf_counter() - begin < seconds:
            self._next(self._seconds + perf_counter() - begin)
        self._seconds += perf_counter() - begin
        return self.trial.rows[shown:]

    def _next(self, spent_s: float) -> None:
        """Examine one item, or end."""
        if self._is_searching:
            self._search_on(spent_s)
        elif self._waiting and spent_s <= self.max_seconds:
            self._compare(*self._waiting.popleft())
        else:
            self.trial.is_done = True

    def _search_on(self, spent_s: float) -> None:
        """Examine one candidate; comparing begins when there is none left, or little time."""
        judged = next(self._candidates, None)
        if judged is None:
            self._is_searching = False
        elif self.trial.examined >= MAX_EXAMINED or spent_s > SEARCHING * self.max_seconds:
            self.trial.reached, self._is_searching = judged.item.first_seen_at, False
        else:
            self.trial.examined += 1
            self._examine(judged)

    def _search_for(self, query: str, engine: Engine) -> Search:
        return search_of(query, ItemFilter(since=self.since), engine if needs_engine(query) else None)

    def _all_candidates(self) -> Iterator[Judged]:
        """Yield items that the query may find, then those of what it replaces, the newest first."""
        yield from _candidates(self.store, self._search)
        if self._earlier:
            replaced = _candidates(self.store, self._earlier)
            yield from (judged for judged in replaced if judged.item.id not in self._seen)

    def _examine(self, judged: Judged) -> None:
        query, annotate = self._search.query, self._search.annotate
        if query is None or annotate is None:
            return
        doc = annotate(judged.item)
        matches = query.find(doc)
        if matches:
            self._seen.add(judged.item.id)
            self.trial.by_day[judged.item.first_seen_at.date().isoformat()] += 1
            self.trial.unflagged += not judged.verdict.topics
            self._add(RowKind.HIT, judged, quotes(matches, doc))
            self._wait(judged, tuple(quotes(matches, doc)))
        elif self._is_replaced(judged):
            self._wait(judged, ())
        elif lacking := self.proposal.lacks(query, doc):
            self._add(RowKind.MISS, judged, (), lacking)

    def _is_replaced(self, judged: Judged) -> bool:
        """Say whether what is replaced finds an item, and remember the item."""
        self._seen.add(judged.item.id)
        return self._earlier is not None and self._earlier.holds(judged.item)

    def _wait(self, judged: Judged, found: tuple[str, ...]) -> None:
        """Note an item to compare later, so that hits are shown first."""
        if self.rules is not None and len(self._waiting) < MAX_COMPARED:
            self.trial.to_compare += 1
            self._waiting.append((judged, found))

    def _compare(self, judged: Judged, found: tuple[str, ...]) -> None:
        """Judge an item by the rules of today, unless it was, and by those proposed."""
        if self.rules is None or self._changed is None:
            return
        self.trial.compared += 1
        is_current = judged.verdict.versions == self.engine.versions
        before = judged if is_current else self.rules.judge_again(judged)
        change = verdict_change(before, self._changed.judge_again(judged))
        if change:
            self._add(RowKind(change.kind), judged, found, _words_of(change))

    def _add(self, kind: RowKind, judged: Judged, found: Iterable[str], note: str = "") -> None:
        self.trial.counts[kind] += 1
        if self.trial.counts[kind] <= MOST_SHOWN:
            self.trial.rows.append(_row(kind, judged, found, note))


def try_query(store: Store, engine: Engine, source: str, since: datetime) -> Trial:
    """Run a query alone on the items first seen since then, within `MAX_SECONDS`."""
    if mistakes := mistakes_in(source, engine.tags):
        return Trial(mistakes=tuple(map(str, mistakes)), is_done=True)
    proposal = Proposal(query=source, changed=engine)
    run = TrialRun(store=store, engine=engine, rules=None, proposal=proposal, since=since)
    while not run.trial.is_done:
        run.step(MAX_SECONDS)
    return run.trial


def try_examples(
    engine: Engine, source: str, examples: Mapping[bool, Iterable[str]]
) -> Iterator[ExampleResult]:
    """Yield the result of each example, those that should fit first."""
    search = search_of(source, ItemFilter(), engine)
    for wanted in (True, False):
        for text in examples[wanted]:
            doc = _doc(search, text)
            matches = search.query.find(doc) if search.query else ()
            lacks = "; ".join(misses(search.query, doc)) if search.query and not matches else ""
            found = ", ".join(f"“{quote}”" for quote in quotes(matches, doc))
            yield ExampleResult(text, wanted, bool(matches), lacks or f"it has {found}")


def since_of(now: datetime, days: int) -> datetime:
    """Return the beginning of a period of days."""
    return now - timedelta(days=days)


def _candidates(store: Store, search: Search) -> Iterator[Judged]:
    last, size = None, _BATCHES[0]
    while batch := store.find_items(search.asked, search.words, last, size):
        yield from batch
        last, size = batch[-1], _BATCHES[1]


def _words_of(change: ChangedVerdict) -> str:
    """Return what changes about an item, in words."""
    if change.added:
        return f"would be flagged: {' and '.join(change.added)}"
    if change.removed:
        return f"would no longer be flagged: {' and '.join(change.removed)}"
    before, after = change.before.placement, change.after.placement
    return f"{before.name.lower()} → {after.name.lower()}"


def _row(kind: RowKind, judged: Judged, found: Iterable[str], note: str) -> TrialRow:
    item, verdict = judged.item, judged.verdict
    possible = f"possibly {' or '.join(verdict.possible)}" if verdict.possible else "not flagged"
    return TrialRow(
        kind=kind,
        id=item.id,
        title=pieces_of(item.title, _spans(item.title, found)),
        source=item.feed,
        link=href(item.url),
        at=item.first_seen_at,
        flagged=" and ".join(verdict.topics) or possible,
        note=clip(sanitize(note), 200),
    )


def _spans(title: str, found: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    for quote in found:
        at = title.find(quote)
        if quote and at >= 0:
            yield at, at + len(quote), "found"


def _doc(search: Search, text: str) -> Doc:
    title, categories = title_and_categories(text)
    item = Item(
        feed="example",
        guid="",
        url="",
        title=title,
        summary="",
        first_seen_at=_NEVER,
        categories=categories,
    )
    if search.annotate is None:
        raise AssertionError("a query is annotated")
    return search.annotate(item)
