"""Measure whether costs stay flat as a service grows: ``python -m benchmarks.growth [KIND=SIZE,SIZE …] [--json FILE]``.

Kinds: ``stories`` (processor time to find the story of an item, by open stories), ``items`` (to recall and commit a new item,
by stored items), ``feeds`` (to find a due feed and to commit its unchanged poll, by feeds that are idle, and to ask when
nothing is due). All on SQLite in a temporary folder, by made-up items. How costs grow with names is measured by `tagging`.
Filling a store takes 2 ms an item.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks import search, store, stories
from benchmarks.judging import engine
from monitor.model import Feed, FeedState, PollOutcome
from monitor.store import SqlStore, open_store

NOW = search.NOW
SIZES = {
    "stories": (0, 1_000, 10_000, 100_000),
    "items": (1_000, 10_000, 100_000),
    "feeds": (1_000, 10_000, 100_000),
}
ROUNDS = 9
AT_ONCE = 50
EVERY = timedelta(minutes=10)

Costs = dict[str, dict[str, float]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", metavar="KIND=SIZE,SIZE")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    results: dict[str, Costs] = {}
    for kind, sizes in (_sizes(options.sizes) or SIZES).items():
        results[kind] = KINDS[kind](sizes)
        _print(kind, results[kind])
        if options.json:
            options.json.write_text(json.dumps(results, indent=2), "utf-8")


def _sizes(given: Sequence[str]) -> dict[str, tuple[int, ...]]:
    pairs = (each.split("=") for each in given)
    return {kind: tuple(map(int, sizes.split(","))) for kind, sizes in pairs}


def among_stories(sizes: Sequence[int]) -> Costs:
    """Return the cost of an item by open stories."""
    context = engine()
    return {str(count): {"item_ms": stories.cost_ms(count, context)} for count in sizes}


def among_items(sizes: Sequence[int]) -> Costs:
    """Return the cost of new items by stored items; each store is filled anew."""
    return {str(count): _new_items(count) for count in sizes}


def _new_items(count: int) -> dict[str, float]:
    with opened() as kept:
        search.fill(kept, count)
        (state,) = kept.feed_states()
        polls = [store.poll(state, AT_ONCE, run) for run in range(2 * ROUNDS)]
        recall = timed(lambda n: kept.recall_items(state.feed, [each.item for each in polls[n].judged]))
        commit = timed(lambda n: kept.commit([polls[n]]))
        return {"recall_ms": recall / AT_ONCE, "commit_ms": commit / AT_ONCE}


def among_feeds(sizes: Sequence[int]) -> Costs:
    """Return the cost of a due feed by idle feeds."""
    return {str(count): _due_feeds(count) for count in sizes}


def _due_feeds(count: int) -> dict[str, float]:
    with opened() as kept:
        _enrol_idle(kept, count)
        asked = timed(lambda n: kept.due_shards(NOW))
        soon = timed(lambda n: kept.next_due())
        rounds = iter(range(1, 2 * ROUNDS + 1))
        polls: list[PollOutcome] = []

        def find(_: int) -> None:
            polls.clear()
            now = NOW + next(rounds) * AT_ONCE * EVERY / count
            due = kept.due_feeds(kept.due_shards(now), now)
            polls.extend(_unchanged(state, count) for state in due)

        def one(n: int) -> tuple[float, float, int]:
            found = seconds(lambda: find(n))
            committed = seconds(lambda: kept.commit(polls))
            return found / len(polls) * 1e3, committed / len(polls) * 1e3, len(polls)

        costs = [one(n) for n in range(ROUNDS)]
        return {
            "find_ms": median(each[0] for each in costs),
            "commit_ms": median(each[1] for each in costs),
            "none_due_ms": asked,
            "next_due_ms": soon,
        }


def _enrol_idle(kept: SqlStore, count: int) -> None:
    """Enrol feeds that are due one after another over ten minutes, each on a host of its own."""
    names = [f"f{number}" for number in range(count)]
    feeds = [Feed(name=n, url=f"https://{n}.example/feed", title=n, host=f"{n}.example") for n in names]
    kept.enrol(feeds, NOW)
    states = {state.feed: state for state in kept.feed_states()}
    outcomes = [_unchanged(states[name], count, place) for place, name in enumerate(names, 1)]
    for first in range(0, count, 500):
        kept.commit(outcomes[first : first + 500])


def _unchanged(state: FeedState, count: int, place: int = 0) -> PollOutcome:
    """Return a poll without news; the feed is due again in ten minutes, or at its first place in them."""
    again = NOW + EVERY * place / count if place else (state.next_poll_at or NOW) + EVERY
    polled = replace(state, polled_at=NOW, good_at=NOW, etag='"1"', health="ok", next_poll_at=again)
    return PollOutcome(state=polled, host=f"{state.feed}.example", host_free_at=NOW)


@contextmanager
def opened() -> Iterator[SqlStore]:
    """Open an empty store in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        kept = open_store(str(Path(folder) / "m.db"), lock=True)
        yield kept
        kept.close()


def timed(work: Callable[[int], object]) -> float:
    """Return the median of the processor milliseconds of some rounds."""
    return median(seconds(lambda n=n: work(n)) for n in range(ROUNDS)) * 1e3


def seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _print(kind: str, costs: Mapping[str, Mapping[str, float]]) -> None:
    print(kind)
    for count, each in costs.items():
        print(
            f"  {int(count):>9,}  {'  '.join(f'{name} {value:.3f}' for name, value in each.items())}",
            flush=True,
        )


KINDS: dict[str, Callable[[Sequence[int]], Costs]] = {
    "stories": among_stories,
    "items": among_items,
    "feeds": among_feeds,
}

if __name__ == "__main__":
    main(sys.argv[1:])
