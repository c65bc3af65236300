"""The engine as it ships: the sample feed judged right, and what holds for every verdict on any text."""

import tomllib
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.routing import decide, table_of
from monitor.errors import ConfigError
from monitor.match.engine import build, would_change
from monitor.match.rules import TOPICS
from monitor.model import Placement, Tier, Verdict
from monitor.resources import SEEDS
from tests.conftest import item
from tests.match.seeds import ENGINE, LEXICAL, NOW, SCORING, judge, texts
from tests.support.engines import engine_of

SAMPLE = {
    each.findtext("guid"): (each.findtext("title"), each.findtext("description"))
    for each in ET.parse(SEEDS / "sample" / "feed.xml").iter("item")
}
ROUTING = table_of(tomllib.loads(SCORING[1]), SCORING[0])

#: guid → topics, event, placement when a wire publishes it.
JUDGED = {
    "sample-s400": (("sanctions", "arms"), "relief_talks", Placement.TOP),
    "sample-designation": (("sanctions",), "imposed", Placement.NOW),
    "sample-delisting": (("sanctions",), "lifted", Placement.NOW),
    "sample-licence": (("sanctions",), "licence_issued", Placement.NOW),
    "sample-notification": (("arms",), "approval", Placement.NOW),
    "sample-contract": (("arms",), "contract", Placement.NOW),
    "sample-delivery": (("arms",), "delivery", Placement.NOW),
    "sample-halt": (("arms",), "reversal", Placement.NOW),
    "sample-package": (("sanctions",), "agreed", Placement.TOP),
    "sample-enforcement": (("sanctions",), "enforced", Placement.NOW),
    "sample-football": ((), None, Placement.ARCHIVE),
    "sample-crore": ((), None, Placement.ARCHIVE),
    "sample-quarterback": ((), None, Placement.ARCHIVE),
    "sample-lawyer": ((), None, Placement.ARCHIVE),
    "sample-price-cap": ((), None, Placement.ARCHIVE),
    "sample-combat": ((), None, Placement.ARCHIVE),
    "sample-lancet": ((), None, Placement.ARCHIVE),
    "sample-gpu": ((), None, Placement.ARCHIVE),
}

#: Pieces that meet many rules at once, between noise.
PIECES = st.sampled_from(
    [
        *"US Türkiye Russia EU Iran Poland OFAC Treasury SSB CAATSA S-400 S-400'lerin F-35s Patriot K9 howitzers".split(),
        *"sanctions sanctioned lifts imposes on buys orders signs contract for delivered talks after which may not".split(),
        *"12 2017 2019 $2.5bn previously reportedly FIFA club destroyed exercise explained , . : ; ( \n\n".split(" "),
        "new sanctions", "arms deal", "working group", "SDN List", "İsmail Demir", "stay in place", "制裁", "санкции", "👩‍💻", "e\u0301",
    ]
)  # fmt: skip
RAW = st.lists(PIECES | st.text(max_size=3), max_size=25).map(" ".join)


@pytest.mark.parametrize("guid", SAMPLE)
def test_every_item_of_the_sample_feed_is_judged_right(guid):
    verdict = judge(*SAMPLE[guid])
    topics, event, placement = JUDGED[guid]
    assert verdict.topics == topics
    assert (verdict.event.type if verdict.event and verdict.topics else None) == event
    assert decide(verdict, ROUTING).placement is placement


def test_half_of_the_sample_is_noise_and_every_item_is_expected():
    assert set(JUDGED) == set(SAMPLE)
    assert 0.3 < sum(not topics for topics, *_ in JUDGED.values()) / len(JUDGED) < 0.7


@given(RAW, RAW, st.sampled_from(Tier))
@settings(max_examples=250)
def test_a_verdict_is_consistent_with_itself_whatever_the_text(title, summary, tier):
    verdict = judge(title, summary, tier)
    marks = ENGINE.scoring
    assert set(verdict.relevance) == set(TOPICS)
    for topic, points in verdict.relevance.items():
        assert 0 <= points <= 100
        assert (topic in verdict.topics) is (points >= marks.flagged)
        assert (topic in verdict.possible) is (marks.possible <= points < marks.flagged)
    assert 0 <= verdict.severity <= 5
    assert verdict.credibility.letter in "ABCD"
    assert all(each.points >= 0 for each in verdict.evidence)
    assert all(each.points < 0 for each in verdict.penalties)
    assert set(verdict.rules) <= {rule.id for rule in ENGINE.rules.rules}
    assert len({each.id for each in verdict.entities}) == len(verdict.entities)


