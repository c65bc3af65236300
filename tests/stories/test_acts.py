"""Reports of one act, and of others like it, through the engine: one story each, and what an update is."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.raise_alerts import AlertContext, judge_item, raise_alerts
from monitor.app.grouping import grouping_model
from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.model import Alert, Feed, Item, Placement, Tier
from monitor.stories.index import StoryIndex
from tests.conftest import NOW

CASES = tomllib.loads((Path(__file__).parent / "acts.toml").read_text("utf-8"))["case"]


@pytest.fixture(scope="module")
def context() -> AlertContext:
    rules = rulebook(Settings())
    return AlertContext(feeds={}, judge=rules.engine.judge, table=rules.table, grouping=grouping_model())


def alerts_of(context: AlertContext, case: dict) -> tuple[list[str], list[Alert]]:
    """Return the story of each report of a case, and the alerts that are raised."""
    index, stories, alerts = StoryIndex(), [], []
    for number, title in enumerate(case["titles"]):
        name = case.get("feed", f"f{number}")
        tier = Tier(case.get("tier", "wire"))
        feed = Feed(name=name, url=f"https://{name}.example/", title=name, host=f"{name}.example", tier=tier)
        now = NOW + timedelta(hours=case.get("hours", 3) * number)
        item = Item(
            feed=name, guid=str(number), url="", title=title, summary="", first_seen_at=now, lang="en"
        )
        judged = judge_item(context, feed, item)
        placement = max(judged.decision.placement, Placement.TAIL)
        judged = replace(judged, decision=replace(judged.decision, placement=placement))
        raised = raise_alerts(context, feed, [judged], index, now)
        for story in raised.stories:
            index.add(story)
        stories.append(index.of_item(item.id).id)
        alerts += raised.alerts
    return stories, alerts


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_act_is_one_story_and_only_what_is_new_is_an_update(context, case):
    stories, alerts = alerts_of(context, case)
    first = {story: number for number, story in reversed(list(enumerate(stories)))}
    assert [first[story] for story in stories] == case["stories"]
    assert [alert.news for alert in alerts if alert.kind == "update"] == case.get("updates", [])
    assert [alert.kind for alert in alerts] == case.get("alerts", [alert.kind for alert in alerts])


def test_acts_on_one_matter_know_each_other_and_both_alert(context):
    case = {
        "titles": [
            "Treasury imposes sanctions on Acme Harbour Trading",
            "Treasury imposes sanctions on Zenit Ore Trading",
        ]
    }
    (one, other), alerts = alerts_of(context, case)
    assert one != other
    assert [(alert.kind, alert.related) for alert in alerts] == [("new", ()), ("new", (one,))]


def test_an_update_says_why_it_is_of_its_story(context):
    case = {
        "titles": [
            "Norway to decide between German and British frigate bids",
            "Norway picks Britain for frigates",
        ]
    }
    _, alerts = alerts_of(context, case)
    assert "words of the titles" in alerts[1].grouped_because


def test_a_story_of_an_earlier_version_is_matched_by_its_words(context):
    feed = Feed(name="wire", url="https://wire.example/", title="wire", host="wire.example")
    titles = ["Denmark orders 16 more F-35 fighter jets", "Denmark orders 16 additional F-35 fighter jets"]
    items = [
        Item(feed=f"f{n}", guid=str(n), url="", title=t, summary="", first_seen_at=NOW, lang="en")
        for n, t in enumerate(titles)
    ]
    judged = [judge_item(context, feed, item) for item in items]
    (story,) = raise_alerts(context, feed, judged[:1], StoryIndex(), NOW).stories
    old = replace(story.fingerprints[0], title_terms=(), lead_terms=(), main_terms=0, arguments=None)
    earlier = replace(story, fingerprints=(old,), opened_at=None, published_at=None)
    raised = raise_alerts(context, feed, judged[1:], StoryIndex([earlier]), NOW)
    assert [each.id for each in raised.stories] == [story.id]
