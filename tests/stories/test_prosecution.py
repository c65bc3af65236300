"""The stages of a case that titles tell."""

import pytest

from monitor.stories.prosecution import ProsecutionStage, prosecution_stage


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("police detain captain of tanker", ProsecutionStage.ARRESTED),
        ("navy detains tanker", None),
        ("captain charged after arrest", ProsecutionStage.CHARGED),
        ("trader found guilty", ProsecutionStage.CONVICTED),
        ("trader pleaded guilty and is sentenced", ProsecutionStage.SENTENCED),
    ],
)
def test_the_latest_stage_of_a_title_counts(words, stage):
    assert prosecution_stage(words.split()) is stage


def test_a_stage_has_words():
    assert ProsecutionStage.CHARGED.in_words == "charged"
