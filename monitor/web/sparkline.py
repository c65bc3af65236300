"""A sparkline of items a day as one path, with gaps apart. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAYS = 30
_WIDTH, _HEIGHT = 4, 24


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Bars of the last days: paths for an SVG of 120 by 24, and the same in words."""

    bars: str
    gaps: str
    words: str


def sparkline(days: Mapping[str, int], now: datetime) -> Sparkline:
    """Return the sparkline of new items by ISO date."""
    counts = [days.get(day.isoformat(), 0) for day in last_days(now)]
    most = max(counts, default=0)
    bars, gaps = [], []
    for number, count in enumerate(counts):
        x = number * _WIDTH
        if count:
            height = max(round(count / most * (_HEIGHT - 2)), 2)
            bars.append(f"M{x} {_HEIGHT}v-{height}h{_WIDTH - 1}v{height}z")
        else:
            gaps.append(f"M{x} {_HEIGHT}v-1h{_WIDTH - 1}v1z")
    total, silent = sum(counts), counts.count(0)
    words = (
        f"{total} item{'s' * (total != 1)} in {DAYS} days, at most {most} a day,"
        f" {silent} day{'s' * (silent != 1)} without any"
    )
    return Sparkline("".join(bars), "".join(gaps), words)


def last_days(now: datetime, days: int = DAYS) -> list[date]:
    """Return the last days up to today, oldest first."""
    return [(now - timedelta(days=back)).date() for back in range(days - 1, -1, -1)]
