"""From items read to alerts raised and deliveries owed: what judging and routing make of them. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from monitor.model import (
    Alert,
    ChannelTarget,
    Delivery,
    Feed,
    Item,
    Judged,
    Message,
    Placement,
    Recipient,
    Story,
    Tier,
    Verdict,
)
from monitor.stories.changes import news_in
from monitor.stories.grouping import Retelling, appended, retelling_of, story_after, story_of
from monitor.stories.index import Near
from monitor.stories.revision import Revision, revision

from .routing import Route, RoutingTable, channel_targets_for, decide, lowered, owed

#: Where nothing may tell a story, there is no need to look at any.
NOTHING_OPEN = Near()

NO_EDITS: Mapping[str, Judged] = MappingProxyType({})

Judge = Callable[[Item, Tier], Verdict]
Render = Callable[[Alert, str], Sequence[Message]]


@dataclass(frozen=True, slots=True)
class AlertContext:
    """All that decides what becomes of an item; swapped whole when rules or configuration change."""

    feeds: Mapping[str, Feed]
    judge: Judge
    table: RoutingTable
    routes: tuple[Route, ...]
    channel_targets: Mapping[str, ChannelTarget]
    render: Render
    corroborated: Callable[[Verdict, Tier, int], Verdict] = lambda verdict, tier, count: verdict
    readers: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class RaisedAlerts:
    """What some items came to: alerts, their stories as they then stand, and what is owed."""

    alerts: tuple[Alert, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


def judge_item(
    context: AlertContext, feed: Feed, item: Item, *, first_poll: bool = False, held: str = ""
) -> Judged:
    """Judge an item and decide where it belongs; its age, or a doubt (`held`), only quietens it."""
    item = replace(item, lang=item.lang or feed.lang)
    verdict = context.judge(item, feed.tier)
    decision = decide(verdict, context.table)
    return Judged(item, verdict, lowered(decision, item, feed.backlog, first_poll=first_poll, held=held))


def tell(
    context: AlertContext,
    feed: Feed,
    judged: Sequence[Judged],
    open_stories: Near,
    now: datetime,
    edited: Mapping[str, Judged] = NO_EDITS,
) -> RaisedAlerts:
    """Return what these items of one feed raise, against the stories that are open, which stay as they are.

    `edited` is what is stored of those that are revisions, by id: they raise nothing unless their words
    change what is said of them.
    """
    stories = Near(beneath=open_stories)
    alerts: list[Alert] = []
    for each, edit in _worth_telling(context, feed, judged, edited):
        what = retelling_of(each, feed, official=feed.tier is Tier.OFFICIAL)
        story, before = story_of(what, stories)
        news = _news(what, edit, before, now)
        if before and not news:
            stories.put(appended(what, before))
            continue
        mine = max(_borne_out(context, feed, each, what, before), each, key=_place)
        stories.put(story_after(story, replace(what, placement=_place(mine)), now, before))
        kind = "update" if news else "new"
        alert = Alert(
            item=mine.item,
            verdict=mine.verdict,
            decision=mine.decision,
            story=story,
            raised_at=now,
            source=feed.title,
            kind=kind,
            news=news,
        )
        alerts.append(replace(alert, tier=feed.tier.value))
    return RaisedAlerts(tuple(alerts), tuple(stories), tuple(_deliveries(context, alerts)))


def _worth_telling(
    context: AlertContext, feed: Feed, judged: Iterable[Judged], edited: Mapping[str, Judged]
) -> Iterator[tuple[Judged, Revision | None]]:
    """Yield what is worth an alert; of an edit of what readers were told, also what it changed."""
    for each in judged:
        edit, place = None, each.decision.placement
        if was := edited.get(each.item.id):
            # judged anew: other rules since then are no news
            edit = revision(replace(was, verdict=context.judge(was.item, feed.tier)), each)
            if not edit.step and not edit.facts:
                continue
            if edit.taken_back:  # told where it was told, though its new words alone would not be
                place = max(place, was.decision.placement)
            if was.decision.placement is Placement.ARCHIVE:
                edit = None
        if place is not Placement.ARCHIVE:
            yield replace(each, decision=replace(each.decision, placement=place)), edit


def _news(what: Retelling, edit: Revision | None, before: Story | None, now: datetime) -> str:
    """Return what is news to those who were told of the item or its story; "" if all of it or nothing is."""
    story = news_in(what, before, now) if before else ""
    if edit is None:
        return story
    news = "; ".join(filter(None, (story if before else edit.step, edit.facts)))
    return f"edited: {news}" if news else ""


def _place(judged: Judged) -> Placement:
    return judged.decision.placement


def _borne_out(
    context: AlertContext, feed: Feed, judged: Judged, what: Retelling, before: Story | None
) -> Judged:
    """Return an update as credible as all who tell the story make it; what quietened it still does."""
    if before is None:
        return judged
    verdict = context.corroborated(judged.verdict, feed.tier, len({what.publisher_of, *before.publishers}))
    held = judged.decision.because.partition("; ")[2]
    decision = lowered(decide(verdict, context.table), judged.item, feed.backlog, held=held)
    return replace(judged, verdict=verdict, decision=decision)


def _deliveries(context: AlertContext, alerts: Iterable[Alert]) -> Iterator[Delivery]:
    """Yield what is owed now; an alert is worded once for each form."""
    for alert in alerts:
        said: dict[str, Sequence[Message]] = {}
        for target in channel_targets_for(alert, context.routes, context.readers, context.channel_targets):
            if target.form not in said:
                said[target.form] = context.render(alert, target.form)
            yield from owed(alert, target, said[target.form])
