"""Rebuild ``seeds/story_terms.txt.gz``, the weights in bits of the terms of news about sanctions and arms.

    CORPORA=folder python -m benchmarks.story_terms

The folder holds the files that `benchmarks.background` reads. Counted are the items of the archive that the engine
flags, but for 8 to 20 December 2025, which are kept for measuring, and the labelled items of other languages. The output
has terms that occur in four items or more, with minus the binary logarithm of their share, to the half bit.
"""

import gzip
import json
import lzma
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log2
from pathlib import Path

from monitor.app.grouping import grouping_model
from monitor.match.engine import Engine
from monitor.model import Item, Tier, Verdict
from monitor.resources import SEEDS
from monitor.stories.fingerprint import fingerprint_of

from .background import ARCHIVE
from .judging import NOW, engine

FEWEST = 4
KEPT = ("2025-12-08", "2025-12-21")
LABELLED = ("dev", "fresh_dev")


def flagged(context: Engine, corpora: Path) -> Iterator[tuple[Item, Verdict]]:
    """Yield the items of the archive that are flagged, or nearly, outside the days that are kept."""
    with lzma.open(corpora / ARCHIVE, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not KEPT[0] <= row["date"] < KEPT[1]:
                item = _item(row)
                verdict = context.judge(item, Tier.WIRE)
                if verdict.topics or verdict.possible:
                    yield item, verdict


def labelled(context: Engine, corpora: Path) -> Iterator[tuple[Item, Verdict]]:
    """Yield the items of other languages that people labelled with a topic."""
    for name in LABELLED:
        for line in (corpora / "evaluation" / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["lang"] != "en" and (row.get("sanctions") or row.get("arms")):
                item = _item(row)
                yield item, context.judge(item, Tier.WIRE)


def _item(row: dict[str, str]) -> Item:
    title, guid = row["title"], row["url"]
    return Item(
        feed="corpus",
        guid=guid,
        url="",
        title=title,
        summary=row["summary"],
        first_seen_at=NOW,
        lang=row["lang"] or "en",
    )


def main() -> None:
    """Write the file and say how large it is."""
    context, corpora = engine(), Path(os.environ.get("CORPORA", "../shared"))
    vocabulary, counts, seen = grouping_model().vocabulary, Counter[str](), set[frozenset[str]]()
    for each in (flagged, labelled):
        for item, verdict in each(context, corpora):
            found = fingerprint_of(item, verdict, "", vocabulary)
            title = frozenset(found.title_terms)
            if title not in seen:
                seen.add(title)
                counts.update({*found.title_terms, *found.lead_terms})
    grouped = defaultdict(list)
    for term, count in sorted(counts.items()):
        if count >= FEWEST and " " not in term:
            grouped[round(-log2(count / len(seen)) * 2) / 2].append(term)
    text = "".join(f"{bits:g} {' '.join(terms)}\n" for bits, terms in sorted(grouped.items()))
    data = gzip.compress(text.encode(), 9, mtime=0)
    (SEEDS / "story_terms.txt.gz").write_bytes(data)
    print(f"{sum(map(len, grouped.values())):,} terms of {len(seen):,} items, {len(data):,} bytes")


if __name__ == "__main__":
    main()
