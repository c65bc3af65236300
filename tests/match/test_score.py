"""The scoring table: how its mistakes are named, and what its marks and letters say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.match.score import credibility, load, total
from monitor.model import Tier
from tests.match.seeds import SCORING

NAME, TEXT = SCORING
TABLE = load(TEXT, NAME)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[relevance]", "[relevance", "Expected"),
        ("[relevance]", "[relevances]", "the table or key 'relevance' is missing"),
        ("flagged = 60", "", "the table or key 'flagged' is missing"),
        ("[fields]", "[field]", "the table or key 'fields' is missing"),
        ("[letters]", "[letter]", "the table or key 'letters' is missing"),
        ("aggregator = {", "gossip = {", "tiers: aggregator missing"),
        ("trade = { score = 75, ", "trade = { ", "the table or key 'score' is missing"),
        ("trade = { score = 75", "trade = { score = 'high'", "invalid literal"),
    ],
)
def test_a_mistake_is_named_with_its_file(old, new, says):
    assert old in TEXT
    with pytest.raises(ConfigError, match=rf"^{NAME}: .*{says}"):
        load(TEXT.replace(old, new, 1), NAME)


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
def test_a_source_is_believed_as_far_as_its_standing_carries(tier, letter, score):
    said = credibility(tier, TABLE)
    assert (said.letter, said.score, len(said.reasons)) == (letter, score, 1)


def test_every_standing_has_its_row():
    assert set(TABLE.tiers) == {tier.value for tier in Tier}


def test_the_marks_of_relevance_are_in_order():
    assert 0 < TABLE.possible < TABLE.flagged <= 100


@given(st.lists(st.floats(-100, 100), max_size=20))
def test_points_add_up_within_bounds(points):
    assert 0 <= total(points) <= 100
    assert total(points) <= total([*points, 40])
