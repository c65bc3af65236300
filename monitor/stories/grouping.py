"""Group reports of one act as one story, in whatever language each is written. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from monitor.model import Fingerprint, Polarity, Stage, Story, key_of
from monitor.text.sums import largest

from .comparison import Comparison, comparison
from .deals import continued_deal
from .features import profile_of
from .index import StoryIndex
from .model import GroupingModel
from .retelling import EXPECTED, Retelling, listed

#: So many reports of a story are remembered to know others by, so many of its items, and related stories.
_MAX_FINGERPRINTS, _ITEMS, _MOST_RELATED = 12, 50, 8

#: So likely (0-1) a done act is of a story that has it, though another story that expects it is more alike.
_SURE = 0.8


@dataclass(frozen=True, slots=True)
class Match:
    """The story that an item belongs to: its id, the story as known before or None, and why.

    `related` are ids of open stories about other acts on the same matter, the closest first. `reopens`: the
    item states a later stage of a purchase whose story may be closed.
    """

    id: str
    before: Story | None = None
    because: str = ""
    related: tuple[str, ...] = ()
    reopens: bool = False


def story_of(retelling: Retelling, stories: StoryIndex, model: GroupingModel) -> Match:
    """Return the open story whose act this item reports, or a new one.

    An authority announces every act once, often under the same title: its next notice is never a report of
    its last. Fictitious items and real ones are never reports of one act.
    """
    mine = profile_of(retelling.fingerprint, model.vocabulary)
    scored = [
        (comparison(retelling, mine, story, model), story)
        for story in stories.candidates(retelling.fingerprint)
        if retelling.can_join(story)
    ]
    scored.sort(key=lambda each: (-each[0].probability, each[1].id))
    if known := stories.of_item(retelling.item.id):
        return Match(known.id, known, "the same item", _related(scored, known.id))
    joinable = [each for each in scored if each[0].joins]
    if joinable:
        best, story = next((each for each in joinable if _has_it_done(retelling, *each)), joinable[0])
        return Match(story.id, story, best.because, _related(scored, story.id))
    if deal := continued_deal(retelling, stories):
        related = _related(scored, deal.story.id)
        return Match(deal.story.id, deal.story, "a later stage of the same purchase", related, reopens=True)
    new = key_of("story", retelling.item.feed, retelling.item.guid)
    return Match(new, related=_related(scored, new))


def _has_it_done(retelling: Retelling, how: Comparison, story: Story) -> bool:
    """Say whether a report of a done act is surely of a story that has such an act as done already."""
    event = retelling.verdict.event
    if event is None or not retelling.done or how.probability < _SURE:
        return False
    of_type = (step for step in story.steps if step.startswith(f"{event.type} "))
    return any(not step.endswith(EXPECTED) for step in of_type)


def _related(scored: list[tuple[Comparison, Story]], own: str) -> tuple[str, ...]:
    related = (story.id for how, story in scored if how.is_related and story.id != own)
    return tuple(islice(related, _MOST_RELATED))


def story_after(match: Match, retelling: Retelling, now: datetime) -> Story:
    """Return the story as it stands after an alert about this item."""
    event = retelling.verdict.event if retelling.is_report else None
    before, published = match.before, retelling.published_at
    mine = Story(
        id=match.id,
        event_type=event.type if event else "",
        stage=event.stage if event else Stage.NONE,
        polarity=event.polarity if event else Polarity.NONE,
        official=retelling.official,
        updated_at=now,
        item_ids=(retelling.item.id,),
        fingerprints=(retelling.fingerprint,),
        feeds=(retelling.item.feed,),
        steps=retelling.steps,
        hedged=bool(event and event.hedged),
        placement=retelling.placement,
        publishers=(retelling.publisher,),
        parties=_parties(retelling),
        sums=largest(event.amounts) if event else (),
        deadlines=retelling.deadlines,
        related=match.related,
        has_report=retelling.is_report,
        opened_at=published,
        published_at=published,
    )
    if before is None:
        return mine
    said = mine if event else before
    return replace(
        _joined(match, retelling, _reopened(before, published) if match.reopens else before, now),
        event_type=said.event_type,
        stage=said.stage,
        polarity=said.polarity,
        official=mine.official or before.official,
        hedged=said.hedged,
        placement=max(mine.placement, before.placement),
        sums=_with_sums(mine.sums, before.sums),
        deadlines=_with(before.deadlines, mine.deadlines),
    )


def _reopened(story: Story, published: datetime) -> Story:
    """Return a story whose earlier reports, perhaps years old, are not compared with further ones."""
    return replace(story, fingerprints=(), opened_at=published, published_at=published)


def with_retelling(match: Match, retelling: Retelling, before: Story, now: datetime) -> Story:
    """Return the story with one more report that said nothing new, which is counted once."""
    event = retelling.verdict.event if retelling.is_report else None
    return replace(
        _joined(match, retelling, before, now),
        sums=_with_sums(before.sums, largest(event.amounts) if event else ()),
        deadlines=_with(before.deadlines, retelling.deadlines),
        silent=before.silent + (retelling.item.id not in before.item_ids),
    )


def with_related(story: Story, other: str, now: datetime) -> Story:
    """Return a story with one more related story."""
    return replace(story, related=_with(story.related, (other,))[-_MOST_RELATED:], updated_at=now)


def _joined(match: Match, retelling: Retelling, before: Story, now: datetime) -> Story:
    latest = max(retelling.published_at, before.published_at or retelling.published_at)
    return replace(
        before,
        updated_at=now,
        item_ids=_with(before.item_ids, (retelling.item.id,))[-_ITEMS:],
        fingerprints=_with_fingerprint(before.fingerprints, retelling.fingerprint),
        feeds=_with(before.feeds, (retelling.item.feed,)),
        steps=_with(before.steps, retelling.steps if retelling.is_report else ()),
        publishers=_with(before.publishers, (retelling.publisher,)),
        parties=_with(before.parties, _parties(retelling)),
        related=_with(before.related, match.related)[-_MOST_RELATED:],
        has_report=before.has_report or retelling.is_report,
        published_at=latest,
    )


def _with_fingerprint(known: tuple[Fingerprint, ...], fingerprint: Fingerprint) -> tuple[Fingerprint, ...]:
    """A report that says what one in its language said adds nothing; the first ones are kept."""
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


def _parties(retelling: Retelling) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.id for each in listed(retelling.verdict)))
