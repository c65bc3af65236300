"""`evaluate --pairs`: measure how well items that report one act are grouped into one story."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.text import Text

from monitor.app.grouping import grouping_model
from monitor.config import Settings
from monitor.config.configured_feed import feed_of
from monitor.match.engine import Engine
from monitor.match.evaluation.pairs import Pair, Side, count_pairs, pair_mistake
from monitor.model import Decision, Feed, Item, Judged, Placement, Tier
from monitor.render.sanitize import clip, sanitize, without_surrogates
from monitor.stories.grouping import story_after, story_of
from monitor.stories.index import StoryIndex
from monitor.stories.retelling import Retelling, retelling_of

from .common import stdout
from .evaluate_json import counts_data

LONGEST_TITLE = 90

GroupedPair = tuple[Pair, bool]


def grouped_pairs(pairs: Iterable[Pair], settings: Settings, engine: Engine) -> Iterator[GroupedPair]:
    """Yield each pair with whether its items came into one story; no other item is known."""
    for pair in pairs:
        first, second = (
            retelling_of_side(side, guid, settings, engine)
            for guid, side in (("1", pair.first), ("2", pair.second))
        )
        yield pair, _is_retelling(first, pair.first, second)


def _is_retelling(first: Retelling, earlier: Side, second: Retelling) -> bool:
    open_stories, model = StoryIndex(), grouping_model()
    match = story_of(first, open_stories, model)
    open_stories.add(story_after(match, first, earlier.at))
    return story_of(second, open_stories, model).before is not None


def retelling_of_side(side: Side, guid: str, settings: Settings, engine: Engine) -> Retelling:
    """Return the retelling of one item of a pair."""
    feed = _feed(side.feed, settings)
    item = Item(
        feed=feed.name,
        guid=guid,
        url="",
        title=side.title,
        summary=side.summary,
        first_seen_at=side.at,
        published_at=side.at,
        lang=side.lang or feed.lang,
    )
    judged = Judged(item, engine.judge(item, feed.tier), Decision(Placement.TOP, ""))
    return retelling_of(judged, feed, feed.tier is Tier.OFFICIAL, grouping_model().vocabulary)


def _feed(name: str, settings: Settings) -> Feed:
    """Return the configured feed of a name, or an ordinary feed with a host of its own."""
    if known := settings.feeds.get(name):
        return feed_of(name, known)
    host = f"{name}.example"
    return Feed(name=name, url=f"https://{host}/", title=name, host=host)


def pairs_data(grouped: list[GroupedPair], mistakes: list[str], errors: bool) -> dict[str, Any]:
    """Return the figures for programs; `n` is the number of pairs that are scored."""
    counts = counts_data(count_pairs(grouped))
    scored = sum(pair.label != "related" for pair, _ in grouped)
    data: dict[str, Any] = {"pairs": counts | {"n": scored}, "mistakes": mistakes}
    return data | ({"errors": list(_errors(grouped))} if errors else {})


def print_pairs(grouped: list[GroupedPair], errors: bool) -> None:
    """Print the figures for people, and with `errors` every pair that was grouped wrongly."""
    of = count_pairs(grouped)
    scored = sum(pair.label != "related" for pair, _ in grouped)
    if not scored:
        stdout.print("no pairs: nothing was measured")
        return
    stdout.print(f"pairs: precision {of.precision:.3f}  recall {of.recall_items:.3f}  F1 {of.f1:.3f}")
    joined = f"{of.tp:.0f} rightly joined, {of.fp:.0f} wrongly joined, {of.fn:.0f} wrongly parted"
    stdout.print(f"{joined}, of {scored} pairs; {len(grouped) - scored} related pairs left out", style="dim")
    for error in _errors(grouped) if errors else ():
        stdout.print()
        stdout.print(Text(error["error"], "red" if error["error"] == "wrongly joined" else "yellow"))
        for key in ("a", "b"):
            line = f"  {error[key]['at']}  {error[key]['feed']}: {error[key]['title']}"
            stdout.print(Text(clip(sanitize(line), LONGEST_TITLE + 30)), soft_wrap=True)


def _errors(grouped: Iterable[GroupedPair]) -> Iterator[dict[str, Any]]:
    for pair, joined in grouped:
        if error := pair_mistake(pair, joined):
            yield {"error": error, "a": _side_data(pair.first), "b": _side_data(pair.second)}


def _side_data(side: Side) -> dict[str, str]:
    title = without_surrogates(side.title or side.summary)
    return {"feed": without_surrogates(side.feed), "at": side.at.isoformat(), "title": title}
