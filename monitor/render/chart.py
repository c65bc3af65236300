"""How many alerts the last days had, as bars that need no picture."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.model import Tally

DAYS = 30
STEPS = " ▁▂▃▄▅▆▇█"
NONE = "·"


@dataclass(frozen=True, slots=True)
class Bars:
    """A topic's alerts day by day, oldest first; the highest of all topics' bars has `height` 1.0.

    `most` is the highest number, first reached on `peak`.
    """

    topic: str
    counts: tuple[int, ...]
    heights: tuple[float, ...]
    total: int
    most: int
    peak: date

    @property
    def blocks(self) -> str:
        """The bars as block characters; even one alert can be seen."""
        steps = len(STEPS) - 1
        return "".join(STEPS[max(1, round(height * steps))] if height else NONE for height in self.heights)


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of every topic that had an alert, over the same local dates."""

    first: date
    last: date
    topics: tuple[Bars, ...]


def chart_of(history: Iterable[Tally], last: date) -> Chart:
    """Return the chart of the days up to and with `last`; without topics if nothing was raised in them."""
    days = [last - timedelta(days=ago) for ago in reversed(range(DAYS))]
    found: dict[str, dict[date, int]] = defaultdict(lambda: dict.fromkeys(days, 0))
    for tally in history:
        if days[0] <= (day := date.fromisoformat(tally.day)) <= last:
            found[tally.topic][day] += tally.alerts
    top = max((count for counts in found.values() for count in counts.values()), default=0)
    ordered = sorted(found.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return Chart(days[0], last, tuple(_bars(topic, counts, top) for topic, counts in ordered))


def _bars(topic: str, counts: dict[date, int], top: int) -> Bars:
    values = tuple(counts.values())
    peak = max(counts, key=lambda day: counts[day])
    return Bars(topic, values, tuple(n / top for n in values), sum(values), max(values), peak)
