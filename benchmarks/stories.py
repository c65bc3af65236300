"""How well reports are grouped, and how fast: pairs of made-up headlines in many languages, and the processor time
per item with 1,000 and with 100,000 open stories.

``dev`` is what the rules were tuned to, ``held`` is not. Run ``python -m benchmarks.stories``.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, zip_longest
from pathlib import Path
from random import Random
from time import process_time

from monitor.app.grouping import grouping_model
from monitor.match.engine import Engine
from monitor.model import Decision, Feed, Item, Judged, Placement, Tier
from monitor.stories.grouping import Match, story_after, story_of, with_retelling
from monitor.stories.index import StoryIndex
from monitor.stories.retelling import Retelling, retelling_of

from .judging import NOW, engine, items

HEADLINES = Path(__file__).parent.parent / "tests/stories/headlines"
OPEN, NEW, DIFFERENT, ROUNDS = (1_000, 10_000, 100_000), 200, 1_000, 3


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
    return retelling_of(judged, feed, tier is Tier.OFFICIAL, grouping_model().vocabulary)


def grouped(lines: Sequence[Retelling]) -> list[str]:
    """Return the story that each text was put into."""
    index, groups = StoryIndex(), []
    for what in lines:
        match = story_of(what, index, grouping_model())
        before = match.before
        index.add(with_retelling(match, what, before, NOW) if before else story_after(match, what, NOW))
        groups.append(match.id)
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
    yield from _timed(context)


def _timed(context: Engine) -> Iterator[str]:
    """Yield a line for each number of open stories, with the time per item; the last compares most with fewest."""
    took = {count: cost_ms(count, context) for count in OPEN}
    for count, each_ms in took.items():
        yield f"{count:,} open stories: {each_ms:.2f} ms an item"
    yield f"{OPEN[-1]:,} against {OPEN[0]:,} open stories: {took[OPEN[-1]] / took[OPEN[0]]:.2f} times as long"


def cost_ms(count: int, context: Engine) -> float:
    """Return the processor milliseconds to find the story of an item among so many open stories."""
    index, new = _open_stories(count, context)
    start = process_time()
    for _ in range(ROUNDS):
        for what in new:
            story_of(what, index, grouping_model())
    return (process_time() - start) / len(new) / ROUNDS * 1e3


def _open_stories(count: int, context: Engine) -> tuple[StoryIndex, list[Retelling]]:
    """Return an index of so many stories of made-up items, and reports of further ones."""
    random, index, new = Random(1), StoryIndex(), []
    pool = [_made_up(item, context) for item in items(2 * DIFFERENT, seed=2)[1::2]]
    for number in range(count + NEW):
        what = _varied(pool[number % len(pool)], number, random)
        if number < count:
            index.add(replace(story_after(Match(str(number)), what, NOW), id=str(number)))
        else:
            new.append(what)
    return index, new


def _made_up(item: Item, context: Engine) -> Retelling:
    return _retelling("made-up", ("en", item.title, item.summary), context)


def _varied(what: Retelling, number: int, random: Random) -> Retelling:
    """Return a report with words and names of its own beside those of its kind, as news has them."""
    own = (f"p{random.randrange(3_000)}", f"q{random.randrange(400)}", f"r{number // 4}")
    fingerprint = replace(
        what.fingerprint,
        words=(*what.fingerprint.words, *own),
        title_terms=(*what.fingerprint.title_terms, *own),
    )
    return replace(what, fingerprint=fingerprint, item=replace(what.item, guid=str(number)))


if __name__ == "__main__":
    for line in measured():
        print(line)
