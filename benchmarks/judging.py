"""How long it takes to build the engine that ships, and how many English items it judges in a second.

The items are made up from parts, always the same for one seed: half of them are of our topics, half are not.
Run ``python benchmarks/judging.py [items]``.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import perf_counter

from monitor.match.engine import Engine, build
from monitor.match.names.resolve import Names
from monitor.model import Item, Tier
from monitor.resources import SEEDS

ITEMS = 2_000
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
    """Return the median of the seconds that work takes, over some rounds."""
    took = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        took.append(perf_counter() - start)
    return median(took)


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    start = perf_counter()
    judge = engine().judge
    first = perf_counter() - start
    made = items(count)
    flagged = sum(bool(judge(item, Tier.WIRE).topics) for item in made)
    letters = sum(len(item.title) + len(item.summary) for item in made)
    seconds = timed(lambda: [judge(item, Tier.WIRE) for item in made])
    print(f"engine built in {first * 1_000:,.0f} ms, and again in {timed(engine) * 1_000:,.0f} ms")
    print(f"{count:,} items of {letters / count:,.0f} characters, {flagged:,} flagged")
    print(
        f"{count / seconds:,.0f} items/s, {seconds / count * 1_000:.2f} ms each, {letters / seconds / 1e6:.2f} million characters/s"
    )


if __name__ == "__main__":
    main()
