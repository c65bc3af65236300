"""Retellings join their story, other events do not, and only material news raises an update."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.grouping import grouping_model
from monitor.model import Decision, Event, Feed, Item, Judged, Mention, Placement, Story, Tier, Verdict
from monitor.stories.changes import changes_in, in_words
from monitor.stories.comparison import WINDOW
from monitor.stories.fingerprint import distinctive_words
from monitor.stories.grouping import Match, story_after, story_of, with_retelling
from monitor.stories.index import StoryIndex
from monitor.stories.publishers import FICTITIOUS
from monitor.stories.retelling import Retelling, retelling_of
from tests.conftest import NOW, event, item, verdict

MODEL = grouping_model()

STATES = {
    "EU": ("EU", "Brussels"), "US": ("US", "Washington"), "UK": ("UK", "Britain"), "TR": ("Türkiye", "Ankara"),
    "DK": ("Denmark", "Danish", "Copenhagen"), "PL": ("Poland",), "IR": ("Iran", "Iranian"), "RU": ("Russia", "Russian"),
}  # fmt: skip


def happening(type: str = "contract", stage: str = "contract", polarity: str = "acquire") -> Event:
    return event(type=type, stage=stage, polarity=polarity, start=0, stop=4, quote="Some")


CONTRACT = happening()


def judged(title: str, event: Event | None = CONTRACT, guid: str = "2") -> tuple[Item, Verdict]:
    """Return an item and a verdict that names the states of its title."""
    named = ((code, name) for code, names in STATES.items() for name in names if name in title)
    mentions = {
        code: Mention(id=f"country:{code}", name=code, kind="country", quote=name) for code, name in named
    }
    return item(title=title, guid=guid, summary=""), verdict(event=event, entities=tuple(mentions.values()))


def hear(one: Item, says: Verdict, official: bool = False, place: Placement = Placement.NOW) -> Retelling:
    tier = Tier.OFFICIAL if official else Tier.WIRE
    host = FICTITIOUS if one.feed == "sample" else f"{one.feed}.example"
    feed = Feed(name=one.feed, url=f"https://{one.feed}.example", title=one.feed, host=host, tier=tier)
    return retelling_of(Judged(one, says, Decision(place, "")), feed, official, MODEL.vocabulary)


def joined(one: Item, says: Verdict, *open_stories: Story, official: bool = False) -> Story | None:
    """Return the story that an item retells."""
    return story_of(hear(one, says, official), StoryIndex(open_stories), MODEL).before


def story_from(title: str, event: Event | None = CONTRACT) -> Story:
    what = hear(*judged(title, event, guid="1"))
    return story_after(story_of(what, StoryIndex(), MODEL), what, NOW)


@pytest.mark.parametrize(("first", "second"), [("wire", "sample"), ("sample", "wire")])
def test_fictitious_and_real_reports_never_join(first: str, second: str) -> None:
    one, says = judged(ORDER)
    what = hear(replace(one, feed=first), says)
    story = story_after(story_of(what, StoryIndex(), MODEL), what, NOW)
    again = replace(one, guid="3")
    assert joined(replace(again, feed=first), says, story)
    assert joined(replace(again, feed=second), says, story) is None


def test_a_fictitious_item_that_credits_an_agency_stays_fictitious() -> None:
    one, says = judged(f"{ORDER} (Reuters)")
    assert hear(replace(one, feed="sample"), says).publisher == FICTITIOUS


def news_of(says: Verdict, known: Story, official: bool = False, place: Placement = Placement.NOW) -> str:
    """Return the news in a retelling of the story by another feed, in the same words."""
    return in_words(
        changes_in(hear(item(guid="9", title=ORDER, feed="other"), says, official, place), known, NOW)
    )


ORDER = "Denmark orders 16 additional F-35 fighter jets worth $4.5 billion"


@pytest.mark.parametrize(
    "title",
    [
        ORDER,
        "Denmark orders 16 more F-35 fighter jets",
        "Denmark orders F-35 jets for $4.5bn",
        "DENMARK ORDERS F-35 JETS: minister",
        "Copenhagen orders 16 additional F-35 fighter jets",
        "Danish F-35 order: 16 additional fighter jets worth $4.5 billion",
        "Fighter jets: Denmark orders F-35",
        "US hails as Denmark orders additional F-35 fighter jets",
    ],
)
def test_a_retelling_joins_its_story(title):
    known = story_from(ORDER)
    assert joined(*judged(title), known) == known


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Denmark orders 27 additional F-35 fighter jets worth $3 billion", happening()),
        ("Denmark orders 12 additional F-16 fighter jets", happening()),
        ("Denmark orders howitzers from an Israeli maker for its new brigade", happening()),
        ("Poland orders additional F-35 fighter jets worth billions", happening()),
        ("Minister visits Copenhagen", None),
        ("", happening()),
    ],
)
def test_another_amount_state_system_or_event_is_another_story(title, event):
    match = story_of(hear(*judged(title, event)), StoryIndex([story_from(ORDER)]), MODEL)
    assert match.before is None
    assert match.id != story_from(ORDER).id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EU sanctions Russian banks over drones", "UK sanctions Russian banks over drones"),
        ("US sanctions Iranian tankers", "EU sanctions Iranian tankers"),
        ("Washington lifts sanctions on bank", "Brussels lifts sanctions on bank"),
        ("OFAC adds 14 tankers to SDN List", "OFAC adds 22 tankers to SDN List"),
        ("EU ambassadors agree 21st sanctions package", "EU ambassadors agree 22nd sanctions package"),
    ],
)
def test_similar_events_of_other_parties_or_amounts_are_separate_stories(one, other):
    event = happening("imposed", "", "impose")
    assert joined(*judged(other, event), story_from(one, event)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("US sanctions Iranian tankers over oil", "Washington sanctions Iranian tankers over oil"),
        ("OFAC adds 14 tankers to SDN List over oil", "US adds Iranian tankers to SDN List over oil"),
        ("Türkiye and US set up working group on S-400", "Ankara, Washington set up S-400 working group"),
    ],
)
def test_other_names_of_the_same_hands_are_the_same(one, other):
    event = happening("imposed", "", "impose")
    assert joined(*judged(other, event), story_from(one, event)) is not None


def test_a_step_of_the_ladder_continues_the_story():
    known = story_from(ORDER, happening("talks", "talks"))
    assert joined(*judged(ORDER), known) == known


def test_an_item_stays_in_its_story_however_it_is_rewritten():
    known = story_from(ORDER)
    rewritten, says = judged("Correction: nothing was bought", None, guid="1")
    other = replace(story_from("Correction: nothing was bought", None), id="other", item_ids=())
    assert joined(rewritten, says, other, known) == known


def test_the_likest_story_is_joined():
    close, far = (
        story_from(ORDER),
        replace(story_from("Denmark orders F-35 fighter jets and tanks"), id="far"),
    )
    for stories in ([close, far], [far, close]):
        assert joined(*judged(ORDER), *stories) == close


def test_a_new_story_is_named_by_its_first_item_and_nothing_else():
    one, says = judged(ORDER)
    first = story_of(hear(one, says), StoryIndex(), MODEL)
    assert first == story_of(hear(replace(one, title="Another"), verdict(event=None)), StoryIndex(), MODEL)
    for other in (replace(one, guid="3"), replace(one, feed="other")):
        assert story_of(hear(other, says), StoryIndex(), MODEL).id != first.id


KNOWN = story_from(ORDER, happening("talks", "talks", "acquire"))


@pytest.mark.parametrize(
    ("event", "official", "news"),
    [
        (happening("talks", "talks"), False, ""),
        (happening("contract", "contract"), False, "stage: talks → contract"),
        (happening("contract", "talks"), False, "event: talks → contract"),
        (happening("talks", "talks", "halt"), False, "direction: acquire → halt"),
        (happening("reversal", "reversal", "halt"), False, "stage: talks → reversal; direction: acquire → halt"),
        (happening("talks", "talks"), True, "confirmed by an official source"),
        (happening("delivery", "delivery", "supply"), True, "confirmed by an official source; stage: talks → delivery"),
        (happening("imposed", "", "impose"), False, "event: talks → imposed"),
        (None, False, ""),
        (None, True, "confirmed by an official source"),
    ],
)  # fmt: skip
def test_what_is_materially_new_is_said_in_words(event, official, news):
    assert news_of(verdict(event=event, entities=()), KNOWN, official) == news


def test_an_official_source_confirms_only_once():
    official = replace(KNOWN, official=True)
    assert news_of(verdict(event=happening("talks", "talks")), official, official=True) == ""


def test_the_first_event_of_a_story_that_had_none_is_news_if_it_is_more_urgent():
    nothing = replace(story_from(ORDER, None), placement=Placement.DIGEST)
    assert news_of(verdict(event=happening()), nothing) == "stage: none → contract"
    assert news_of(verdict(event=happening()), replace(nothing, placement=Placement.NOW)) == ""


def test_a_story_keeps_its_latest_event_and_its_first_wording():
    later, says = judged("Copenhagen signs for F-35", happening("delivery", "delivery", "supply"))
    what, known = hear(later, says), replace(KNOWN, official=True)
    after = story_after(Match(KNOWN.id, known), what, NOW + timedelta(hours=5))
    assert (after.stage, after.polarity, after.event_type) == ("delivery", "supply", "delivery")
    assert (after.updated_at, after.official) == (NOW + timedelta(hours=5), True)
    assert after.fingerprints == (*KNOWN.fingerprints, what.fingerprint)
    assert after.item_ids == (*KNOWN.item_ids, later.id)
    assert in_words(changes_in(what, after, NOW)) == ""


def test_a_retelling_without_news_adds_its_item_is_counted_and_changes_nothing_else():
    what = hear(*judged(ORDER))
    after = with_retelling(Match(KNOWN.id, KNOWN), what, KNOWN, NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1)
    assert after == replace(
        KNOWN, item_ids=(*KNOWN.item_ids, what.item.id), silent=1, updated_at=later, steps=after.steps
    )
    assert with_retelling(Match(after.id, after), what, after, later) == after


def test_a_long_story_keeps_its_latest_items_and_its_first_fingerprints():
    known = KNOWN
    for number in range(200):
        known = with_retelling(
            Match(known.id), hear(*judged(f"{ORDER} {number}abc", guid=str(number))), known, NOW
        )
    assert (len(known.item_ids), len(known.fingerprints), known.silent) == (50, 12, 199)
    assert known.item_ids[-1] == item(guid="199").id
    assert known.fingerprints[0] == KNOWN.fingerprints[0]


def test_a_story_stays_open_for_three_days():
    assert timedelta(hours=72) == WINDOW


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The EU and the UK say it is so", {"eu", "uk"}),
        ("Denmark orders 16 F-35s worth $4.5bn", {"denmark", "orders", "16", "35s", "worth", "4", "5bn"}),
        ("Türkiye'nin S-400 alımı", {"turkiye", "400", "alimi"}),
        ("制裁", {"制裁"}),
        ("", set()),
    ],
)
def test_distinctive_words_are_those_that_distinguish_events(title, expected):
    assert distinctive_words(title) == expected


TITLES = st.lists(st.sampled_from("EU UK Russia sanctions banks 14 22 tankers lifts orders F-35s talks".split()), max_size=8).map(" ".join)  # fmt: skip


@given(TITLES, TITLES)
def test_a_title_retells_itself_and_retelling_is_mutual(one, other):
    if distinctive_words(one):
        assert joined(*judged(one), story_from(one)) is not None
    forth = joined(*judged(other), story_from(one))
    back = joined(*judged(one), story_from(other))
    assert (forth is None) is (back is None)


def test_each_notice_of_an_authority_is_its_own_story_even_under_the_same_title():
    first, says = judged("Russia-related Designations", guid="1")
    known = story_after(Match("s1"), hear(first, says, official=True), NOW)
    second, _ = judged("Russia-related Designations", guid="2")
    assert joined(second, says, known, official=True) is None
    assert joined(replace(second, feed="paper"), says, known) == known


def test_a_step_backwards_is_no_news():
    first, says = judged(ORDER, happening("contract", "contract", "acquire"))
    known = story_after(Match("s1"), hear(first, says), NOW)
    assert news_of(verdict(event=happening("selection", "selection", "acquire")), known) == ""
    assert news_of(verdict(event=happening("talks", "talks", "acquire")), known) == ""
    delivered = happening("delivery", "delivery", "acquire")
    assert news_of(verdict(event=delivered), known) == "stage: contract → delivery"


def test_a_supposition_that_comes_true_is_news():
    supposed = replace(happening("lifted", "", "relax"), hedged=True)
    first, says = judged("US plans to lift sanctions", supposed)
    known = story_after(Match("s1"), hear(first, says), NOW)
    assert news_of(verdict(event=replace(supposed, hedged=False)), known) == "no longer a supposition"


def test_a_better_source_alone_is_no_news():
    quiet = replace(KNOWN, placement=Placement.DIGEST)
    assert news_of(verdict(event=happening("talks", "talks")), quiet) == ""
