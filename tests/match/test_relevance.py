"""What is news of sanctions and what only sounds like it, in eleven languages (relevance.toml)."""

import tomllib
from pathlib import Path

import pytest

from tests.match.seeds import judge

HEADLINES = tomllib.loads((Path(__file__).parent / "relevance.toml").read_text("utf-8"))


@pytest.mark.parametrize("title", HEADLINES["sanctions"])
def test_what_states_do_to_one_another_is_news_of_sanctions(title):
    assert "sanctions" in judge(title).topics


@pytest.mark.parametrize("title", HEADLINES["other"])
def test_what_only_sounds_like_sanctions_is_none_and_says_why_where_points_were_taken(title):
    verdict = judge(title)
    assert "sanctions" not in verdict.topics
    assert all(each.points < 0 and each.quote for each in verdict.penalties)
