"""How long it takes to build the engine that ships, and how many English items it judges in a second.

The items are made up from parts, always the same for one seed: half of them are of our topics, half are not. They have
about 250 characters, and, several joined, 4,000. Times are of the processor. Run
``python -m benchmarks.judging [items] [--json FILE]``.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from monitor.match.engine import Engine, build
from monitor.match.names.resolve import Names
from monitor.model import Item, Tier
from monitor.resources import SEEDS

ITEMS = 2_000
JOINED, LONG = 20, 4_000  # so many items make a long one, of which so many characters are kept
ROUNDS = 5
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

PARTS = {
    "state": "Poland Norway Türkiye Egypt Japan Greece Romania Chile Kenya Vietnam".split(),
    "power": ["The United States", "The EU", "Britain", "Canada", "Switzerland", "Australia"],
    "system": ["F-35 fighters", "K9 howitzers", "Patriot missiles", "HIMARS launchers", "frigates", "Leopard 2A8 tanks"],
    "number": ["12", "24", "several", "1,200", "forty"],
    "price": ["$2.5 billion", "€310 million", "$80m", "an undisclosed sum"],
    "party": ["shipping companies", "two banks", "a refinery", "14 tankers", "an oil trader"],
    "town": ["Bergen", "Izmir", "Osaka", "Gdynia", "Valparaíso", "Mombasa"],
    "thing": ["a library", "a bridge", "a school", "a hospital wing", "a tram line", "a theatre"],
}  # fmt: skip
OURS = [
    ("{state} orders {number} {system} worth {price}", "The ministry signed the contract in {town}. Deliveries begin in 2029."),
    ("{power} imposes new sanctions on {party}", "The measures freeze assets held in {town}. Earlier sanctions stay in place."),
    ("{state} takes delivery of {number} {system}", "They were ordered in 2021 for {price}, officials in {town} said."),
    ("{power} lifts sanctions on {party}", "A spokesman said that the entries were removed after a review."),
    ("{power} may approve sale of {system} to {state}", "Talks about {price} have lasted for years, people familiar with them said."),
    ("{power} fines trader for breaching sanctions", "It paid {price} to settle apparent violations, the authority said."),
]  # fmt: skip
OTHERS = [
    ("{town} opens {thing}", "It cost {price}. The mayor thanked {number} volunteers and spoke of a happy day."),
    ("{state} wins friendly match in {town}", "The coach praised the team. {number} fans travelled with it."),
    ("Storm closes schools in {town}", "Gusts brought down trees; {number} roads were blocked until noon."),
    ("{state} votes on pension reform", "Parliament debated for hours. The cost is put at {price} a year."),
    ("New exhibition at {town} museum", "Visitors see {number} paintings, some of them for the first time."),
    ("Researchers in {town} map the sea floor", "The study took {number} years and was paid for by {state}."),
]  # fmt: skip
FILLER = "Officials gave no further details on Monday, and the next meeting is planned for the spring."


def items(count: int, seed: int = 1) -> list[Item]:
    """Return made-up items, always the same for one seed."""
    random = Random(seed)
    made = []
    for number in range(count):
        title, summary = random.choice(OURS if number % 2 else OTHERS)
        words = {name: random.choice(parts) for name, parts in PARTS.items()}
        long = f"{summary} {' '.join([FILLER] * random.randrange(4))}"
        made.append(
            Item(
                feed="bench",
                guid=str(number),
                url="",
                title=title.format(**words),
                summary=long.format(**words).strip(),
                first_seen_at=NOW,
            )
        )
    return made


def long_items(made: Sequence[Item]) -> list[Item]:
    """Return items of 4,000 characters, each of several of these."""
    parts = [made[first : first + JOINED] for first in range(0, len(made), JOINED)]
    return [
        replace(part[0], summary=" ".join(f"{each.title}. {each.summary}" for each in part)[:LONG])
        for part in parts
    ]


def engine(names: Names | None = None) -> Engine:
    """Return the engine that ships, reading its files anew, with names of lists."""
    texts = {
        folder: {path.name: path.read_text("utf-8") for path in sorted((SEEDS / folder).glob("*.t*"))}
        for folder in ("lexicon", "frames", "rules")
    }
    scoring = ("scoring.toml", (SEEDS / "scoring.toml").read_text("utf-8"))
    words = texts["lexicon"] | texts["frames"]
    built = build(words, texts["rules"], scoring, has_index=names is not None)
    return built if names is None else built.with_names(names)


def timed(work: Callable[[], object]) -> float:
    """Return the median of the processor seconds that work takes, over some rounds."""
    took = []
    for _ in range(ROUNDS):
        start = process_time()
        work()
        took.append(process_time() - start)
    return median(took)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=int, nargs="?", default=ITEMS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    start = process_time()
    judge = engine().judge
    first = process_time() - start
    again = timed(engine)
    print(f"engine built in {first * 1_000:,.0f} ms, and again in {again * 1_000:,.0f} ms")
    made = items(options.items)
    results = {"build_s": {"engine": again}}
    for name, some in (("short", made), ("long", long_items(made))):
        flagged = sum(bool(judge(item, Tier.WIRE).topics) for item in some)
        seconds = timed(lambda some=some: [judge(item, Tier.WIRE) for item in some])
        letters = sum(len(item.title) + len(item.summary) for item in some) / len(some)
        results[name] = {
            "characters": letters,
            "per_s": len(some) / seconds,
            "item_ms": seconds / len(some) * 1e3,
        }
        print(f"{len(some):,} items of {letters:,.0f} characters, {flagged:,} flagged")
        print(
            f"{len(some) / seconds:,.0f} items/s, {seconds / len(some) * 1_000:.2f} ms each,"
            f" {letters * len(some) / seconds / 1e6:.2f} million characters/s"
        )
    if options.json:
        options.json.write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
