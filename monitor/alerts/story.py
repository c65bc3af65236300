"""Retellings of one event as one story, and what in a retelling is materially new. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import Event, Item, Placement, Told, Verdict, key_of
from monitor.text import words

#: How long a story stays open: the same event told later is a new story.
WINDOW = timedelta(hours=72)

#: Two titles tell the same when this share of their telling words (0-1) is common to both.
ALIKE = 0.5

_EMPTY = frozenset(
    "the a an and or of to in on for with as at by from over after is are be was were has have its it this"
    " that says said say new more will may could would up he we no so if do vs not".split()
)
_FIGURE = re.compile(r"\d+")


def telling_words(item: Item) -> frozenset[str]:
    """Return the words of a title that tell which event it is: also "EU" and "16", which tell it apart."""
    told = frozenset(words(item.title)) - _EMPTY
    return frozenset(word for word in told if len(word) > 1 or word.isdigit())


def story_of(
    item: Item, verdict: Verdict, open_stories: Iterable[Told], official: bool = False
) -> tuple[str, Told | None]:
    """Return (story id, what was told of it): an open story that this item retells, or a new one.

    A retelling has the same event type or step, and a title that shares its telling words. Titles that each
    give a figure or name a state that the other lacks tell of two events. An authority announces every act
    once, often under the same title: its next notice is never a retelling of its last.
    """
    mine = _telling(item, verdict)
    best: tuple[float, Told] | None = None
    for told in open_stories:
        likeness = _likeness(mine, frozenset(told.telling))
        if item.id in told.item_ids:
            return told.story, told
        if official and item.feed in told.feeds:
            continue
        if likeness >= ALIKE and _same_event(verdict, told) and (best is None or likeness > best[0]):
            best = likeness, told
    if best:
        return best[1].story, best[1]
    return key_of("story", item.feed, item.guid), None


def news_in(verdict: Verdict, official: bool, told: Told, placement: Placement = Placement.ARCHIVE) -> str:
    """Return what is materially new against what was told, in words; empty when nothing is.

    A step told before is not news again; a more urgent `placement` is, from the digest's top on.
    """
    event = verdict.event
    news = list(_steps_on(event, told)) if event else []
    if placement > told.placement and placement >= Placement.TOP:
        news.append("graver, or from a better source")
    if official and not told.official:
        news.append("confirmed by an official source")
    return "; ".join(news)


def _steps_on(event: Event, told: Told) -> Iterator[str]:
    if told.hedged and not event.hedged and event.type == told.event_type:
        yield "no longer a supposition"
    if _step(event) in told.steps:
        return
    if event.stage and event.stage != told.stage:
        yield f"stage: {told.stage or 'none'} → {event.stage}"
    elif event.type != told.event_type:
        yield f"event: {told.event_type or 'none'} → {event.type}"
    if event.polarity != told.polarity:
        yield f"direction: {told.polarity or 'none'} → {event.polarity}"


def as_told(
    story: str, item: Item, verdict: Verdict, official: bool, now: datetime, before: Told | None
) -> Told:
    """Return the story as it stands after this item."""
    event = verdict.event
    mine = Told(
        story=story,
        event_type=event.type if event else "",
        stage=event.stage if event else "",
        polarity=event.polarity if event else "",
        official=official or bool(before and before.official),
        told_at=now,
        item_ids=(item.id,),
        telling=tuple(sorted(_telling(item, verdict))),
        feeds=(item.feed,),
        steps=(_step(event),) if event else (),
        hedged=bool(event and event.hedged),
    )
    if before is None:
        return mine
    return replace(
        appended(item, before),
        event_type=mine.event_type,
        stage=mine.stage,
        polarity=mine.polarity,
        official=mine.official,
        told_at=now,
        steps=tuple(dict.fromkeys((*before.steps, *mine.steps))),
        hedged=mine.hedged,
    )


def appended(item: Item, before: Told) -> Told:
    """Return the story with one more retelling that said nothing new."""
    ids = tuple(dict.fromkeys((*before.item_ids, item.id)))[-50:]
    return replace(before, item_ids=ids, feeds=tuple(dict.fromkeys((*before.feeds, item.feed))))


def _step(event: Event) -> str:
    return f"{event.type} {event.stage} {event.polarity}"


def _telling(item: Item, verdict: Verdict) -> frozenset[str]:
    """Return the telling words of a title, and the states it names as ``country:XX``."""
    titled = frozenset(words(item.title))
    countries = (each for each in verdict.entities if each.kind == "country")
    return telling_words(item) | {each.id for each in countries if titled.issuperset(words(each.quote))}


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other or _apart(_figures(one), _figures(other)) or _apart(_states(one), _states(other)):
        return 0.0
    one, other = one - _states(one), other - _states(other)
    return len(one & other) / max(min(len(one), len(other)), 1)


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one - other and other - one)


def _figures(telling: frozenset[str]) -> frozenset[str]:
    return frozenset(figure[0] for word in telling if (figure := _FIGURE.match(word)))


def _states(telling: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in telling if word.startswith("country:"))


def _same_event(verdict: Verdict, told: Told) -> bool:
    event = verdict.event
    if event is None:
        return not told.event_type
    return event.type == told.event_type or (event.stage != "" and told.stage != "")
