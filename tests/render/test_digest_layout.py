from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Alert, Decision, Evidence, Mention, Placement, StorySoFar
from monitor.render import samples as sample
from monitor.render.digest_layout import Budget, Layout, corrects, entries_of, extract, lay_out

ROOMY = Budget(55, 200)


def titles(layout: Layout) -> list[str]:
    return [entry.alert.item.guid for entry in layout.entries]


def test_the_most_urgent_are_on_top_and_the_others_under_their_headings() -> None:
    layout = lay_out(entries_of(sample.ALERTS), ROOMY)
    shown = {
        "top": [e.alert.item.guid for e in layout.top.entries],
        **{
            f"{chapter.name} {group.name}": [e.alert.item.guid for e in group.entries]
            for chapter in layout.sanctions
            for group in chapter.groups
        },
        **{
            group.name: [e.alert.item.guid for e in group.entries]
            for group in (layout.arms, layout.developing, layout.also, layout.corrections)
        },
    }
    assert shown == {
        "top": ["listing", "sale", "denial", "working-group"],
        "EU lifted": ["removal"],
        "arms": ["order"],
        "developing": ["delay"],
        "also": ["fees"],
        "corrections": ["retraction"],
    }
    assert [entry.number for entry in layout.entries] == list(range(1, 10))


def test_a_story_with_two_alerts_is_one_entry_with_the_earlier_one_beneath() -> None:
    (story,) = entries_of((sample.RUMOUR, sample.DENIAL))
    assert story.alert == sample.DENIAL
    assert story.others == (sample.RUMOUR,)
    assert story.id == sample.DENIAL.id


def test_alerts_without_a_story_are_not_lumped_together() -> None:
    one, two = sample.POSSIBLE, replace(sample.POSSIBLE, item=replace(sample.POSSIBLE.item, guid="other"))
    assert len(entries_of((one, two))) == 2


def test_an_alert_without_a_section_comes_last() -> None:
    strange = replace(sample.ORDER, verdict=replace(sample.ORDER.verdict, topics=("weather",), event=None))
    layout = lay_out(entries_of((strange,)), ROOMY)
    assert layout.also.entries[0].alert == strange


def test_order_is_placement_then_severity_then_newest() -> None:
    def ranked(guid: str, placement: Placement, severity: int, minutes: int) -> Alert:
        event = sample.TALKS.verdict.event
        assert event
        return replace(
            sample.TALKS,
            item=replace(sample.TALKS.item, guid=guid),
            verdict=replace(sample.TALKS.verdict, event=replace(event, severity=severity)),
            decision=Decision(placement, ""),
            story=guid,
            raised_at=sample.NOW + timedelta(minutes=minutes),
        )

    alerts = (
        ranked("older", Placement.DIGEST, 3, 0),
        ranked("grave", Placement.DIGEST, 5, 0),
        ranked("newer", Placement.DIGEST, 3, 9),
        ranked("now", Placement.NOW, 1, 0),
        ranked("tail", Placement.TAIL, 5, 9),
    )
    assert [e.alert.item.guid for e in entries_of(alerts)] == ["now", "grave", "newer", "older", "tail"]


def test_measures_come_before_other_acts_of_their_severity() -> None:
    def raised(guid: str, type: str, minutes: int) -> Alert:
        event = sample.LISTING.verdict.event
        assert event
        return replace(
            sample.LISTING,
            item=replace(sample.LISTING.item, guid=guid),
            verdict=replace(sample.LISTING.verdict, event=replace(event, type=type, severity=4)),
            story=guid,
            raised_at=sample.NOW + timedelta(minutes=minutes),
        )

    alerts = (
        raised("listing", "imposed", 0),
        raised("delisting", "lifted", 1),
        raised("licence", "licence_issued", 2),
        raised("fine", "enforced", 3),
    )
    assert [e.alert.item.guid for e in entries_of(alerts)] == ["listing", "delisting", "fine", "licence"]


def test_not_more_than_five_are_on_top_and_the_sixth_is_under_its_topic() -> None:
    alerts = tuple(
        replace(sample.LISTING, item=replace(sample.LISTING.item, guid=str(n)), story=str(n))
        for n in range(7)
    )
    layout = lay_out(entries_of(alerts), ROOMY)
    assert len(layout.top.entries) == 5
    (chapter,) = layout.sanctions
    assert (chapter.name, chapter.size) == ("US", 2)
    assert [(group.name, len(group.entries)) for group in chapter.groups] == [("imposed", 2)]


def test_sanctions_stand_under_whoever_imposes_them_known_regimes_first() -> None:
    def by(number: int, *mentions: Mention, imposer: str = "") -> Alert:
        event = sample.REMOVAL.verdict.event
        assert event
        verdict = replace(sample.REMOVAL.verdict, event=replace(event, imposer=imposer), entities=mentions)
        return replace(sample.REMOVAL, verdict=verdict, story=f"{number}")

    ofac = Mention(
        id="authority:ofac", name="OFAC", kind="authority", quote="OFAC", lists=(), countries=("US",)
    )
    russia = Mention(
        id="country:RU", name="Russia", kind="country", quote="Moscow", lists=(), countries=("RU",)
    )
    council = Mention(
        id="authority:council",
        name="Council of the EU",
        kind="authority",
        quote="Council",
        lists=(),
        countries=("EU",),
    )
    alerts = (
        by(1),
        by(2, russia, imposer="country:RU"),
        by(3, russia, ofac),
        by(4, ofac, council, imposer="authority:council"),
        by(5, russia),
    )
    layout = lay_out(entries_of(alerts), Budget(55, 200))
    assert [(chapter.name, chapter.size) for chapter in layout.sanctions] == [
        ("EU", 1),
        ("US", 1),
        ("Russia", 1),
        ("", 2),
    ]


