"""The sizes in the database of a soak run: of each table with its indexes, and of what no retention removes."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.soak_world import World

#: The tables from which no retention removes a row.
PERMANENT = (
    "alerts", "stories", "story_rows", "story_facets", "deliveries", "attempts", "digests", "digest_alerts", "rule_files",
)  # fmt: skip

#: Pages that are to be used again.
FREE = "free pages"

Sizes = Mapping[str, float]


def sizes_mb(database: Path) -> Sizes:
    """Return the size of each table with its indexes, and of the free pages, in MB."""
    query = (
        "select m.tbl_name, sum(s.pgsize) / 1e6 from dbstat('main', 1) s join sqlite_master m on m.name = s.name"
        " group by m.tbl_name"
    )
    with closing(_opened(database)) as connection:
        sizes: dict[str, float] = dict(connection.execute(query).fetchall())
        (free,), (page,) = (
            connection.execute(f"pragma {each}").fetchone() for each in ("freelist_count", "page_size")
        )
    return sizes | {FREE: free * page / 1e6}


def permanent_mb(database: Path, sizes: Sizes) -> float:
    """Return the size of what no retention removes: alerts and their items, stories, records of delivery.

    The texts of recent messages are in it; there are as many on one day as on another.
    """
    with closing(_opened(database)) as connection:
        of_alerts, count = connection.execute(
            "select (select count(distinct item) from alerts), (select max(count(*), 1) from items)"
        ).fetchone()
    own = sum(sizes.get(name, 0.0) for name in PERMANENT)
    return float(own + sizes.get("items", 0.0) * of_alerts / count)


def items_and_late(database: Path, world: World) -> tuple[int, int]:
    """Return how many items there are, and how many of them should have been deleted.

    They are kept for five days, and as long as their feed lists them: one that a newer item drove out only
    since the last tidying is not late yet.
    """
    oldest, tidied = (
        datetime.fromtimestamp(world.end - days * world.day_s, UTC).isoformat() for days in (7, 2)
    )
    query = (
        "select count(*), sum(i.last_seen_at < ? and i.last_seen_at < f.read_at"
        " and not exists (select 1 from alerts a where a.item = i.id)"
        " and exists (select 1 from items j where j.feed = i.feed"
        " and j.first_seen_at > i.last_seen_at and j.first_seen_at < ?))"
        " from items i join feeds f on f.feed = i.feed"
    )
    with closing(_opened(database)) as connection:
        items, late = connection.execute(query, (oldest, tidied)).fetchone()
    return items, late


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True)
