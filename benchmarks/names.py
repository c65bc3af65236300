"""What a million names cost, and how often they are found where nobody meant them.

    CORPORA=folder python benchmarks/names.py [made-up|lists|both] [items] [sample.jsonl]

The folder holds ``fixtures/names_1m.txt.xz`` (made-up names), ``fixtures/sanctions`` (real lists) and
``fixtures/archive_2025-08_2026-08.jsonl.xz`` (general news). A made-up name that is found is a false hit by its making; real
ones have to be read: of both, 300 found at random by one seed are written to the sample, with the words around them.
"""

import json
import lzma
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from time import process_time

import psutil

from benchmarks import judging
from monitor.app.names import names_index, word_statistics
from monitor.lists import parse_list
from monitor.match.engine import Engine
from monitor.match.names.building import build, build_pure
from monitor.match.spans import Doc
from monitor.model import Entity, EntityKind, Item, Name, Strength, Tier
from monitor.text import compiled

NOW = datetime(2026, 8, 25, tzinfo=UTC)
SAMPLE, SEED, TIMED = 300, 1, 3_000

#: Format, name and documents of the real lists, newest of each.
LISTS = (
    (
        "ofac",
        "ofac-sdn",
        (
            "ofac/sdn_2024-05-03.csv",
            "ofac/alt_2026-08-02.csv",
            "ofac/add_2026-08-02.csv",
            "ofac/sdn_comments_2026-08-02.csv",
        ),
    ),
    ("un", "un", ("un/un_consolidated_2026-08-02.xml",)),
    ("eu-fsf", "eu", ("eu/eu_fsf_2016-02.xml",)),
    ("ca", "canada", ("ca/canada_autonomous_2025-05-25.xml",)),
    ("au", "australia", ("au/dfat_2026-08-02.xlsx",)),
    (
        "opensanctions",
        "opensanctions",
        ("opensanctions/targets.simple_com480_2026.csv", "opensanctions/targets.simple_zainab_2026-03.csv"),
    ),
)
#: Countries that lists are full of, for names that were made up without one.
COUNTRIES = "RU IR CN SY BY KP IQ LB AF YE CU VE MM UA TR AE".split()
FIRMS = frozenset(
    "LLC Ltd. Ltd OOO ООО ЗАО GmbH JSC Inc. Company Corporation ОАО АО Bank Holding Group".split()
)


