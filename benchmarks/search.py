"""Measure searches of the archive: ``python -m benchmarks.search [items [URL]]``.

The archive is made up: words by a Zipf-like law, every fifth item with a common word, every thousandth with a rare
one, every twentieth with an event. Without a URL it is in SQLite in a temporary folder; a PostgreSQL database must be
empty. Filling takes 2 ms an item.
"""

import resource
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from monitor.jobs.search import SearchProgress, run_search, search_of
from monitor.model import (
    Credibility,
    Decision,
    Event,
    Feed,
    Item,
    ItemFilter,
    Judged,
    Placement,
    PollOutcome,
    Verdict,
)
from monitor.store import SqlStore, open_store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BATCH = 500
VOCABULARY = 200_000
EVENT = Event(topic="arms", type="contract", stage="contract", polarity="acquire", severity=4)
DECISION = Decision(Placement.ARCHIVE, "not flagged")

SEARCHES: dict[str, tuple[str, ItemFilter]] = {
    "a common word": ("sanctions", ItemFilter()),
    "a rare word": ("howitzers", ItemFilter()),
    "the beginning of a word": ("howitz*", ItemFilter()),
    "two words near one another": ("w5 NEAR/3 w6", ItemFilter()),
    "a word without another": ("sanctions NOT howitzers", ItemFilter()),
    "a severity": ("", ItemFilter(min_severity=4)),
    "a severity that no item has": ("", ItemFilter(min_severity=5)),
    "the same in the last two days": ("", ItemFilter(min_severity=5, since=NOW - timedelta(days=2))),
    "a common word, and that severity": ("sanctions", ItemFilter(min_severity=5)),
    "near misses, of which there are none": ("", ItemFilter(possible=True)),
}


def main(items: int, url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(url or str(Path(folder) / "m.db"), lock=True)
        fill(store, items)
        size_mb = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        print(f"{store.database.label}: {items:,} items{f', {size_mb:.0f} MB' if size_mb else ''}")
        for name, (query, asked) in SEARCHES.items():
            measure(store, name, query, asked)
        store.close()


def measure(store: SqlStore, name: str, query: str, asked: ItemFilter) -> None:
    """Print the time to the 20 newest items, how many were evaluated, and the most memory so far."""
    progress, start = SearchProgress(), perf_counter()
    found = sum(1 for _ in run_search(store, search_of(query, asked), 20, progress))
    took, memory = perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  {name:38} {found:3} found, {progress.examined:6,} evaluated, {took:7.3f} s, {memory} MB")


def fill(store: SqlStore, items: int) -> None:
    """Write made-up items, one a minute, the last one now."""
    feed = Feed(name="wire", url="https://wire.example/feed", title="A wire", host="wire.example")
    store.enrol([feed], NOW)
    random = Random(1)
    words = [f"w{int(random.paretovariate(0.6)) % VOCABULARY}" for _ in range(400_000)]
    for first in range(0, items, BATCH):
        (state,) = store.feed_states()
        made = tuple(
            judged(number, items, random.choices(words, k=40)) for number in range(first, first + BATCH)
        )
        store.commit([PollOutcome(state=state, host=feed.host, host_free_at=NOW, judged=made)])


def judged(number: int, items: int, words: list[str]) -> Judged:
    """Return an item with these words and a verdict."""
    common, rare = "sanctions " * (number % 5 == 0), "howitzers " * (number % 1_000 == 0)
    item = Item(
        feed="wire",
        guid=f"{number}",
        url=f"https://wire.example/{number}",
        title=f"{common}{rare}{' '.join(words[:10])}",
        summary=" ".join(words[10:]),
        first_seen_at=NOW - timedelta(minutes=items - number),
    )
    event = EVENT if number % 20 == 0 else None
    return Judged(item, verdict(event), DECISION)


def verdict(event: Event | None) -> Verdict:
    return Verdict(
        topics=("arms",) if event else (),
        relevance={"sanctions": 0, "arms": 75 if event else 0},
        event=event,
        background=(),
        entities=(),
        evidence=(),
        penalties=(),
        credibility=Credibility("B", 80, ("wire or major paper",)),
        rules=(),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000, sys.argv[2] if sys.argv[2:] else "")
