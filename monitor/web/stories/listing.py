"""Collect what the list of stories shows, from the store: rows, counts, saved views, and the first run."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from monitor.jobs.policy import Policy
from monitor.match.query.parser import QueryError
from monitor.model import Alert, StoryFilter, StoryRow, StoryView
from monitor.store import Store

from .filters import ListRequest
from .rows import AlertView, RowView, alert_view, row_view
from .search import Search, plain_search, search_of

#: Stories counted exactly; more are shown as "1,000+".
MOST_COUNTED = 1_000

#: Stories tested one by one for a query about more than words.
MOST_TESTED = 400

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of the list; `next` is the cursor of the page behind it."""

    request: ListRequest
    days: tuple[tuple[str, tuple[RowView, ...]], ...]
    count: int
    counts: dict[str, int]
    next: str = ""
    mistakes: tuple[str, ...] = ()
    cut_off: bool = False

    @property
    def rows(self) -> tuple[RowView, ...]:
        """All rows of the page."""
        return tuple(row for _, rows in self.days for row in rows)


@dataclass(frozen=True, slots=True)
class FoundStories:
    """Stories that fit, and the place behind which the next page begins; 0 at the end."""

    rows: tuple[StoryRow, ...]
    next: int


#: Alerts of which the shown part is kept.
_MOST_KEPT = 2_000


@dataclass
class AlertViews:
    """The shown parts of the alerts shown last, by their places in the match sequence."""

    _kept: OrderedDict[int, AlertView] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, alert: Alert) -> AlertView:
        """Return what a row shows of an alert."""
        with self._lock:
            found = self._kept.get(alert.seq)
        if found is None:
            found = alert_view(alert)
            with self._lock:
                self._kept[alert.seq] = found
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
        return found


def listing(store: Store, policy: Policy, request: ListRequest, now: datetime, views: AlertViews) -> Listing:
    """Return the page of the list that a request asks for."""
    filter, search, mistakes = searched(policy, request)
    found, count = FoundStories((), 0), 0
    if not mistakes:
        found = find_stories(store, filter, search, request.before, request.limit)
        is_exact = search is None or search.exact
        count = store.count_stories(filter, MOST_COUNTED) if is_exact else len(found.rows)
    silences = store.silences(now)
    shown = tuple(row_view(row, now, silences, views.of) for row in found.rows)
    return Listing(
        request=request,
        days=_by_day(shown),
        count=count,
        counts={view: store.count_stories(replace(filter, view=view), MOST_COUNTED) for view in StoryView},
        next=request.cursor(found.next) if found.next else "",
        mistakes=(*request.mistakes, *mistakes),
        cut_off=found.next > 0 and len(found.rows) < request.limit,
    )


def searched(policy: Policy, request: ListRequest) -> tuple[StoryFilter, Search | None, tuple[str, ...]]:
    """Return the filter with the request's search in it, the search, and the mistake in it."""
    if not request.search:
        return request.filter, None, ()
    if policy.engine is None:
        return replace(request.filter, words=plain_search(request.search)), None, ()
    try:
        search = search_of(request.search, policy.engine)
    except QueryError as error:
        return request.filter, None, (f"q: {error}",)
    return replace(request.filter, words=search.words), search, ()


def find_stories(
    store: Store, filter: StoryFilter, search: Search | None, before: int, limit: int
) -> FoundStories:
    """Return the newest stories that fit; at most `MOST_TESTED` are tested one by one."""
    found, tested = list[StoryRow](), 0
    is_exact = search is None or search.exact
    size = limit + 1 if is_exact else _BATCH
    while True:
        batch = store.story_rows(filter, before, size)
        for row in batch:
            if len(found) == limit:
                return FoundStories(tuple(found), before)
            before = row.seq
            if search is None or search.holds(row.alert.item):
                found.append(row)
        tested += len(batch)
        if len(batch) < size:
            return FoundStories(tuple(found), 0)
        if tested >= MOST_TESTED:
            return FoundStories(tuple(found), before)


def _by_day(rows: Sequence[RowView]) -> tuple[tuple[str, tuple[RowView, ...]], ...]:
    days: dict[str, list[RowView]] = {}
    for row in rows:
        days.setdefault(f"{row.at:%A %-d %B %Y}", []).append(row)
    return tuple((day, tuple(each)) for day, each in days.items())
