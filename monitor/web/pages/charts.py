"""Charts: stories by day, who sanctions whom, systems by stage, and how long news takes to arrive."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response
from markupsafe import Markup

from monitor.model import AlertTimes
from monitor.render.terms import DIRECTIONS
from monitor.web.base import WebContext
from monitor.web.charts import stacked_bars
from monitor.web.render import show
from monitor.web.sparkline import last_days

from .common import DeskRouter, Web

router = DeskRouter()

#: Periods that can be chosen, in days.
PERIODS = {"7d": 7, "30d": 30, "90d": 90}

#: The directions of each series; their order is that of the colours.
SERIES = (("impose",), ("relax",), ("enforce", "evade", "halt"), ("acquire", "supply"))

_ROWS, _COLUMNS = 10, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A chart with its key and its table: `rows` are (day, counts), newest first."""

    id: str
    title: str
    svg: Markup
    key: tuple[tuple[str, int], ...]
    rows: tuple[tuple[date, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Counts by two ids; each cell is (count, shade 0 to 4, address of its stories)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int, str], ...]], ...]


@router.get("/charts")
async def charts(request: Request, web: Web, since: str = "30d") -> Response:
    """Show the charts of a period."""
    if since not in PERIODS:
        raise HTTPException(422, f"since: write one of {', '.join(PERIODS)}")
    return await show(request, web, "charts", _context, web, since)


def _context(web: WebContext, since: str) -> Mapping[str, Any]:
    now = web.clock()
    begin = datetime.combine(
        (now - timedelta(days=PERIODS[since] - 1)).date(), datetime.min.time(), now.tzinfo
    )
    days = last_days(now, PERIODS[since])
    store, engine = web.store, web.policy.engine
    names = {tag: entry.name for tag, entry in engine.lexicon.entries.items()} if engine else {}
    return {
        "since": since,
        "periods": tuple(PERIODS),
        "bars": _bars(days, store.stories_by_day("polarity", begin)),
        "sanctions": _matrix(store.facet_counts("imposer>target", begin), "authority", "party", since, names),
        "systems": _matrix(store.facet_counts("system>stage", begin), "party", "", since, names),
        "latencies": _latencies(store.alert_times(begin)),
    }


def _bars(days: Sequence[date], counts: Mapping[tuple[str, str], int]) -> Bars:
    series = {_series_name(directions): [0] * len(days) for directions in SERIES}
    names = {each: _series_name(directions) for directions in SERIES for each in directions}
    place = {day.isoformat(): number for number, day in enumerate(days)}
    for (day, polarity), count in counts.items():
        if polarity in names and day in place:
            series[names[polarity]][place[day]] += count
    title = "Stories a day, by direction"
    svg = stacked_bars(
        days,
        series,
        id="c1",
        title=title,
        desc="Stacked bars, one a day. The table below has the same figures.",
    )
    rows = tuple((day, tuple(each[number] for each in series.values())) for number, day in enumerate(days))
    return Bars(
        id="c1",
        title=title,
        svg=Markup(svg),  # noqa: S704  made by us; its labels are escaped
        key=tuple((name, sum(each)) for name, each in series.items()),
        rows=rows[::-1],
    )


def _series_name(directions: Sequence[str]) -> str:
    """Return "enforces, evades or stops"."""
    *others, last = (DIRECTIONS[each] for each in directions)
    return f"{', '.join(others)} or {last}" if others else last


def _matrix(
    counts: Mapping[str, int], row_filter: str, column_filter: str, since: str, names: Mapping[str, str]
) -> Matrix:
    """Return the most frequent rows and columns of counts by "row column"; `names` are those of ids."""
    pairs = {tuple(key.split(" ", 1)): count for key, count in counts.items() if " " in key}
    rows, columns = Counter[str](), Counter[str]()
    for (row, column), count in pairs.items():
        rows[row] += count
        columns[column] += count
    shown = [name for name, _ in columns.most_common(_COLUMNS)]
    most = max(pairs.values(), default=1)
    table = []
    for row, _ in rows.most_common(_ROWS):
        cells = []
        for column in shown:
            count = pairs.get((row, column), 0)
            query = {row_filter: row, "since": since, "view": "all"} | (
                {column_filter: column} if column_filter else {}
            )
            shade = 0 if not count else min(1 + count * 3 // most, 4)
            cells.append((count, shade, f"/stories?{urlencode(query)}"))
        table.append((_label(row, names), tuple(cells)))
    return Matrix(columns=tuple(_label(each, names) for each in shown), rows=tuple(table))


def _label(id: str, names: Mapping[str, str]) -> str:
    """Return what an id names: by the lexicon, else the id without its kind."""
    return names.get(id) or id.partition(":")[2].replace("_", " ") or id.replace("_", " ")


def _latencies(times: Sequence[AlertTimes]) -> tuple[tuple[str, int, timedelta, timedelta], ...]:
    """Return (step, how many, median, 90th percentile) of each step from publication to delivery."""
    steps = {
        "published → seen": [t.seen_at - t.published_at for t in times if t.published_at],
        "seen → raised": [t.raised_at - t.seen_at for t in times],
        "raised → sent": [t.sent_at - t.raised_at for t in times if t.sent_at],
    }
    found = []
    for name, unsorted in steps.items():
        waits = sorted(max(wait, timedelta()) for wait in unsorted)
        if waits:
            found.append((name, len(waits), waits[len(waits) // 2], waits[len(waits) * 9 // 10]))
    return tuple(found)
