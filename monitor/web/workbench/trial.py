"""Try a query on the items of the last days: hits, near misses with what they lack, examples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter

from monitor.jobs.search import Search, needs_engine, search_of
from monitor.match.engine import Engine
from monitor.match.query.explain import misses, quotes
from monitor.match.query.parser import QueryError, mistakes_in
from monitor.match.spans import Doc
from monitor.model import Item, ItemFilter, Judged
from monitor.render.sanitize import clip, href, sanitize
from monitor.store import Store
from monitor.web.stories.marks import Piece, pieces_of

#: Items evaluated for one trial, and the time it may take; the newest come first.
MAX_EXAMINED = 20_000
MAX_SECONDS = 3.0

#: Rows shown of each kind.
MOST_SHOWN = 60

_BATCHES = (100, 500)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """An item that the query found or nearly found; `lacks` says what is missing."""

    id: str
    title: tuple[Piece, ...]
    source: str
    link: str
    at: datetime
    flagged: str
    lacks: str = ""


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
    """The result of a trial. `reached` is how far back it came, if it was cut short."""

    hits: list[TrialRow] = field(default_factory=list)
    missed: list[TrialRow] = field(default_factory=list)
    hit_count: int = 0
    miss_count: int = 0
    unflagged: int = 0
    examined: int = 0
    by_day: Counter[str] = field(default_factory=Counter)
    reached: datetime | None = None
    mistakes: tuple[str, ...] = ()
    examples: tuple[ExampleResult, ...] = ()


def mistakes_of(source: str, engine: Engine) -> tuple[str, ...]:
    """Return every mistake of a query, with its column and a suggestion."""
    return tuple(str(error) for error in mistakes_in(source, engine.tags))


def try_query(store: Store, engine: Engine, source: str, since: datetime) -> Trial:
    """Run a query on the items first seen since then, the newest first, within `MAX_SECONDS`."""
    if mistakes := mistakes_of(source, engine):
        return Trial(mistakes=mistakes)
    try:
        search = search_of(source, ItemFilter(since=since), engine if needs_engine(source) else None)
    except QueryError as error:
        return Trial(mistakes=(str(error),))
    trial = Trial()
    end = perf_counter() + MAX_SECONDS
    for judged in _candidates(store, search):
        if trial.examined >= MAX_EXAMINED or perf_counter() > end:
            trial.reached = judged.item.first_seen_at
            break
        trial.examined += 1
        _add(trial, search, judged)
    return trial


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


def _candidates(store: Store, search: Search) -> Iterator[Judged]:
    last, size = None, _BATCHES[0]
    while batch := store.find_items(search.asked, search.words, last, size):
        yield from batch
        last, size = batch[-1], _BATCHES[1]


def _add(trial: Trial, search: Search, judged: Judged) -> None:
    if search.query is None or search.annotate is None:
        return
    doc = search.annotate(judged.item)
    matches = search.query.find(doc)
    if matches:
        trial.hit_count += 1
        trial.unflagged += not judged.verdict.topics
        trial.by_day[judged.item.first_seen_at.date().isoformat()] += 1
        if len(trial.hits) < MOST_SHOWN:
            trial.hits.append(_row(judged, quotes(matches, doc)))
        return
    lacking = misses(search.query, doc)
    if len(lacking) == 1:
        trial.miss_count += 1
        if len(trial.missed) < MOST_SHOWN:
            trial.missed.append(_row(judged, (), lacking[0]))


def _row(judged: Judged, found: Iterable[str], lacks: str = "") -> TrialRow:
    item, verdict = judged.item, judged.verdict
    possible = f"possibly {' or '.join(verdict.possible)}" if verdict.possible else "not flagged"
    return TrialRow(
        id=item.id,
        title=pieces_of(item.title, _spans(item.title, found)),
        source=item.feed,
        link=href(item.url),
        at=item.first_seen_at,
        flagged=" and ".join(verdict.topics) or possible,
        lacks=clip(sanitize(lacks), 200),
    )


def _spans(title: str, found: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    for quote in found:
        at = title.find(quote)
        if quote and at >= 0:
            yield at, at + len(quote), "found"


def _doc(search: Search, text: str) -> Doc:
    item = Item(feed="example", guid="", url="", title=text, summary="", first_seen_at=_NEVER)
    if search.annotate is None:
        raise AssertionError("a query is annotated")
    return search.annotate(item)


def since_of(now: datetime, days: int) -> datetime:
    """Return the beginning of a period of days."""
    return now - timedelta(days=days)
