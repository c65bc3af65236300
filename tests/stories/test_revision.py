"""Edits: which of them raise an alert or an update, and which raise nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts.raise_alerts import AlertContext, raise_alerts
from monitor.alerts.routing import RoutingCell
from monitor.model import Decision, Event, Feed, Item, Judged, Mention, Placement, Story, Tier, Verdict
from monitor.stories.changes import in_words
from monitor.stories.comparison import WINDOW
from monitor.stories.grouping import Match, story_after
from monitor.stories.index import StoryIndex
from monitor.stories.retelling import retelling_of
from monitor.stories.revision import revision
from monitor.stories.vocabulary import NO_VOCABULARY
from tests.conftest import NOW, item, verdict

FEED = Feed(name="wire", url="https://wire.example/feed", title="A wire", host="wire.example", tier=Tier.WIRE)
LATER = NOW + 2 * WINDOW
EDITED = item(summary="The contract is worth $80 million, it says.")


def judged(one: Item | None = None, place: Placement = Placement.NOW, **changes: Any) -> Judged:
    return Judged(one or item(), verdict(**changes), Decision(place, "severity 4"))


def event(**changes: Any) -> Event:
    said: dict[str, Any] = {
        "topic": "arms",
        "type": "contract",
        "stage": "contract",
        "polarity": "acquire",
        "severity": 4,
    }
    return Event(**said | changes)


MAKER = Mention(id="maker:x", name="X Works", kind="maker", quote="X Works")
COUNTRY = Mention(id="country:TR", name="Türkiye", kind="country", quote="Türkiye")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (judged(), judged(EDITED), ("", "")),
        (judged(topics=(), event=None), judged(EDITED, topics=(), event=event()), ("", "")),
        (judged(), judged(topics=("arms", "sanctions")), ("", "now news of sanctions")),
        (judged(), judged(topics=()), ("", "")),
        (judged(event=event()), judged(event=event(stage="delivery", type="delivery")),
         ("event: contract → delivery; stage: contract → delivery", "")),
        (judged(event=event()), judged(event=event(polarity="halt")), ("direction: acquire → halt", "")),
        (judged(event=None), judged(event=event()),
         ("event: none → contract; stage: none → contract; direction: none → acquire", "")),
        (judged(event=event()), judged(event=None), ("", "")),
        (judged(entities=()), judged(entities=(MAKER,)), ("", "now also names X Works")),
        (judged(entities=(MAKER,)), judged(entities=()), ("", "")),
        (judged(entities=()), judged(entities=(COUNTRY,)), ("", "")),
        (judged(), judged(item(title="CORRECTED: Ministry orders 12 howitzers")),
         ("", "corrected or withdrawn")),
        (judged(item(title="Corrected: a")), judged(item(title="Corrected: b")), ("", "")),
        (judged(), judged(item(title="Düzeltme: Bakanlık")), ("", "corrected or withdrawn")),
        (judged(), judged(item(title="国防部订购（更正）")), ("", "corrected or withdrawn")),
    ],
)  # fmt: skip
def test_what_an_edit_changes_is_said_in_words(before: Judged, after: Judged, said: tuple[str, str]):
    edit = revision(before, after)
    assert (in_words(edit.steps), in_words(edit.facts)) == said
    assert edit.taken_back is ("withdrawn" in said[1])


def context(verdicts: Mapping[str, Verdict]) -> AlertContext:
    """Decides nothing but what an item's old words are worth: the verdict by its title and summary."""
    table = {severity: dict.fromkeys("ABCD", RoutingCell(Placement.NOW)) for severity in range(6)}
    return AlertContext(feeds={}, judge=lambda item, tier: verdicts[item.content_hash], table=table)


def alerts_of(was: Judged, *edits: Judged, stories: tuple[Story, ...] = ()) -> list[tuple[str, str]]:
    """Return kind and news of the alerts that edits of one item raise."""
    said = context({was.item.content_hash: was.verdict})
    raised = raise_alerts(said, FEED, edits, StoryIndex(stories), LATER, {was.item.id: was})
    return [(alert.kind, alert.news) for alert in raised.alerts]


def story(of: Judged) -> Story:
    return story_after(Match("s1"), retelling_of(of, FEED, False, NO_VOCABULARY), NOW)


def test_an_edit_that_changes_no_verdict_is_silent_however_old_its_story():
    assert alerts_of(judged(), judged(EDITED)) == []
    assert alerts_of(judged(), judged(EDITED), stories=(story(judged()),)) == []


def test_an_edit_of_an_old_story_is_an_update_of_it():
    was, edit = judged(entities=()), judged(EDITED, entities=(MAKER,))
    raised = raise_alerts(
        context({was.item.content_hash: was.verdict}), FEED, [edit], StoryIndex(), LATER, {was.item.id: was}
    )
    (alert,), (updated_story,) = raised.alerts, raised.stories
    assert (alert.kind, alert.news) == ("update", "edited: now also names X Works")
    first = raise_alerts(context({}), FEED, [was], StoryIndex(), NOW).alerts[0]
    assert alert.story == first.story == updated_story.id


def test_an_edit_of_an_item_without_an_alert_is_new():
    was = judged(place=Placement.ARCHIVE, topics=(), event=None)
    assert alerts_of(was, judged(EDITED)) == [("new", "")]


def test_a_step_that_another_feed_reported_is_not_news_again():
    was, edit = judged(event=event()), judged(EDITED, event=event(type="delivery", stage="delivery"))
    open_story = story(was)
    ahead = replace(open_story, steps=(*open_story.steps, "delivery delivery acquire"))
    assert alerts_of(was, edit, stories=(ahead,)) == []
    assert alerts_of(was, edit, stories=(open_story,)) == [("update", "edited: stage: contract → delivery")]


def test_a_withdrawal_is_an_update_with_the_placement_of_its_alert():
    was = judged()
    withdrawn = judged(item(title="WITHDRAWN: Ministry orders"), Placement.ARCHIVE, topics=(), event=None)
    raised = raise_alerts(
        context({was.item.content_hash: was.verdict}),
        FEED,
        [withdrawn],
        StoryIndex(),
        LATER,
        {was.item.id: was},
    )
    (alert,) = raised.alerts
    assert (alert.kind, alert.news, alert.decision.placement) == (
        "update",
        "edited: corrected or withdrawn",
        Placement.NOW,
    )


def test_an_edit_is_no_news_because_the_rules_changed():
    was = judged(topics=(), event=None, entities=(), place=Placement.ARCHIVE)
    today = judged()
    said = context({was.item.content_hash: today.verdict})
    assert raise_alerts(said, FEED, [judged(EDITED)], StoryIndex(), LATER, {was.item.id: was}).alerts == ()


def test_an_archived_edit_raises_no_alert():
    assert (
        alerts_of(judged(place=Placement.ARCHIVE), judged(EDITED, Placement.ARCHIVE, entities=(MAKER,))) == []
    )


def test_an_old_item_that_is_edited_is_not_as_if_published_today():
    edit = judged(replace(EDITED, first_seen_at=NOW - timedelta(days=90)))
    assert alerts_of(judged(), edit) == []
