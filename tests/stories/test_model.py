"""The shipped model of grouping, its file, and the reasons that it prints."""

import pytest

from monitor.app.grouping import grouping_model
from monitor.errors import ConfigError
from monitor.stories.features import Features
from monitor.stories.model import model_of
from monitor.stories.vocabulary import stem

TABLES = """
[limits]
join = 0.5
join_foreign = 0.6
relate = 0.1
[weights]
bias = -1.0
title = 3.0
[foreign]
bias = -1.0
[vocabulary]
empty = ["the of"]
[vocabulary.families]
seize = ["seize seizes detain detains"]
"""
COUNTRIES = '[country.TD]\nname = "Chad"\nnames = ["N\'Djamena"]\n'


def model(text: str = TABLES):
    return model_of(text, COUNTRIES, "3 word usual\n9 name rare\n", "1 act:seize\n", "stories.toml")


def test_a_score_names_its_strongest_reasons_first():
    score = model().score(Features(title=0.9))
    assert (round(score.probability, 2), score.joins) == (0.85, True)
    assert score.because == "0.85 (words of the titles +2.7)"


def test_two_languages_have_weights_and_a_limit_of_their_own():
    assert not model().score(Features(title=0.9), foreign=True).joins


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("seizes", "act:seize"),
        ("detains", "act:seize"),
        ("chadian", "country:TD"),
        ("the", ""),
        ("jets", "jet"),
    ],
)
def test_words_become_families_states_and_stems(word, term):
    assert model().vocabulary.term(word) == term


def test_a_word_weighs_more_the_rarer_it_is_and_our_own_news_counts_first():
    vocabulary = model().vocabulary
    assert vocabulary.weight("act:seize") < vocabulary.weight("usual") < vocabulary.weight("rare")
    assert vocabulary.weight("rare") <= vocabulary.weight("unknown")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (TABLES.replace("title = 3.0", "titel = 3.0"), "no feature is called titel"),
        (TABLES.replace("join = 0.5", ""), "join"),
        (TABLES.replace("bias = -1.0", 'bias = "much"', 1), "much"),
        ("[limits", "stories.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(broken, said):
    with pytest.raises(ConfigError, match=said):
        model(broken)


def test_the_shipped_model_is_whole():
    shipped = grouping_model()
    assert shipped.weights.keys() == shipped.foreign.keys()
    assert shipped.vocabulary.term("sanctioned") == "act:sanction"


def test_a_stem_is_short_and_without_an_english_ending():
    assert [stem(word) for word in ("tankers", "designated", "us", "access")] == [
        "tanker",
        "design",
        "us",
        "access",
    ]
