"""Count the alerts of the last 30 days as bars of text or table cells."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.model import Tally

DAYS = 30
STEPS = " ▁▂▃▄▅▆▇█"
NONE = "·"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A topic's alerts a day, oldest first; `heights` are in [0, 1], 1.0 is the highest bar of all topics.

    `most` is the highest number of a day, `peak` the first day that has it.
    """

    topic: str
    counts: tuple[int, ...]
    heights: tuple[float, ...]
    total: int
    most: int
    peak: date

    @property
    def blocks(self) -> str:
        """The bars as block characters; a day with one alert has a visible bar."""
        steps = len(STEPS) - 1
        return "".join(STEPS[max(1, round(height * steps))] if height else NONE for height in self.heights)


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of every topic that had an alert, over the same local dates."""

    first: date
    last: date
    topics: tuple[Bars, ...]


def chart_of(history: Iterable[Tally], last: date) -> Chart:
    """Return the chart of the 30 days that end with `last`; it has no topics if there was no alert."""
    days = [last - timedelta(days=ago) for ago in reversed(range(DAYS))]
    found: dict[str, dict[date, int]] = defaultdict(lambda: dict.fromkeys(days, 0))
    for tally in history:
        if days[0] <= (day := date.fromisoformat(tally.day)) <= last:
            found[tally.topic][day] += tally.alerts
    top = max((count for counts in found.values() for count in counts.values()), default=0)
    ordered = sorted(found.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return Chart(days[0], last, tuple(_bars(topic, counts, top) for topic, counts in ordered))


def _bars(topic: str, counts: dict[date, int], top: int) -> Bars:
    by_day = tuple(counts.values())
    return Bars(
        topic=topic,
        counts=by_day,
        heights=tuple(number / top for number in by_day),
        total=sum(by_day),
        most=max(by_day),
        peak=max(counts, key=lambda day: counts[day]),
    )
