"""The cost of thousands of queries per item: each evaluated, and with the prefilter.

The queries are made up as analysts write them, always the same for one seed: two lists of two to eight words, half
of them near one another, half with exceptions; most of the words occur in none of the items. The items are those of
``judging.py``. Run ``python -m benchmarks.queries [queries …] [--json FILE]``. Times are of the processor.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import TypeVar

from benchmarks.judging import items
from monitor.match.disambiguate import annotate
from monitor.match.lexicon import Lexicon
from monitor.match.query.nodes import Query
from monitor.match.query.parser import parse, terms
from monitor.match.query.pattern import parse as parse_pattern
from monitor.match.query.prefilter import prefilter_of
from monitor.match.spans import Doc
from monitor.match.spotting import spotter_of
from monitor.text import tokenize

T = TypeVar("T")

SIZES = (1_000, 5_000)
EVERY = 5_000  # of more queries than this not every one is evaluated: it takes minutes
ITEMS = 300
ROUNDS = 3
COMMON = 0.12  # the share of words in a query that occur in the items at all
NOTHING = Lexicon({}, {})


def queries(count: int, seed: int = 1) -> list[Query]:
    """Return made-up queries, always the same for one seed."""
    random = Random(seed)
    news = (tokenize(f"{item.title} {item.summary}") for item in items(200))
    met = sorted({word for text in news for word in text.words if len(word) > 4})

    def word() -> str:
        made_up = "".join(random.choices("abdegiklmnoprstu", k=random.randrange(5, 10)))
        return f"{random.choice(met) if random.random() < COMMON else made_up}{random.choice(['', '', '*'])}"

    def some(least: int, most: int) -> str:
        return f"({' OR '.join(word() for _ in range(random.randint(least, most)))})"

    def one() -> str:
        joined = f"{some(2, 8)} {random.choice(['AND', 'AND', 'NEAR/8', 'SAME SENTENCE'])} {some(2, 8)}"
        return f"{joined} NOT {some(1, 4)}" if random.random() < 0.5 else joined

    return [parse(one(), ()) for _ in range(count)]


def measure(count: int) -> dict[str, float]:
    """Print and return what this many queries cost an item."""
    asked = queries(count)
    began = process_time()
    prefilter = prefilter_of((query, query) for query in asked)
    wanted = {tag for query in asked for tag in terms(query)}
    spotter = spotter_of([(tag, parse_pattern(tag.removeprefix("w:"))) for tag in wanted])
    built = process_time() - began
    news = [(item.title, item.summary) for item in items(ITEMS)]

    def docs() -> list[Doc]:
        return [annotate({"title": tokenize(t), "summary": tokenize(s)}, spotter, NOTHING) for t, s in news]

    read_s, all_docs = timed(docs)
    few_s, few = timed(lambda: [[q for q in prefilter.able(doc.spans) if q.find(doc)] for doc in all_docs])
    costs = {
        "build_s": built,
        "read_us": read_s / ITEMS * 1e6,
        "ask_us": few_s / ITEMS * 1e6,
        "asked": sum(len(prefilter.able(doc.spans)) for doc in all_docs) / ITEMS,
        "matched": sum(map(len, few)) / ITEMS,
    }
    if count <= EVERY:
        every_s, every = timed(lambda: [[q for q in asked if q.find(doc)] for doc in all_docs])
        assert few == every, "what is asked of few must be what is found of all"
        costs["every_us"] = every_s / ITEMS * 1e6
    _print(count, costs)
    return costs


def _print(count: int, costs: dict[str, float]) -> None:
    every = f"; asking every one {costs['every_us']:,.0f} µs" if "every_us" in costs else ""
    print(
        f"{count:>6,} queries: built in {costs['build_s']:.2f} s; an item: {costs['read_us']:,.0f} µs to read,"
        f" {costs['ask_us']:,.0f} µs to ask {costs['asked']:.1f} queries of which {costs['matched']:.1f} hold{every}",
        flush=True,
    )


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return (seconds, result) of the median round."""
    rounds = []
    for _ in range(ROUNDS):
        began = process_time()
        result = work()
        rounds.append(process_time() - began)
    return median(rounds), result


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("queries", type=int, nargs="*")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    results = {str(count): measure(count) for count in options.queries or SIZES}
    if options.json:
        options.json.write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