def test_a_story_with_only_updates_goes_on_and_one_that_begins_here_does_not() -> None:
    update = replace(sample.ORDER, kind="update", news="stage: approval → contract", seq=50)
    (going_on,) = entries_of((update,))
    (begun_here,) = entries_of((sample.ORDER, update))
    assert going_on.goes_on
    assert not begun_here.goes_on
    assert lay_out((going_on,), ROOMY).developing.size == 1
    assert lay_out((begun_here,), ROOMY).arms.size == 1


@pytest.mark.parametrize(
    ("news", "taken_back"),
    [
        ("the earlier report is corrected: 12 vessels, not 21", True),
        ("retracted by its publisher", True),
        ("denied by the ministry", True),
        ("now hedged: talks; correction", True),
        ("confirmed by OFAC", False),
        ("amount: $2bn → $3bn", False),
        ("", False),
    ],
)
def test_an_update_that_takes_back_an_earlier_report_is_a_correction(news: str, taken_back: bool) -> None:
    alert = replace(sample.ORDER, kind="update", news=news)
    assert corrects(alert) == taken_back
    assert not corrects(replace(alert, kind="new"))
    layout = lay_out(entries_of((alert,)), ROOMY)
    assert (layout.corrections.size, layout.developing.size) == (taken_back, not taken_back)


def test_corrections_are_shown_however_little_space_there_is() -> None:
    many = tuple(
        replace(sample.ORDER, item=replace(sample.ORDER.item, guid=f"{n}"), story=f"{n}") for n in range(50)
    )
    layout = lay_out(entries_of((*many, sample.RETRACTION)), Budget(5, 3))
    assert len(layout.corrections.entries) == 1
    assert layout.more == 48


def test_an_entry_names_the_other_sources_of_its_story() -> None:
    (entry,) = entries_of((sample.LISTING,), {sample.LISTING.story: StorySoFar(("wire", "sample", "daily"))})
    assert entry.more_sources == ("wire", "daily")
    assert entries_of((sample.LISTING,))[0].more_sources == ()


@given(
    st.lists(st.tuples(st.sampled_from(sample.ALERTS), st.integers(0, 30)), max_size=60),
    st.integers(5, 55),
    st.integers(0, 40),
)
@settings(max_examples=40, deadline=None)
def test_every_story_is_shown_once_or_counted_as_left_out(
    drawn: list[tuple[Alert, int]], cards: int, rows: int
) -> None:
    alerts = tuple(
        replace(alert, item=replace(alert.item, guid=f"{n}"), story=f"s{story}")
        for n, (alert, story) in enumerate(drawn)
    )
    layout = lay_out(entries_of(alerts), Budget(cards, rows))
    shown = titles(layout)
    assert len(shown) == len(set(shown))
    assert len(shown) + layout.more == layout.stories == len({alert.story for alert in alerts})
    assert sum(n for _, n in layout.severities) == layout.stories
    assert sum(entry.full for entry in layout.entries) <= cards
    assert sum(not entry.full for entry in layout.entries) <= rows
    shown_alerts = sum(1 + len(e.others) for e in layout.entries)
    assert shown_alerts == len(alerts) or layout.more


def test_an_extract_leaves_room_for_what_is_quoted_beyond_it() -> None:
    summary = "word " * 100
    item = replace(sample.TALKS.item, summary=summary)
    plain = replace(sample.TALKS.verdict, evidence=(), penalties=(), background=())
    assert len(extract(replace(sample.TALKS, item=item, verdict=plain))) <= 200
    for stop, room in ((150, 200), (300, 100), (380, 0)):
        quoted = replace(
            plain, evidence=(Evidence(field="summary", start=100, stop=stop, quote="…", because="a rule"),)
        )
        shown = len(extract(replace(sample.TALKS, item=item, verdict=quoted)))
        assert max(0, room - 8) <= shown <= room


def test_what_is_high_beneath_the_top_items_is_listed_too() -> None:
    layout = lay_out(entries_of(sample.ALERTS), ROOMY)
    assert [entry.alert.item.guid for entry in layout.high] == ["removal", "order"]


def test_a_minor_act_is_in_its_section_and_an_opinion_is_not() -> None:
    minor = replace(sample.ORDER, decision=Decision(Placement.TAIL, ""))
    event = minor.verdict.event
    assert event
    opinion = replace(
        minor,
        item=replace(minor.item, guid="opinion"),
        verdict=replace(minor.verdict, event=replace(event, type="commentary")),
        story="another",
    )
    layout = lay_out(entries_of((minor, opinion)), ROOMY)
    assert [entry.alert.item.guid for entry in layout.arms.entries] == ["order"]
    assert [entry.alert.item.guid for entry in layout.also.entries] == ["opinion"]


@pytest.mark.parametrize(
    ("tier", "url", "regime"),
    [
        ("official", "https://ofac.treasury.gov/recent-actions/1", "US"),
        ("official", "https://www.consilium.europa.eu/1", "EU"),
        ("official", "https://www.gov.uk/government/news/1", "GB"),
        ("official", "https://ministry.example/1", ""),
        ("official", "https://[", ""),
        ("wire", "https://ofac.treasury.gov/recent-actions/1", ""),
    ],
)
def test_an_official_notice_without_an_authority_is_its_publishers(tier: str, url: str, regime: str) -> None:
    notice = replace(
        sample.REMOVAL,
        item=replace(sample.REMOVAL.item, url=url),
        verdict=replace(sample.REMOVAL.verdict, entities=()),
        tier=tier,
    )
    (chapter,) = lay_out(entries_of((notice,)), ROOMY).sanctions
    assert chapter.name == regime
