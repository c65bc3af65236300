"""Judge a year of general news with all rules: ``CORPORA=folder python -m benchmarks.archive [items] [--json FILE]``.

The folder holds ``fixtures/archive_2025-08_2026-08.jsonl.xz``. Measured is the processor time of one process to judge the
items, each once and with words it has not met, as `replay` does.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from benchmarks.item_size import judge, sample


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    items = sample(options.items)
    judged, item_ms = judge(items)
    found = {
        "items": len(items),
        "characters": mean(len(item.title) + len(item.summary) for item in items),
        "flagged": sum(bool(each.verdict.topics) for each in judged),
        "seconds": item_ms * len(items) / 1e3,
    }
    print(
        f"{found['items']:,} items of {found['characters']:,.0f} characters, {found['flagged']:,} flagged:"
        f" {found['seconds']:,.1f} s of processor, {item_ms:.3f} ms each"
    )
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
