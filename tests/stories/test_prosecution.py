"""The stages of a case that titles state."""

import pytest

from monitor.app.grouping import grouping_model
from monitor.stories.prosecution import CaseWords, ProsecutionStage


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
    assert grouping_model().vocabulary.cases.stage_of(words.split()) is stage


def test_without_words_there_is_no_stage():
    assert CaseWords().stage_of(["charged"]) is None


def test_a_stage_has_words():
    assert ProsecutionStage.CHARGED.in_words == "charged"
