"""How well the built-in rules find English news: precision, recall and F1 on labelled items, as the README tells it.

    CORPORA=folder python benchmarks/detection.py

The folder holds ``evaluation/dev.jsonl``: JSON Lines of title, summary, lang, sanctions, arms and unsure. Items of other
languages and unsure ones are left out; nothing is weighted.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from monitor.config import Settings
from monitor.model import Item, Tier
from monitor.rulebook import rulebook

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def main() -> None:
    """Print one line a topic."""
    path = Path(os.environ.get("CORPORA", "../shared"), "evaluation/dev.jsonl")
    if not path.is_file():
        print(f"{path} is not there: name the folder of labelled news with CORPORA")
        return
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["lang"] == "en" and not row["unsure"]]
    engine = rulebook(Settings()).engine
    found = [
        set(engine.judge(Item("f", row["id"], "", row["title"], row["summary"], NOW), Tier.WIRE).topics)
        for row in rows
    ]
    for topic in ("sanctions", "arms"):
        pairs = [(bool(row[topic]), topic in topics) for row, topics in zip(rows, found, strict=True)]
        hits, false, missed = (pairs.count(p) for p in ((True, True), (False, True), (True, False)))
        precision, recall = hits / max(hits + false, 1), hits / max(hits + missed, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(f"{topic}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} of {len(rows)} items")


if __name__ == "__main__":
    sys.exit(main())
