"""How well retellings are grouped, and how fast: pairs of made-up headlines in many languages, and an index of
10,000 open stories against reading all of them.

``dev`` is what the rules were tuned to, ``held`` is not. Run ``python -m benchmarks.stories``.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, zip_longest
from pathlib import Path
from random import Random
from time import perf_counter

from monitor.match.engine import Engine
from monitor.model import Decision, Feed, Item, Judged, Placement, Tier
from monitor.stories.grouping import Retelling, retelling_of, story_after, story_of, with_retelling
from monitor.stories.index import StoryIndex
from monitor.stories.similarity import similarity

from .judging import NOW, engine, items

HEADLINES = Path(__file__).parent.parent / "tests/stories/headlines"
OPEN, NEW, SCANNED = 10_000, 1_000, 20


def retellings(half: str, context: Engine) -> list[tuple[str, Retelling]]:
    """Return each headline of a half with its story's name, one of each story after another."""
    stories = tomllib.loads((HEADLINES / f"{half}.toml").read_text("utf-8"))["story"]
    rounds = zip_longest(*([(story["name"], one) for one in story["told"]] for story in stories))
    lines = [each for several in rounds for each in several if each]
    return [(name, _retelling(str(number), one, context)) for number, (name, one) in enumerate(lines)]


def _retelling(target: str, line: Sequence[str], context: Engine) -> Retelling:
    lang, title, summary = line[:3]
    tier = Tier.OFFICIAL if line[3:] else Tier.WIRE
    feed = Feed(
        name=target,
        url=f"https://{target}.example/",
        title=target,
        host=f"{target}.example",
        tier=tier,
    )
    item = Item(feed=target, guid="1", url="", title=title, summary=summary, first_seen_at=NOW, lang=lang)
    judged = Judged(item, context.judge(item, tier), Decision(Placement.TOP, ""))
    return retelling_of(judged, feed, official=tier is Tier.OFFICIAL)


def grouped(lines: Sequence[Retelling]) -> list[str]:
    """Return the story that each text was put into."""
    index, groups = StoryIndex(), []
    for what in lines:
        story, before = story_of(what, index)
        index.add(with_retelling(what, before) if before else story_after(story, what, NOW, None))
        groups.append(story)
    return groups


def pairs(lines: Sequence[tuple[str, Retelling]]) -> tuple[int, int, int]:
    """Return how many pairs were rightly joined, wrongly joined and wrongly parted."""
    groups = grouped([what for _, what in lines])
    right = wrong = missed = 0
    for one, other in combinations(range(len(lines)), 2):
        same, joined = lines[one][0] == lines[other][0], groups[one] == groups[other]
        right, wrong, missed = right + (same and joined), wrong + (joined > same), missed + (same > joined)
    return right, wrong, missed


def measured() -> Iterator[str]:
    """Yield a line for each half and order."""
    context = engine()
    for half in ("dev", "held"):
        lines = retellings(half, context)
        for order in range(4):
            if order:
                Random(order).shuffle(lines)
            right, wrong, missed = pairs(lines)
            yield (
                f"{half:5} order {order}: precision {right / (right + wrong):.3f}"
                f" recall {right / (right + missed):.3f} ({right} right, {wrong} wrong, {missed} missed)"
            )
    yield _timed(context)


def _timed(context: Engine) -> str:
    random, index, new = Random(1), StoryIndex(), []
    for number, item in enumerate(items(2 * (OPEN + NEW), seed=2)[1::2]):
        extra = (
            f"{item.title} {random.randrange(3_000)} {random.choice('abcdefgh') * 4}{random.randrange(400)}"
        )
        what = _retelling(str(number), ("en", extra, item.summary), context)
        if number < OPEN:
            index.add(replace(story_after(str(number), what, NOW, None), id=str(number)))
        else:
            new.append(what)
    start = perf_counter()
    for what in new:
        story_of(what, index)
    found = perf_counter() - start
    start = perf_counter()
    for what in new[:SCANNED]:
        event = what.verdict.event
        step = (event.type, event.stage) if event else ("", "")
        max(similarity(what.fingerprint, step, story) for story in index)
    scanned = (perf_counter() - start) / SCANNED * len(new)
    return (
        f"{len(new):,} items against {len(index):,} open stories: {found:.2f} s,"
        f" by reading all of them {scanned:.0f} s ({scanned / found:.0f} times as long)"
    )


if __name__ == "__main__":
    for line in measured():
        print(line)
