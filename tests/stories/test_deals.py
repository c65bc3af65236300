"""A later stage of a purchase continues its story, however long after."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.app.grouping import grouping_model
from monitor.model import DatedStage, Deal, Story
from monitor.stories.deals import continued_deal
from monitor.stories.grouping import Match, story_after, story_of
from monitor.stories.index import StoryIndex
from monitor.stories.publishers import FICTITIOUS
from monitor.stories.retelling import Retelling
from tests.conftest import NOW, event
from tests.stories.test_grouping import hear, judged

TITLE = "US approves sale of HIMARS launchers to Sweden for $900m"
APPROVAL = event(
    type="approval",
    stage="approval",
    polarity="supply",
    start=3,
    stop=11,
    quote="approves",
    buyer="country:SE",
    supplier="country:US",
    systems=("weapon:himars",),
)
BEFORE = story_after(Match("s1"), hear(*judged(TITLE, APPROVAL, guid="1")), NOW)
DEAL = Deal(
    story=BEFORE,
    buyer="country:SE",
    suppliers=frozenset({"country:US"}),
    systems=frozenset({"weapon:himars"}),
    stages=(DatedStage("approval", NOW - timedelta(days=200), TITLE, ("$900m",)),),
)


def report(title: str = "Sweden orders 20 HIMARS launchers", **changes: object) -> Retelling:
    plain = {"type": "contract", "stage": "contract", "polarity": "acquire", "supplier": ""}
    return hear(*judged(title, replace(APPROVAL, **plain | changes), guid="2"))


def story_with(deal: Deal, retelling: Retelling) -> Match:
    return story_of(retelling, StoryIndex(deals=[deal]), grouping_model())


def test_a_contract_months_after_the_notification_continues_its_story() -> None:
    match = story_with(DEAL, report())
    assert (match.id, match.before, match.reopens) == ("s1", BEFORE, True)


def test_a_fictitious_report_continues_no_purchase() -> None:
    retelling = report()
    sample = replace(retelling, publisher=FICTITIOUS, item=replace(retelling.item, feed="sample"))
    assert story_with(DEAL, sample).before is None


def test_reports_of_the_new_stage_are_compared_with_one_another() -> None:
    retelling = report()
    after = story_after(story_with(DEAL, retelling), retelling, NOW)
    assert after.fingerprints == (retelling.fingerprint,)
    assert after.opened_at == retelling.published_at
    assert after.steps == (*BEFORE.steps, "contract contract acquire")


@pytest.mark.parametrize(
    "changes",
    [
        {"buyer": "country:NO"},
        {"systems": ("weapon:patriot",)},
        {"supplier": "country:KR"},
        {"type": "approval", "stage": "approval", "polarity": "supply"},
        {"status": "future"},
        {"hedged": True},
        {"buyer": ""},
    ],
    ids=str,
)
def test_another_purchase_or_no_later_stage_opens_a_story(changes: dict) -> None:
    match = story_with(DEAL, report(**changes))
    assert (match.id == "s1", match.before) == (False, None)


def test_a_cancellation_continues_the_story_whose_stage_it_reverses() -> None:
    ordered = replace(DEAL, story=replace(BEFORE, steps=(*BEFORE.steps, "contract contract acquire")))
    match = story_with(
        ordered, report("Sweden cancels HIMARS order", type="reversal", stage="reversal", polarity="halt")
    )
    assert match.id == "s1"


def test_a_stage_of_this_round_counts() -> None:
    now_ordered: Story = story_after(story_with(DEAL, report()), report(), NOW)
    stories = StoryIndex(stories=[now_ordered], deals=[DEAL])
    assert continued_deal(report(), stories) is None


def test_an_index_with_purchases_still_finds_the_open_stories() -> None:
    stories = StoryIndex(base=StoryIndex(base=StoryIndex([BEFORE]), deals=[DEAL]))
    assert stories.get("s1") == BEFORE
    assert stories.candidates(BEFORE.fingerprints[0]) == [BEFORE]
    assert stories.deals("country:SE", ["weapon:himars"]) == [DEAL]
