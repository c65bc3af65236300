"""Rebuild ``seeds/background.txt.gz``, the word frequencies of general news by which list names are graded.

    CORPORA=folder python benchmarks/background.py

The folder holds ``fixtures/archive_2025-08_2026-08.jsonl.xz`` and ``evaluation/{dev,pool}.jsonl``: JSON Lines of title, summary
and lang. The output has counts, not text: the words that occur in one of 16,384 items or more, each with the class of its
frequency (class 5: in one of 32 to 63 items) and whether it is mostly written small. The archive is in English; from the
few hundred items of each other language only words that are mostly written small are taken, since their names belong to our topics.
"""

import gzip
import json
import lzma
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log2
from pathlib import Path

from monitor.resources import SEEDS
from monitor.text import tokenize

RAREST, FEWEST = 13, 4
ARCHIVE = "fixtures/archive_2025-08_2026-08.jsonl.xz"


def texts_of(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """Yield the text of each item, no headline twice."""
    seen = set()
    for row in rows:
        if row["title"] not in seen:
            seen.add(row["title"])
            yield f"{row['title'].rpartition(' - ')[0] or row['title']}\n\n{row['summary']}"


def counted(texts: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """Return by word its class of frequency and whether it is mostly written small."""
    items, small, total = Counter[str](), Counter[str](), 0
    for raw in texts:
        text, total = tokenize(raw), total + 1
        written: dict[str, bool] = {}
        for index, word in enumerate(text.words):
            written[word] = written.get(word, False) or text.as_written(index)[0].islower()
        items.update(written.keys())
        small.update(word for word, low in written.items() if low)
    found = {word: int(-log2(count / total)) for word, count in items.items() if count >= FEWEST}
    return {w: (c, small[w] * 2 >= items[w]) for w, c in found.items() if c <= RAREST and w.isalpha()}


def main() -> None:
    """Write the file and say how large it is."""
    corpora = Path(os.environ.get("CORPORA", "../shared"))
    others = defaultdict(list)
    for name in ("dev", "pool"):
        for line in (corpora / "evaluation" / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            others[row["lang"]].append(row)
    others.pop("en")
    classes: dict[str, tuple[int, bool]] = {}
    for rows in others.values():
        classes |= {w: (c, True) for w, (c, small) in counted(texts_of(rows)).items() if small}
    with lzma.open(corpora / ARCHIVE, "rt", encoding="utf-8") as lines:
        classes |= counted(texts_of(map(json.loads, lines)))
    grouped = defaultdict(list)
    for word, (rank, small) in sorted(classes.items()):
        grouped[rank, small].append(word)
    said = "".join(f"{c} {'word' if s else 'name'} {' '.join(w)}\n" for (c, s), w in sorted(grouped.items()))
    data = gzip.compress(said.encode(), 9, mtime=0)
    (SEEDS / "background.txt.gz").write_bytes(data)
    print(f"{len(classes):,} words, {len(data):,} bytes")


if __name__ == "__main__":
    main()
