"""Decide which judged items raise an alert, as a new story or as an update of an open one. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from monitor.model import (
    Alert,
    AlertKind,
    Change,
    ChannelTarget,
    DatedStage,
    Feed,
    Item,
    Judged,
    Placement,
    Recipient,
    Story,
    Tier,
    Verdict,
)
from monitor.stories.changes import changes_in, in_words
from monitor.stories.grouping import Match, story_after, story_of, with_related, with_retelling
from monitor.stories.index import StoryIndex
from monitor.stories.model import GroupingModel
from monitor.stories.retelling import Retelling, retelling_of
from monitor.stories.revision import Revision, revision
from monitor.stories.steps import is_first_account

from .interruption import InterruptionRule, without_interruption
from .routing import Route, RoutingTable, decide, lowered

#: The index to decide by where no item can belong to a story.
NO_STORIES = StoryIndex()

NO_EDITS: Mapping[str, Judged] = MappingProxyType({})

#: The model that groups nothing.
NO_MODEL = GroupingModel(join=2.0, relate=2.0)

Judge = Callable[[Item, Tier], Verdict]


def _uncorroborated(verdict: Verdict, tier: Tier, publishers: int) -> Verdict:
    return verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContext:
    """Everything an item is judged and routed by.

    `corroborated` returns a verdict in view of the number of independent publishers; `interruption` are
    reasons not to interrupt.
    """

    feeds: Mapping[str, Feed]
    judge: Judge
    table: RoutingTable
    grouping: GroupingModel = NO_MODEL
    interruption: tuple[InterruptionRule, ...] = ()
    routes: tuple[Route, ...] = ()
    channel_targets: Mapping[str, ChannelTarget] = field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()
    corroborated: Callable[[Verdict, Tier, int], Verdict] = _uncorroborated


@dataclass(frozen=True, slots=True)
class RaisedAlerts:
    """The alerts that some items raise, and their stories as they stand afterwards."""

    alerts: tuple[Alert, ...] = ()
    stories: tuple[Story, ...] = ()


def judge_item(
    context: AlertContext, feed: Feed, item: Item, *, first_poll: bool = False, doubt: str = ""
) -> Judged:
    """Judge an item and place it; its age, or a `doubt` about it, only lowers the placement."""
    item = replace(item, lang=item.lang or feed.lang)
    verdict = context.judge(item, feed.tier)
    decision = decide(verdict, context.table)
    return Judged(item, verdict, lowered(decision, item, feed.backlog, first_poll=first_poll, doubt=doubt))


def raise_alerts(
    context: AlertContext,
    feed: Feed,
    judged: Sequence[Judged],
    open_stories: StoryIndex,
    now: datetime,
    edited: Mapping[str, Judged] = NO_EDITS,
) -> RaisedAlerts:
    """Return the alerts that these items of one feed raise; `open_stories` is not changed.

    `edited` holds the stored version of each item that is a revision, by id: a revision raises an alert only
    if it changes the event or the facts of the item.
    """
    stories = StoryIndex(base=open_stories)
    alerts: list[Alert] = []
    for each, edit in _alertable(context, feed, judged, edited):
        retelling = retelling_of(each, feed, feed.tier is Tier.OFFICIAL, context.grouping.vocabulary)
        match = story_of(retelling, stories, context.grouping)
        changes = _changes(retelling, edit, match.before, now)
        if match.before and not changes:
            stories.add(with_retelling(match, retelling, match.before, now))
            continue
        if match.before and not edit and is_first_account(changes, match.before):
            changes = ()
        placed = _placed(context, feed, each, retelling, match.before)
        retelling = replace(retelling, placement=_placement(placed))
        stories.add(story_after(match, retelling, now))
        _relate(match, stories, now)
        alert = _alert(feed, placed, match, changes, now)
        news = f"{'edited: ' if edit and changes else ''}{in_words(changes)}"
        stages = _stages_before(retelling, match, stories)
        alerts.append(replace(alert, news=news, deadlines=retelling.deadlines, stages=stages))
    return RaisedAlerts(tuple(alerts), tuple(stories))


def _placed(
    context: AlertContext, feed: Feed, judged: Judged, retelling: Retelling, before: Story | None
) -> Judged:
    """Return an item as it is alerted: more publishers may raise its placement, and never lower it."""
    corroborated = _corroborated(context, feed, judged, retelling, before)
    placed = judged if _placement(judged) > _placement(corroborated) else corroborated
    return without_interruption(placed, retelling.fingerprint, context.interruption)


def _relate(match: Match, stories: StoryIndex, now: datetime) -> None:
    """Name the story of a match in the stories that it is related to."""
    for id in match.related:
        if other := stories.get(id):
            stories.add(with_related(other, match.id, now))


def _alert(feed: Feed, placed: Judged, match: Match, changes: tuple[Change, ...], now: datetime) -> Alert:
    return Alert(
        item=placed.item,
        verdict=placed.verdict,
        decision=placed.decision,
        story=match.id,
        raised_at=now,
        source=feed.title,
        kind=AlertKind.UPDATE if changes else AlertKind.NEW,
        tier=feed.tier.value,
        changes=changes,
        related=match.related,
        grouped_because=match.because,
    )


def _stages_before(retelling: Retelling, match: Match, stories: StoryIndex) -> tuple[DatedStage, ...]:
    """Return the stages that the story's purchase of arms had before this report."""
    event = retelling.verdict.event
    deals = stories.deals(event.buyer, event.systems) if event and event.buyer else []
    return next((each.stages for each in deals if each.story.id == match.id), ())


def _alertable(
    context: AlertContext, feed: Feed, judged: Iterable[Judged], edited: Mapping[str, Judged]
) -> Iterator[tuple[Judged, Revision | None]]:
    """Yield the items that may raise an alert; with a revision of an alerted item, also what it changed."""
    for each in judged:
        edit, placement = None, each.decision.placement
        if stored := edited.get(each.item.id):
            # judged again, so that a change of rules since then is no news
            edit = revision(replace(stored, verdict=context.judge(stored.item, feed.tier)), each)
            if not edit.steps and not edit.facts:
                continue
            if edit.taken_back:  # goes where the item went, though its new words alone would not
                placement = max(placement, stored.decision.placement)
            if stored.decision.placement is Placement.ARCHIVE:
                edit = None
        if placement is not Placement.ARCHIVE:
            yield replace(each, decision=replace(each.decision, placement=placement)), edit


def _changes(
    retelling: Retelling, edit: Revision | None, before: Story | None, now: datetime
) -> tuple[Change, ...]:
    """Return what is new to recipients of the item or its story; nothing if all of it or nothing is."""
    story_changes = changes_in(retelling, before, now) if before else ()
    if edit is None:
        return story_changes
    return (*(story_changes if before else edit.steps), *edit.facts)


def _placement(judged: Judged) -> Placement:
    return judged.decision.placement


def _corroborated(
    context: AlertContext, feed: Feed, judged: Judged, retelling: Retelling, before: Story | None
) -> Judged:
    """Return an update with the credibility of all publishers of its story; a doubt still lowers it."""
    if before is None:
        return judged
    publishers = len({retelling.publisher, *before.publishers})
    verdict = context.corroborated(judged.verdict, feed.tier, publishers)
    decision = decide(verdict, context.table)
    decision = lowered(decision, judged.item, feed.backlog, doubt=judged.decision.doubt)
    return replace(judged, verdict=verdict, decision=decision)
