"""How soon the feeds of a killed worker are polled again."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kill:
    """A worker was killed at a time of the monotonic clock, while it polled `feeds`.

    `led` says whether it made the ticks of all.
    """

    at: float
    led: bool
    feeds: tuple[int, ...]


def waits(at: float, feeds: Sequence[int], times: Mapping[int, Sequence[float]]) -> list[float]:
    """Return the seconds from a time until each feed was polled next, in order; infinite if it never was."""
    found = []
    for feed in feeds:
        polled = times.get(feed, ())
        next_poll = bisect_right(polled, at)
        found.append(polled[next_poll] - at if next_poll < len(polled) else float("inf"))
    return sorted(found)


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile of sorted values by nearest rank."""
    return values[min(len(values) - 1, int(len(values) * share))]


def print_recovery(kills: Sequence[Kill], times: Mapping[str, Sequence[float]], lease_s: float) -> None:
    """Print how long feeds waited for a poll after each kill, and after all, against the lease."""
    polled = {int(feed): each for feed, each in times.items()}
    for kill in kills:
        own, all_feeds = waits(kill.at, kill.feeds, polled), waits(kill.at, tuple(polled), polled)
        role = "worker with the ticks" if kill.led else "worker"
        longest = f"after at most {own[-1]:.1f} s" if own else "-"
        print(
            f"killed a {role} that polled {len(own)} feeds: these again {longest},"
            f" all feeds after at most {all_feeds[-1]:.1f} s"
        )
    own = sorted(wait for kill in kills for wait in waits(kill.at, kill.feeds, polled))
    every = sorted(wait for kill in kills for wait in waits(kill.at, tuple(polled), polled))
    for name, found in (("feeds of the killed", own), ("all feeds", every)):
        if found:
            print(
                f"{len(kills)} kills, {name}: polled again within p50 {percentile(found, 0.5):.1f} s,"
                f" p99 {percentile(found, 0.99):.1f} s, at most {found[-1]:.1f} s; lease {lease_s:.0f} s"
            )
