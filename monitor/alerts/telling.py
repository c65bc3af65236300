"""From items read to alerts raised and deliveries owed: what judging and routing make of them. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from monitor.model import (
    Alert,
    Delivery,
    Feed,
    Item,
    Judged,
    Message,
    Outlet,
    Placement,
    Reader,
    Tier,
    Told,
    Verdict,
)

from .policy import Route, RoutingTable, decide, outlets_for, owed, quietened
from .publishers import publishers
from .revision import Revision, revision
from .story import appended, as_told, news_in, story_of

NO_EDITS: Mapping[str, Judged] = MappingProxyType({})

Judge = Callable[[Item, Tier], Verdict]
Render = Callable[[Alert, str], Sequence[Message]]


@dataclass(frozen=True, slots=True)
class Judging:
    """All that decides what becomes of an item; swapped whole when rules or configuration change."""

    feeds: Mapping[str, Feed]
    judge: Judge
    table: RoutingTable
    routes: tuple[Route, ...]
    outlets: Mapping[str, Outlet]
    render: Render
    corroborated: Callable[[Verdict, Tier, int], Verdict] = lambda verdict, tier, count: verdict
    readers: tuple[Reader, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """What some items came to: alerts, their stories as they then stand, and what is owed."""

    alerts: tuple[Alert, ...] = ()
    told: tuple[Told, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


def placed(judging: Judging, feed: Feed, item: Item, *, first_poll: bool = False, held: str = "") -> Judged:
    """Judge an item and decide where it belongs; its age, or a doubt (`held`), only quietens it."""
    item = replace(item, lang=item.lang or feed.lang)
    verdict = judging.judge(item, feed.tier)
    decision = decide(verdict, judging.table)
    return Judged(item, verdict, quietened(decision, item, feed.backlog, first_poll=first_poll, held=held))


def tell(
    judging: Judging,
    feed: Feed,
    judged: Sequence[Judged],
    open_stories: Iterable[Told],
    now: datetime,
    edited: Mapping[str, Judged] = NO_EDITS,
) -> Telling:
    """Return what these items of one feed raise, against the stories that are open.

    `edited` is what is stored of those that are revisions, by id: they raise nothing unless their words
    change what is said of them.
    """
    stories = {told.story: told for told in open_stories}
    changed: dict[str, Told] = {}
    alerts: list[Alert] = []
    official = feed.tier is Tier.OFFICIAL
    for each, edit in _worth_telling(judging, feed, judged, edited):
        story, before = story_of(each.item, each.verdict, stories.values(), official)
        news = _news(each, edit, before, official)
        if before and not news:
            told = appended(each.item, before)
        else:
            mine = max(_borne_out(judging, feed, each, before), each, key=_place)
            told = as_told(story, each.item, each.verdict, official, now, before)
            told = replace(
                told, placement=max(_place(mine), before.placement if before else Placement.ARCHIVE)
            )
            kind = "update" if news else "new"
            alert = Alert(mine.item, mine.verdict, mine.decision, story, now, feed.title, kind, news)
            alerts.append(replace(alert, tier=feed.tier.value))
        stories[story] = changed[story] = told
    return Telling(tuple(alerts), tuple(changed.values()), tuple(_deliveries(judging, alerts)))


def _worth_telling(
    judging: Judging, feed: Feed, judged: Iterable[Judged], edited: Mapping[str, Judged]
) -> Iterator[tuple[Judged, Revision | None]]:
    """Yield what is worth an alert; of an edit of what readers were told, also what it changed."""
    for each in judged:
        edit, place = None, each.decision.placement
        if was := edited.get(each.item.id):
            # judged anew: other rules since then are no news
            edit = revision(replace(was, verdict=judging.judge(was.item, feed.tier)), each)
            if not edit.step and not edit.facts:
                continue
            if edit.taken_back:  # told where it was told, though its new words alone would not be
                place = max(place, was.decision.placement)
            if was.decision.placement is Placement.ARCHIVE:
                edit = None
        if place is not Placement.ARCHIVE:
            yield replace(each, decision=replace(each.decision, placement=place)), edit


def _news(judged: Judged, edit: Revision | None, before: Told | None, official: bool) -> str:
    """Return what is news to those who were told of the item or its story; "" if all of it or nothing is."""
    story = news_in(judged.verdict, official, before, judged.decision.placement) if before else ""
    if edit is None:
        return story
    news = "; ".join(filter(None, (story if before else edit.step, edit.facts)))
    return f"edited: {news}" if news else ""


def _place(judged: Judged) -> Placement:
    return judged.decision.placement


def _borne_out(judging: Judging, feed: Feed, judged: Judged, before: Told | None) -> Judged:
    """Return an update as credible as all who tell the story make it; what quietened it still does."""
    if before is None:
        return judged
    told_by = (judging.feeds[name] for name in before.feeds if name in judging.feeds)
    verdict = judging.corroborated(judged.verdict, feed.tier, publishers((feed, *told_by)))
    held = judged.decision.because.partition("; ")[2]
    decision = quietened(decide(verdict, judging.table), judged.item, feed.backlog, held=held)
    return replace(judged, verdict=verdict, decision=decision)


def _deliveries(judging: Judging, alerts: Iterable[Alert]) -> Iterator[Delivery]:
    """Yield what is owed now; an alert is worded once for each form."""
    for alert in alerts:
        said: dict[str, Sequence[Message]] = {}
        for outlet in outlets_for(alert, judging.routes, judging.readers, judging.outlets):
            if outlet.form not in said:
                said[outlet.form] = judging.render(alert, outlet.form)
            yield from owed(alert, outlet, said[outlet.form])