@given(RAW, RAW)
@settings(max_examples=250)
def test_every_quote_is_what_stands_in_the_field_as_given(title, summary):
    verdict = judge(title, summary)
    fields = {"title": title, "summary": summary}
    events = [*verdict.background, *([verdict.event] if verdict.event else [])]
    for each in (*verdict.evidence, *verdict.penalties, *events):
        assert each.start < each.stop
        assert each.quote == fields[each.field][each.start : each.stop]
    for mention in verdict.entities:
        assert mention.quote in title or mention.quote in summary
    for event in events:
        assert all(amount in fields[event.field] for amount in event.amounts)


@given(RAW, RAW)
def test_judging_twice_is_judging_once(title, summary):
    assert judge(title, summary) == judge(title, summary)


@given(RAW, RAW)
def test_a_source_changes_the_credibility_and_not_the_event(title, summary):
    official, aggregator = judge(title, summary, Tier.OFFICIAL), judge(title, summary, Tier.AGGREGATOR)
    assert (official.credibility.letter, aggregator.credibility.letter) == ("A", "D")
    assert replace(official, credibility=aggregator.credibility, would_change=()) == replace(
        aggregator, would_change=()
    )


@given(RAW, RAW)
def test_rules_that_the_prefilter_skips_could_not_match(title, summary):
    doc = ENGINE.annotate(title, summary)
    able = ENGINE.able(doc)
    passed = [each for each in (*ENGINE.rules.rules, *ENGINE.rules.events) if each not in able]
    assert [each.id for each in passed if each.when.find(doc)] == []


def test_nothing_is_judged_to_be_nothing():
    verdict = judge("", "")
    assert (verdict.topics, verdict.possible, verdict.event, verdict.evidence) == ((), (), None, ())
    assert verdict.relevance == {"sanctions": 0, "arms": 0}


def test_a_hostile_item_is_judged_in_time():
    phrase = "Turkey buys S-400 and lifts new sanctions after talks on an arms deal with SSB "
    verdict = judge(phrase * 12, phrase * 250)
    assert verdict.topics == ("sanctions", "arms")
    assert len(verdict.evidence) < 300


def test_a_rule_counts_once_and_shows_in_which_other_words_it_holds():
    verdict = judge("OFAC acts", "OFAC, OFSI, ofac, OTSI and ECJU")
    shown = [each for each in verdict.evidence if each.because.startswith("authority-named:")]
    assert [(each.field, each.quote, each.points) for each in shown] == [
        ("title", "OFAC", 15),
        ("summary", "OFSI", 0),
        ("summary", "OTSI", 0),
    ]


def test_what_stands_in_the_summary_weighs_less():
    title, summary = (
        judge("Council renews restrictive measures"),
        judge("", "Council renews restrictive measures"),
    )
    assert [each.points for each in title.evidence if each.because.startswith("strong-phrase:")] == [62]
    assert [each.points for each in summary.evidence if each.because.startswith("strong-phrase:")] == [43.4]


def test_a_penalty_is_taken_in_full_and_is_shown():
    verdict = judge("", "The Spanish league imposes sanctions against a club")
    assert [(each.because, each.quote, each.points) for each in verdict.penalties] == [
        ("sport-not-state: sport", "league", -60)
    ]
    assert not [each for each in verdict.evidence if each.because.startswith("sport")]
    assert verdict.relevance["sanctions"] == 40


def test_a_penalty_is_not_listed_where_no_points_were_given():
    verdict = judge("FIFA sanctions club after coach leaves stadium")
    assert {each.because.partition(":")[0] for each in verdict.penalties} == {"sport-body", "sport-not-state"}
    assert judge("Football club opens stadium").penalties == ()


def test_the_year_of_reading_bounds_a_publishers_date():
    texts = {"title": "Iran takes delivery of Su-35 fighters in 2026", "summary": ""}
    fresh = ENGINE.judge(item(**texts, first_seen_at=NOW, published_at=NOW + timedelta(days=700)), Tier.WIRE)
    assert fresh.event.type == "delivery"
    older = ENGINE.judge(item(**texts, first_seen_at=NOW + timedelta(days=700), published_at=NOW), Tier.WIRE)
    assert older.event.type == "delivery"
    undated = ENGINE.judge(
        item(**texts, first_seen_at=NOW + timedelta(days=700), published_at=None), Tier.WIRE
    )
    assert (undated.event, undated.background[0].year) == (None, 2026)


def test_a_watched_name_makes_the_event_one_step_graver():
    watching = engine_of(LEXICAL, texts("rules"), SCORING, {"clients": ("Acme Shipping",)})
    for title, severity in (
        ("OFAC adds Acme Shipping to SDN List", 5),
        ("OFAC adds Ajax Shipping to SDN List", 4),
    ):
        verdict = watching.judge(item(title=title, summary=""), Tier.WIRE)
        assert verdict.severity == severity
        assert ("watch:clients" in {each.id for each in verdict.entities}) is (severity == 5)


