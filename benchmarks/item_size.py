"""Measure what an item of real news costs: ``CORPORA=folder python -m benchmarks.item_size [items] [--json FILE]``.

The folder holds ``fixtures/archive_2025-08_2026-08.jsonl.xz``: JSON Lines of title, summary, url, source and date, over a
year. An even sample of it is judged by the rules that ship, and stored in SQLite and in a PostgreSQL of our own: bytes an
item in the database and in the log of changes, and processor time to judge and to store. Full texts are not stored.
"""

import argparse
import json
import lzma
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from time import process_time

import psycopg

from benchmarks.background import ARCHIVE
from benchmarks.judging import engine
from monitor.model import Decision, Feed, Item, Judged, Placement, PollOutcome, Tier
from monitor.store import SqlStore, open_store
from tests.store.postgres import Databases, own_server

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

#: New items of a poll; a poll of real feeds brings one or two.
AT_ONCE = 2

#: Ten polls share a transaction, as on a busy worker.
FEEDS = [
    Feed(name=f"f{n}", url=f"https://h{n}.example/feed", title=f"Feed {n}", host=f"h{n}.example")
    for n in range(10)
]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=int, nargs="?", default=10_000)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the measurements there")
    options = parser.parse_args(arguments)
    items = sample(options.items)
    judged, judge_ms = judge(items)
    found = {
        "items": len(items),
        "words": mean(len(f"{each.title} {each.summary}".split()) for each in items),
        "judge_ms": judge_ms,
        "flagged_share": mean(bool(each.verdict.topics) for each in judged),
        **in_sqlite(judged),
        **in_postgresql(judged),
    }
    for name, value in found.items():
        print(f"{name}: {value:,.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), "utf-8")


def sample(count: int) -> list[Item]:
    """Return items of the archive, evenly over the year."""
    corpora = Path(os.environ.get("CORPORA", "../shared"))
    with lzma.open(corpora / ARCHIVE, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    step = max(1, len(rows) // count)
    return [_item(number, row) for number, row in enumerate(rows[::step][:count])]


def _item(number: int, row: dict[str, str]) -> Item:
    return Item(
        feed=FEEDS[number // AT_ONCE % len(FEEDS)].name,
        guid=row["url"] or str(number),
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        first_seen_at=NOW - timedelta(minutes=number),
        lang=row["lang"],
    )


def judge(items: Sequence[Item]) -> tuple[list[Judged], float]:
    """Return judged items, and the processor time of each in milliseconds."""
    judging, decision = engine(), Decision(Placement.ARCHIVE, "not flagged")
    begun = process_time()
    verdicts = [judging.judge(item, Tier.WIRE) for item in items]
    took_ms = (process_time() - begun) / len(items) * 1e3
    return [Judged(item, verdict, decision) for item, verdict in zip(items, verdicts, strict=True)], took_ms


def in_sqlite(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the bytes of an item in SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "m.db"), lock=True)
        before = _bytes_in(folder)
        fill(store, judged)
        store.close()
        return {"sqlite_bytes": (_bytes_in(folder) - before) / len(judged)}


def in_postgresql(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the bytes of an item in PostgreSQL and its log, and the processor time to store it."""
    with own_server() as server:
        url = Databases(server.url).create()
        store = open_store(url, lock=True)
        before, wal = _size(url)
        begun = process_time()
        fill(store, judged)
        took = process_time() - begun
        after, wal_after = _size(url)
        store.close()
    return {
        "postgresql_bytes": (after - before) / len(judged),
        "wal_bytes": (wal_after - wal) / len(judged),
        "store_ms": took / len(judged) * 1e3,
    }


def fill(store: SqlStore, judged: Sequence[Judged]) -> None:
    """Write items in polls of a few, a poll of each feed in a transaction."""
    store.enrol(FEEDS, NOW)
    for first in range(0, len(judged), AT_ONCE * len(FEEDS)):
        store.commit(list(_polls(store, judged[first : first + AT_ONCE * len(FEEDS)])))


def _polls(store: SqlStore, judged: Sequence[Judged]) -> Iterator[PollOutcome]:
    states = {state.feed: state for state in store.feed_states()}
    for feed, begin in zip(FEEDS, range(0, len(judged), AT_ONCE), strict=False):
        brought = tuple(judged[begin : begin + AT_ONCE])
        yield PollOutcome(state=states[feed.name], host=feed.host, host_free_at=NOW, judged=brought)


def _bytes_in(folder: str) -> int:
    return sum(path.stat().st_size for path in Path(folder).iterdir())


def _size(url: str) -> tuple[int, int]:
    """Return the bytes of a database and of the log of its server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM")
        row = connection.execute(
            "SELECT pg_database_size(current_database()), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
        ).fetchone()
    assert row
    return int(row[0]), int(row[1])


if __name__ == "__main__":
    main(sys.argv[1:])
