"""The world of a soak run: its clock, what each feed publishes, and the seeded plan of faults. Pure but for the clock.

Times are seconds since the epoch. A *day* of the plan is 86,400 s of a compressed month, and less in real time.
"""

import mmap
import struct
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from random import Random
from time import time

BEGIN = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
DAY_S = 86_400.0

#: Feeds have no faults before this day, so that all first polls are over, and none in the last days.
FIRST_FAULT_DAY = 1.0
CALM_DAYS = 1.5

#: What may be wrong with one feed for hours.
FEED_FAULTS = ("reset", "garbage", "truncated", "html", "http500", "throttled", "empty")
MAIL_FAULTS = ("closed", "421", "450", "dropped")
HOOK_FAULTS = ("closed", "500", "429", "dropped")


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which something is wrong."""

    kind: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Entry:
    """An item that a feed publishes once; news has a title that alerts."""

    number: int
    at: float
    news: bool

    @property
    def title(self) -> str:
        if self.news:
            return f"OFAC adds {self.number} companies to SDN List"
        return f"Club {self.number} wins its match in the northern league"


@dataclass(frozen=True, kw_only=True)
class World:
    """All that happens, as a function of the seed."""

    seed: int
    feeds: int
    begin: float
    day_s: float
    days: float
    kills: int
    reloads: int
    entries_per_day: float
    news_per_day: float
    real: bool = False

    @property
    def end(self) -> float:
        return self.begin + self.days * self.day_s

    @property
    def last_fault(self) -> float:
        return self.end - CALM_DAYS * self.day_s

    @cached_property
    def published(self) -> tuple[tuple[Entry, ...], ...]:
        """The entries of each feed in order of time, from three weeks before the beginning on.

        So a feed lists as many entries on the first day as on any other.
        """
        return tuple(self._entries(feed) for feed in range(self.feeds))

    def _entries(self, feed: int) -> tuple[Entry, ...]:
        random, at = Random(f"{self.seed} feed {feed}"), self.begin - 21 * self.day_s
        share = self.news_per_day / (self.feeds * self.entries_per_day)
        entries: list[Entry] = []
        while at < self.end:
            at += self.day_s * random.expovariate(self.entries_per_day)
            number = 100_000 + len(entries) * self.feeds + feed
            entries.append(Entry(number, at, random.random() < share))
        return tuple(entries)

    def listed(self, feed: int, now: float, window: int = 15) -> tuple[Entry, ...]:
        """Return the entries that a feed lists, newest first."""
        entries = self.published[feed]
        count = bisect_right(entries, now, key=lambda entry: entry.at)
        return tuple(reversed(entries[max(count - window, 0) : count]))

    def feed_fault(self, feed: int, now: float) -> str:
        """Return what is wrong with a feed now, or nothing."""
        if not self.begin + FIRST_FAULT_DAY * self.day_s <= now < self.last_fault:
            return ""
        day = int((now - self.begin) // self.day_s)
        random = Random(f"{self.seed} {feed} {day}")
        if random.random() > 0.2:
            return ""
        kind, begin, length = random.choice(FEED_FAULTS), random.random() * 0.8, random.uniform(0.05, 0.4)
        if random.random() < 0.02:
            kind = "slow"
        part = (now - self.begin) / self.day_s - day
        return kind if begin <= part < begin + length else ""

    @cached_property
    def network(self) -> tuple[Window, ...]:
        """When no feed can be reached."""
        return self._windows("network", 6, ("refused",), 0.04, 0.25)

    @cached_property
    def mail(self) -> tuple[Window, ...]:
        """When the mail server takes nothing."""
        return self._windows("mail", 12, MAIL_FAULTS, 0.02, 0.4)

    @cached_property
    def hook(self) -> tuple[Window, ...]:
        """When the webhook takes nothing."""
        return self._windows("hook", 12, HOOK_FAULTS, 0.02, 0.4)

    @cached_property
    def disk(self) -> tuple[Window, ...]:
        """When the disk of the database is full."""
        return self._windows("disk", 5, ("full",), 0.02, 0.15)

    @cached_property
    def skews(self) -> tuple[Window, ...]:
        """When the clock of the program is wrong; the kind is by how many hours of the plan."""
        return self._windows("clock", 8, ("-0.5", "-3", "2", "9"), 0.02, 0.3)

    @cached_property
    def kill_times(self) -> tuple[float, ...]:
        """When the process is killed: in the first half, so that one process then lives long."""
        random, first = Random(f"{self.seed} kill"), FIRST_FAULT_DAY
        days = sorted(random.uniform(first, self.days / 2) for _ in range(self.kills))
        return tuple(self.begin + day * self.day_s for day in days)

    @cached_property
    def reload_times(self) -> tuple[float, ...]:
        """When the configuration is read again; every fifth time it has a mistake."""
        random = Random(f"{self.seed} reload")
        last = self.days - CALM_DAYS
        days = sorted(random.uniform(FIRST_FAULT_DAY, last) for _ in range(self.reloads))
        return tuple(self.begin + day * self.day_s for day in days)

    def _windows(
        self, name: str, count: int, kinds: tuple[str, ...], shortest: float, longest: float
    ) -> tuple[Window, ...]:
        """Return one window in each of so many equal parts of the run, its length in days."""
        random = Random(f"{self.seed} {name}")
        whole = self.days - CALM_DAYS - FIRST_FAULT_DAY
        count = max(1, round(count * min(1, whole / 12)))
        part = whole / count
        windows = []
        for number in range(count):
            length = min(random.uniform(shortest, longest), part * 0.8)
            begin = FIRST_FAULT_DAY + number * part + random.uniform(0, part - length)
            kind = kinds[(number + random.randrange(2)) % len(kinds)]
            start = self.begin + begin * self.day_s
            windows.append(Window(kind, start, start + length * self.day_s))
        return tuple(windows)


def current(windows: tuple[Window, ...], now: float) -> str:
    """Return the kind of the window that is open now, or nothing."""
    return next((each.kind for each in windows if each.begin <= now < each.end), "")


class SharedClock:
    """The time that all processes of a run share, in a mapped file: true time, error of the program's clock, generation.

    In real time the true time is that of the machine. The generation counts the processes of the service.
    """

    _FORM = struct.Struct("ddd")

    def __init__(self, memory: mmap.mmap, real: bool) -> None:
        self._memory, self.real = memory, real

    @property
    def true(self) -> float:
        return time() if self.real else self._read()[0]

    @property
    def skew(self) -> float:
        return self._read()[1]

    @property
    def generation(self) -> int:
        return int(self._read()[2])

    def set(
        self, *, true: float | None = None, skew: float | None = None, generation: int | None = None
    ) -> None:
        """Write some of the values; each has one writer."""
        for number, value in enumerate((true, skew, generation)):
            if value is not None:
                self._memory[number * 8 : number * 8 + 8] = struct.pack("d", value)

    def __call__(self) -> datetime:
        """Return the time that the program believes it is."""
        return datetime.fromtimestamp(self.true + self.skew, UTC)

    def _read(self) -> tuple[float, float, float]:
        return self._FORM.unpack(self._memory[: self._FORM.size])


@contextmanager
def shared_clock(path: Path, *, real: bool) -> Iterator[SharedClock]:
    """Open the clock in a file, which is made if it is missing."""
    if not path.exists():
        path.write_bytes(bytes(SharedClock._FORM.size))
    with path.open("r+b") as file, mmap.mmap(file.fileno(), SharedClock._FORM.size) as memory:
        yield SharedClock(memory, real)