def test_the_parties_come_by_kind_and_are_named_once():
    verdict = judge("Türkiye's SSB, İsmail Demir and CAATSA", "Türkiye bought S-400s. Türkiye waits.")
    assert [each.kind for each in verdict.entities] == ["person", "agency", "weapon", "programme", "country"]
    assert verdict.entities[-1].quote == "Türkiye"


def said(**changes: object) -> list[str]:
    verdict = judge("OFAC adds 12 tankers to SDN List")
    return list(would_change(replace(verdict, **changes), ENGINE.scoring))


def test_a_verdict_says_what_would_have_changed_it():
    event = judge("OFAC adds 12 tankers to SDN List").event
    assert said() == ["an official notice of the same would raise the credibility to A"]
    assert said(topics=(), possible=("sanctions",), relevance={"sanctions": 48, "arms": 0}) == [
        "sanctions: 12 more points would flag it (the threshold is 60)"
    ]
    assert "without the hedge the severity would be 4" in said(event=replace(event, hedged=True, severity=3))
    assert "without the hedge the severity would be 5" in said(event=replace(event, hedged=True, severity=5))
    penalties = judge("The league sanctions a football club").penalties
    assert said(topics=(), penalties=penalties) == ['without "league" 60 points would not have been taken']


def test_an_official_verdict_of_a_plain_fact_needs_nothing_more():
    assert judge("OFAC adds 12 tankers to SDN List", tier=Tier.OFFICIAL).would_change == ()


def test_versions_name_what_was_judged_by():
    changed = build(LEXICAL, texts("rules") | {"own.toml": ""}, SCORING)
    assert changed.versions["rules"] != ENGINE.versions["rules"]
    assert changed.versions["lexicon"] == ENGINE.versions["lexicon"]
    marks = (SCORING[0], SCORING[1].replace("flagged = 60", "flagged = 61"))
    assert build(LEXICAL, texts("rules"), marks).versions["lexicon"] != ENGINE.versions["lexicon"]
    assert isinstance(judge("x"), Verdict)
    assert judge("x").versions == ENGINE.versions


@pytest.mark.parametrize(
    ("lexicon", "rules", "scoring"),
    [
        ({"l.toml": "[broken"}, {}, SCORING),
        ({}, {"r.toml": "[rule.x]\ntopic = 'arms'\npoints = 1\nwhen = '@nowhere'"}, SCORING),
        ({}, {}, ("s.toml", "")),
    ],
)
def test_no_engine_is_built_from_mistakes(lexicon, rules, scoring):
    with pytest.raises(ConfigError):
        build(lexicon, rules, scoring)


def test_the_page_behind_counts_less_than_title_and_summary_and_never_leads_them():
    renewal, dull = "Council renews restrictive measures", "A note from the ministry"
    by = {
        "title": judge(renewal),
        "summary": judge(dull, renewal),
        "body": judge(dull, body=renewal),
    }
    assert [each.evidence[0].field for each in by.values()] == list(by)
    points = [
        next(e.points for e in each.evidence if e.because.startswith("strong-phrase")) for each in by.values()
    ]
    assert points == [pytest.approx(points[0] * share) for share in (1.0, 0.7, 0.4)]
    both = judge(
        dull, "The EU extended sanctions on Iran.", body="The US Treasury sanctioned 14 companies in Iran."
    )
    assert both.event
    assert both.event.field == "summary"
    assert {each.field for each in both.background} <= {"summary", "body"}


def test_an_item_without_its_page_has_no_such_field():
    assert set(ENGINE.annotate("A title", "A summary").texts) == {"title", "summary"}


def test_what_nobody_is_named_for_is_less_credible():
    unsourced = judge("Sources said Poland signed a contract for 12 K9 howitzers")
    assert (
        unsourced.credibility.score
        == judge("Poland signed a contract for 12 K9 howitzers").credibility.score - 15
    )
    assert unsourced.credibility.reasons[-1] == "nobody is named who says so (-15)"
    apart = judge("Poland signed a contract for 12 K9 howitzers", "The weather, sources said, was fine.")
    assert apart.credibility.score == 80


def test_a_linked_official_document_makes_more_credible_what_is_not_official_itself():
    linked = judge("OFAC adds 14 firms to SDN List", tier=Tier.AGGREGATOR, url="https://ofac.treasury.gov/x")
    assert linked.credibility.score == 45
    official = judge("OFAC adds 14 firms to SDN List", tier=Tier.OFFICIAL, url="https://ofac.treasury.gov/x")
    assert official.credibility.reasons == ("official source",)


def test_other_sources_of_the_same_story_raise_the_credibility():
    verdict = judge("Poland signed a contract for 12 K9 howitzers", tier=Tier.REGIONAL)
    assert (
        verdict.credibility.letter,
        ENGINE.corroborated(verdict, Tier.REGIONAL, 2).credibility.letter,
    ) == ("C", "B")
    assert ENGINE.corroborated(verdict, Tier.REGIONAL, 1) == verdict
