"""Count durations by size, as a histogram of Prometheus has them."""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate

#: Upper bounds in seconds, of computing and of news on its way.
COMPUTING_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
NEWS_S = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0, 10_800.0, 21_600.0, 86_400.0)


@dataclass
class Durations:
    """How many durations were at most each of `bounds`, and their sum; both only grow."""

    bounds: tuple[float, ...]
    sum_s: float = 0.0
    _counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._counts = [0] * (len(self.bounds) + 1)

    def add(self, seconds: float) -> None:
        """Count a duration; a negative one, of clocks that differ, counts as none."""
        seconds = max(seconds, 0.0)
        self._counts[bisect_left(self.bounds, seconds)] += 1
        self.sum_s += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """Return (upper bound, number of durations up to it), the last bound ``+Inf``."""
        names = (*map(str, self.bounds), "+Inf")
        return list(zip(names, map(float, accumulate(self._counts)), strict=True))
