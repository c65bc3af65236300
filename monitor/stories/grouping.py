"""Retellings of one event as one story, in whatever language each is told. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import (
    Feed,
    Fingerprint,
    Item,
    Judged,
    Mention,
    Placement,
    Polarity,
    Stage,
    Story,
    Verdict,
    key_of,
)
from monitor.text import words
from monitor.text.sums import largest

from .deadlines import deadlines
from .fingerprint import fingerprint_of
from .index import StoryIndex
from .labels import is_correction, is_denial
from .publishers import publisher_of
from .similarity import FAINT, similarity

#: How long a story stays open: the same event told later is a new story.
WINDOW = timedelta(hours=72)

#: So many tellings of a story are remembered to know retellings by, and so many of its items.
_MAX_FINGERPRINTS, _ITEMS = 12, 50

#: A step of a story: somebody denies it.
DENIED = "denied"

#: Names of these kinds are no parties that a list could name.
_NO_PARTIES = frozenset({"country", "programme", "authority", "weapon", "candidates"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """An item as it bears on stories: what it tells, who speaks, and what is said of another text.

    `official`: an authority speaks, known to people as `by`.
    """

    item: Item
    verdict: Verdict
    fingerprint: Fingerprint
    placement: Placement = Placement.ARCHIVE
    official: bool = False
    by: str = ""
    publisher: str = ""
    corrects: bool = False
    denies: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The stage and direction it tells of, and that somebody denies."""
        event = self.verdict.event
        step = (f"{event.type} {event.stage} {event.polarity}",) if event else ()
        return (*step, DENIED) if self.denies else step

    @property
    def parties(self) -> tuple[Mention, ...]:
        """Listed parties that its title names or its event is aimed at."""
        aimed = {*self.fingerprint.titled, *(self.verdict.event.targets if self.verdict.event else ())}
        return tuple(each for each in _listed(self.verdict) if each.id in aimed)


def retelling_of(judged: Judged, feed: Feed, official: bool) -> Retelling:
    """Return what an item of a feed tells."""
    item, verdict = judged.item, judged.verdict
    return Retelling(
        item=item,
        verdict=verdict,
        fingerprint=fingerprint_of(item, verdict, feed.title),
        placement=judged.decision.placement,
        official=official,
        by=authority_name(feed, verdict) if official else "",
        publisher=publisher_of(feed, item),
        corrects=is_correction(item.title),
        denies=is_denial(item.title),
    )


def authority_name(feed: Feed, verdict: Verdict) -> str:
    """Return how people call the authority behind a feed: by its own name where the feed's title has it."""
    titled = frozenset(words(feed.title))
    bodies = [each for each in verdict.entities if each.kind in {"authority", "agency"}]
    for each in bodies:
        if titled.issuperset(words(each.name)) or titled.issuperset(words(each.quote)):
            return each.name
    if feed.title and feed.title != feed.name:
        return feed.title
    imposer = verdict.event.imposer if verdict.event else ""
    return next((each.name for each in bodies if each.id == imposer), "an official source")


def story_of(retelling: Retelling, stories: StoryIndex) -> tuple[str, Story | None]:
    """Return (story id, what was told of it): an open story that this item retells, or a new one.

    An authority announces every act once, often under the same title: its next notice is never a retelling
    of its last. Where nothing but two states speaks for a story, it must be the only one.
    """
    if story := stories.of_item(retelling.item.id):
        return story.id, story
    event = retelling.verdict.event
    step = (event.type, event.stage) if event else ("", "")
    other = retelling.corrects or retelling.denies
    found = [
        (similarity(retelling.fingerprint, step, story, anyhow=other), story)
        for story in stories.candidates(retelling.fingerprint)
        if not (retelling.official and retelling.item.feed in story.feeds)
    ]
    found = [(how, story) for how, story in found if how]
    best = max(found, key=lambda each: (each[0], each[1].updated_at), default=None)
    if best and (best[0] > FAINT or len(found) == 1):
        return best[1].id, best[1]
    return key_of("story", retelling.item.feed, retelling.item.guid), None


def story_after(story: str, retelling: Retelling, now: datetime, before: Story | None) -> Story:
    """Return the story as it stands after this item was told."""
    event = retelling.verdict.event
    mine = Story(
        id=story,
        event_type=event.type if event else "",
        stage=event.stage if event else Stage.NONE,
        polarity=event.polarity if event else Polarity.NONE,
        official=retelling.official or bool(before and before.official),
        updated_at=now,
        item_ids=(retelling.item.id,),
        fingerprints=(retelling.fingerprint,),
        feeds=(retelling.item.feed,),
        steps=retelling.steps,
        hedged=bool(event and event.hedged),
        placement=retelling.placement,
        publishers=(retelling.publisher,),
        parties=_ids(_listed(retelling.verdict)),
        sums=largest(event.amounts) if event else (),
        deadlines=tuple(day.isoformat() for day in deadlines(_text(retelling), now)),
    )
    if before is None:
        return mine
    known = _joined(retelling, before)
    said = mine if event else before
    return replace(
        known,
        event_type=said.event_type,
        stage=said.stage,
        polarity=said.polarity,
        official=mine.official,
        updated_at=now,
        steps=_with(before.steps, mine.steps),
        hedged=said.hedged,
        placement=max(mine.placement, before.placement),
        sums=_with_sums(mine.sums, before.sums),
        deadlines=_with(before.deadlines, mine.deadlines),
    )


def with_retelling(retelling: Retelling, before: Story) -> Story:
    """Return the story with one more retelling that said nothing new, which is counted once."""
    known = _joined(retelling, before)
    event = retelling.verdict.event
    return replace(
        known,
        sums=_with_sums(before.sums, largest(event.amounts) if event else ()),
        silent=before.silent + (retelling.item.id not in before.item_ids),
    )


def _joined(retelling: Retelling, before: Story) -> Story:
    return replace(
        before,
        item_ids=_with(before.item_ids, (retelling.item.id,))[-_ITEMS:],
        fingerprints=_with_fingerprint(before.fingerprints, retelling.fingerprint),
        feeds=_with(before.feeds, (retelling.item.feed,)),
        publishers=_with(before.publishers, (retelling.publisher,)),
        parties=_with(before.parties, _ids(_listed(retelling.verdict))),
    )


def _with_fingerprint(known: tuple[Fingerprint, ...], fingerprint: Fingerprint) -> tuple[Fingerprint, ...]:
    """A telling that says what one of its language said teaches nothing; the first ones are kept."""
    said = frozenset(fingerprint.words)
    if len(known) >= _MAX_FINGERPRINTS or any(
        said <= frozenset(g.words) for g in known if g.lang == fingerprint.lang
    ):
        return known
    return (*known, fingerprint)


def _with(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _with_sums(first: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """Return sums, one for each currency: those that come first where both have one."""
    by_currency = {each.partition(" ")[0]: each for each in (*more, *first)}
    return tuple(by_currency[currency] for currency in sorted(by_currency))


def _listed(verdict: Verdict) -> Iterable[Mention]:
    return (each for each in verdict.entities if each.lists and each.kind not in _NO_PARTIES)


def _ids(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.id for each in mentions))


def _text(retelling: Retelling) -> str:
    return f"{retelling.item.title}\n{retelling.item.summary[:1_000]}"
