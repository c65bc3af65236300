"""The scoring table: how its mistakes are named, and what its marks and letters say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.rulebook import built_in
from monitor.errors import ConfigError
from monitor.match.score import Scoring, corroborated, credibility, links_primary, total
from monitor.match.score_tables import load as load_tables
from monitor.match.score_tables import merged
from monitor.model import Tier
from tests.conftest import item
from tests.match.seeds import SCORING

NAME, TEXT = SCORING


def load(text: str, *own: str) -> Scoring:
    name, tables = merged((NAME, text), ("own.toml", own[0]) if own else None)
    return load_tables(tables, name)


TABLE = load(TEXT)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[relevance]", "[relevance", "Expected"),
        ("[relevance]", "[relevances]", "relevance: the table is missing"),
        ("[relevance]", "[relevances]", "no table 'relevances'; known: relevance, fields, "),
        ("flagged = 60", "", "relevance: flagged is missing"),
        ("flagged = 60", "flagged = 600", "relevance: flagged is a number between 0 and 100, not 600"),
        ("[fields]", "[field]", "fields: the table is missing"),
        ("title = 1.0", "title = 1.0\nbodi = 0.4", "fields: no key 'bodi'; known: title, summary, body"),
        ("[letters]", "[letter]", "letters: the table is missing"),
        ("aggregator = {", "gossip = {", "tiers: aggregator is missing"),
        ("trade = { score = 75, ", "trade = { ", "tiers: trade: 'score' is missing"),
        (
            "trade = { score = 75",
            "trade = { score = 'high'",
            "tiers: trade: score is a number between 0 and 100",
        ),
        (
            "trade = { score = 75",
            "trade = { least = 1, score = 75",
            "tiers: trade: no key least; known: score, says, most",
        ),
        ("imposed = 4", "imposed = 6", "severity: imposed is a number between 0 and 5, not 6"),
        ("family = 10 ", "# ", "credibility: family is missing"),
        ("[routing]", "[route]", "routing: the table is missing"),
    ],
)
def test_a_mistake_is_named_with_its_file(old, new, says):
    assert old in TEXT
    with pytest.raises(ConfigError) as caught:
        load(TEXT.replace(old, new, 1))
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{NAME}: ") for line in lines)
    assert any(says in line for line in lines)


def test_a_table_of_an_operator_needs_only_the_rows_that_differ():
    own = load(TEXT, "[relevance]\nflagged = 70\n[severity]\ninterest = 4\n[tiers]\ntrade = { score = 90 }")
    assert (own.flagged, own.possible) == (70, TABLE.possible)
    assert own.severity == {**TABLE.severity, "interest": 4}
    assert own.tiers["trade"].score == 90
    assert own.tiers["trade"].says == TABLE.tiers["trade"].says


def test_mistakes_of_an_operators_table_name_its_file():
    for wrong in ("[broken", "flagged = 60", "[relevance]\nflaged = 6"):
        with pytest.raises(ConfigError, match=r"^own.toml: "):
            load(TEXT, wrong)


def test_the_table_of_severities_and_the_event_types_that_ship_agree():
    both = [(e.type, e.severity) for e in built_in()[1].events if e.type in TABLE.severity]
    assert both
    assert [(type, severity) for type, severity in both if TABLE.severity[type] != severity] == []


def test_the_table_of_severities_grades_the_event_types():
    graded = load(TEXT, "[severity]\nimposed = 1").graded(built_in()[1])
    assert {each.severity for each in graded.events if each.type == "imposed"} == {1}


@pytest.mark.parametrize(
    ("tier", "letter", "score"),
    [
        (Tier.OFFICIAL, "A", 100),
        (Tier.WIRE, "B", 80),
        (Tier.TRADE, "B", 75),
        (Tier.REGIONAL, "C", 60),
        (Tier.STATE_AGENCY, "C", 55),
        (Tier.STATE_MEDIA, "D", 40),
        (Tier.UNREVIEWED, "D", 35),
        (Tier.AGGREGATOR, "D", 30),
    ],
)
def test_the_tier_of_a_source_gives_its_credibility(tier, letter, score):
    said = credibility(tier, TABLE)
    assert (said.letter, said.score, len(said.reasons)) == (letter, score, 1)


@pytest.mark.parametrize(
    ("tier", "signals", "score", "letter"),
    [
        (Tier.WIRE, {"unsourced": True}, 65, "C"),
        (Tier.REGIONAL, {"primary": True}, 75, "B"),
        (Tier.REGIONAL, {"primary": True, "unsourced": True}, 60, "C"),
        (Tier.STATE_MEDIA, {"primary": True}, 40, "D"),
        (Tier.AGGREGATOR, {"unsourced": True}, 15, "D"),
    ],
)
def test_what_is_linked_and_who_is_named_moves_the_score(tier, signals, score, letter):
    said = credibility(tier, TABLE, **signals)
    assert (said.score, said.letter) == (score, letter)
    assert len(said.reasons) == 1 + len(signals)


@pytest.mark.parametrize(
    ("tier", "families", "score"),
    [
        (Tier.REGIONAL, 1, 60),
        (Tier.REGIONAL, 2, 70),
        (Tier.REGIONAL, 3, 80),
        (Tier.REGIONAL, 9, 80),
        (Tier.WIRE, 2, 90),
        (Tier.OFFICIAL, 3, 100),
        (Tier.STATE_AGENCY, 3, 55),
        (Tier.STATE_MEDIA, 3, 40),
    ],
)
def test_independent_publishers_bear_one_another_out_within_bounds(tier, families, score):
    said = corroborated(credibility(tier, TABLE), tier, families, TABLE)
    assert said.score == score
    assert ("independent publishers" in said.reasons[-1]) is (score > TABLE.tiers[tier.value].score)


@pytest.mark.parametrize(
    ("url", "summary", "official"),
    [
        ("https://ofac.treasury.gov/recent-actions/1", "", True),
        ("https://wire.example/1", "See https://www.un.org/securitycouncil/x.", True),
        ("https://treasury.gov.example/1", "", False),
        ("https://notgov/1", "gov", False),
        ("https://user@news.example/gov.uk", "", False),
        ("", "", False),
    ],
)
def test_an_official_document_is_known_by_its_host(url, summary, official):
    assert links_primary(item(url=url, summary=summary), TABLE) is official


def test_every_tier_has_its_row():
    assert set(TABLE.tiers) == {tier.value for tier in Tier}


def test_the_marks_of_relevance_are_in_order():
    assert 0 < TABLE.possible < TABLE.flagged <= 100


@given(st.lists(st.floats(-100, 100), max_size=20))
def test_points_add_up_within_bounds(points):
    assert 0 <= total(points) <= 100
    assert total(points) <= total([*points, 40])


def test_a_penalty_takes_from_a_hundred_at_most():
    assert total([88, 62, 60, -70]) == 30
    assert total([20, -70]) == 0