def made_up(corpora: Path) -> Iterator[Entity]:
    """Yield a party for each made-up name; its kind follows from its form, its country from its number."""
    with lzma.open(corpora / "fixtures/names_1m.txt.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            parts = line.split()
            person, ship = not FIRMS & set(parts), parts[0] in {"MV", "MT"}
            kind = EntityKind.VESSEL if ship else EntityKind.PERSON if person else EntityKind.ORGANISATION
            country = COUNTRIES[number % len(COUNTRIES)]
            text = " ".join(reversed(line.strip().split(", "))) if person else line.strip()
            yield Entity(
                id=str(number),
                list="made-up",
                kind=kind,
                names=(Name(text, Strength.PRIMARY),),
                countries=(country,),
                programmes=(country,),
            )


def listed(corpora: Path) -> Iterator[Entity]:
    """Yield the parties of the real lists that are there."""
    folder = corpora / "fixtures/sanctions"
    for format, name, documents in LISTS:
        with ExitStack() as stack:
            yield from parse_list(
                format, [stack.enter_context((folder / each).open("rb")) for each in documents], name
            )


def items(corpora: Path, most: int | None) -> list[Item]:
    """Return general news, no headline twice, without the name of the paper that search results append."""
    found: dict[str, Item] = {}
    with lzma.open(corpora / "fixtures/archive_2025-08_2026-08.jsonl.xz", "rt", encoding="utf-8") as lines:
        for row in islice(map(json.loads, lines), most):
            title = row["title"].rpartition(" - ")[0] or row["title"]
            found.setdefault(
                title,
                Item(
                    feed=row["source"],
                    guid=row["url"],
                    url="",
                    title=title,
                    summary=row["summary"],
                    first_seen_at=NOW,
                ),
            )
    return list(found.values())


def engine_with(entities: Callable[[], Iterable[Entity]], folder: Path) -> Engine:
    """Return the engine that ships, with names; say what making and loading them cost."""
    used, start = rss(), process_time()
    names_index(entities(), "benchmark", folder)
    built = process_time() - start
    print(f"built and saved in {built:.1f} s of processor, at most {rss() - used:,.0f} MB more than before")
    print_builds(entities)
    used, start = rss(), process_time()
    names = names_index((), "benchmark", folder, print)
    loaded = process_time() - start
    print(f"{len(names.index):,} names, {names.index.size / 1e6:,.0f} MB in a file, mapped in {loaded:.2f} s")
    return judging.engine(names)


def print_builds(entities: Callable[[], Iterable[Entity]]) -> None:
    """Print what building alone costs, pure and compiled, from parties of which the making is not counted."""
    parties, statistics = list(entities()), word_statistics()
    builds = {"pure": build_pure} | ({} if compiled.module("building") is None else {"compiled": build})
    took = []
    for name, work in builds.items():
        start = process_time()
        work(parties, statistics)
        took.append(process_time() - start)
        print(
            f"{name}: an index of {len(parties):,} parties in {took[-1]:.1f} s, {took[0] / took[-1]:.1f} times as fast as pure"
        )


def rss() -> float:
    """Return the megabytes this process has in memory."""
    return float(psutil.Process().memory_info().rss) / 1e6


def timed(engine: Engine, news: list[Item]) -> float:
    """Return the least seconds of processor of three rounds of judging."""
    took = []
    for _ in range(3):
        start = process_time()
        for item in news:
            engine.judge(item, Tier.WIRE)
        took.append(process_time() - start)
    return min(took)


def around(doc: Doc, field: str, start: int, stop: int) -> str:
    """Return the words around a hit, the hit in brackets."""
    raw = doc.texts[field].raw
    first, last = doc.texts[field].starts[start], doc.texts[field].stops[stop - 1]
    return f"{raw[max(0, first - 150) : first]}[[{raw[first:last]}]]{raw[last : last + 150]}"


def found(engine: Engine, news: list[Item]) -> list[dict[str, str]]:
    """Return every name that stands in these items, once for each item and string."""
    hits = []
    for item in news:
        doc = engine.annotate(item.title, item.summary)
        mentions = {doc.quote(each.span).casefold(): each for each in reversed(doc.named)}
        for each in mentions.values():
            whose = each.parties[0]
            text = around(doc, each.span.field, each.span.start, each.span.stop)
            other = item.title if each.span.field == "summary" else item.summary[:150]
            hits.append(
                {
                    "grade": each.grade,
                    "because": each.because,
                    "party": f"{whose.list}:{whose.name} {whose.countries}",
                    "text": text,
                    "other": other,
                }
            )
    return hits


def measure(what: str, entities: Callable[[], Iterable[Entity]], news: list[Item], sample: str) -> None:
    """Print all figures for one set of names."""
    print(f"== {what} names")
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_with(entities, Path(folder))
        with_none, with_all = timed(judging.engine(), news[:TIMED]), timed(engine, news[:TIMED])
        print(
            f"judging {TIMED / with_none:,.0f} items/s without, {TIMED / with_all:,.0f} with: {with_all / with_none:.2f} times as long"
        )
        hits = found(engine, news)
    count = Counter(f"{hit['grade']} {hit['because'].split(';')[0].partition(', ')[2]}" for hit in hits)
    print(
        f"{len(hits):,} hits in {len(news):,} items: {len(hits) / len(news) * 1000:.2f} of 1,000; {dict(count.most_common())}"
    )
    if sample:
        chosen = Random(SEED).sample(hits, min(SAMPLE, len(hits)))
        with Path(f"{what}-{sample}").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(hit, ensure_ascii=False) + "\n" for hit in chosen)


def main() -> None:
    """Measure what is asked for."""
    corpora = Path(os.environ.get("CORPORA", "../shared"))
    if not (corpora / "fixtures/names_1m.txt.xz").is_file():
        print(f"{corpora}/fixtures is not there: name the folder of names, lists and news with CORPORA")
        return
    which = sys.argv[1] if len(sys.argv) > 1 else "both"
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    sample = sys.argv[3] if len(sys.argv) > 3 else ""
    news = items(corpora, most or None)
    for name, entities in (("lists", listed), ("made-up", made_up)):
        if which in {name, "both"}:
            measure(name, partial(entities, corpora), news, sample)


if __name__ == "__main__":
    main()
