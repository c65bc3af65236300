"""Similarity of items within and between sources: the basis of the drift detector.

    CORPORA=folder python benchmarks/drift.py

Needs ``evaluation/pool.jsonl`` in the folder. Each source with 60 items or more has 40 in its profile; then 20 more of its
own, and 20 of every other source, are compared with what is usual.
"""

import json
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from monitor.feeds.profile import drift
from monitor.model import ContentProfile, Item

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def main() -> None:
    sources: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for line in (Path(os.environ["CORPORA"]) / "evaluation/pool.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        item = Item(
            feed="f",
            guid=row["id"],
            url=row["url"] or "",
            title=row["title"] or "",
            summary=row["summary"] or "",
            first_seen_at=NOW,
        )
        sources[row["lang"], row["source"]].append(item)
    large = {name: items for name, items in sources.items() if len(items) >= 60}
    usual = {
        name: drift.with_items(ContentProfile(), items[:40], drift.FADING_USUAL)
        for name, items in large.items()
    }
    lately = {
        name: drift.with_items(ContentProfile(), items[40:60], drift.FADING_LATELY)
        for name, items in large.items()
    }
    found: dict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    for one in large:
        for other in large:
            relation = "same source" if one == other else "same language" if one[0] == other[0] else "another"
            before, after = usual[one], lately[other]
            share = drift._common_share(before.words, before.weight, after.words, after.weight)
            known = drift._known_share(before.words, after.words)
            found[relation].append((share, known, bool(drift.drift(before, after))))
    for relation, rows in found.items():
        words, long = [row[0] for row in rows], [row[1] for row in rows]
        print(
            f"{relation:14} {len(rows):4} pairs  words as usual {min(words):.2f}-{max(words):.2f}"
            f"  long words known {min(long):.2f}-{max(long):.2f}  taken for drift {sum(row[2] for row in rows)}"
        )


if __name__ == "__main__":
    main()
