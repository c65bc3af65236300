"""Small words of grammar stand in a file; an operator adds those of a language, and mistakes are named."""

from dataclasses import fields

import pytest

from monitor.errors import ConfigError
from monitor.match import small_words
from monitor.match.small_words import SmallWords, load
from tests.match.seeds import LEXICAL, SCORING, texts
from tests.support.engines import engine_of

SHIPPED = LEXICAL[small_words.NAME]


def test_words_of_all_languages_are_compared_without_case_and_accents() -> None:
    words = load('[periods]\nfr = ["Années"]\nru = ["дней"]\n')
    assert words.periods == {"annees", "днеи"}


def test_words_that_count_in_one_language_only_stay_apart() -> None:
    words = load('[blocking]\nde = ["für"]\nfr = ["pour"]\n')
    assert words.blocking == {"de": {"fur"}, "fr": {"pour"}}


def test_every_table_that_ships_is_known_and_none_is_empty() -> None:
    shipped = load(SHIPPED)
    assert not [each.name for each in fields(SmallWords) if not getattr(shipped, each.name)]


def test_a_file_of_the_lexicon_adds_words_to_a_table() -> None:
    engine = engine_of({**LEXICAL, "ko.toml": '[small.put_on]\nko = ["대해"]\n'}, texts("rules"), SCORING)
    assert engine.tables.small.put_on - load(SHIPPED).put_on == {"대해"}


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[blocking", "small_words.toml: "),
        ('[blockin]\nen = ["for"]', "small_words.toml: blockin: no such table; did you mean blocking?"),
        (
            'blocking = ["for"]',
            'small_words.toml: blocking: write it as a table of languages, en = ["one", "two"]',
        ),
        ('[blocking]\nEnglish = ["for"]', "small_words.toml: blocking: no language English"),
        (
            '[blocking]\nen = "for"',
            'small_words.toml: blocking: en is a list of words, as ["one", "two"], not',
        ),
    ],
)
def test_a_mistake_names_the_file_the_table_and_what_to_write(text: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(text)
    assert str(error.value).startswith(mistake)


def test_a_mistake_in_a_file_of_the_operator_names_that_file() -> None:
    with pytest.raises(ConfigError, match=r"^ko\.toml: small\.put_onto: no such table; did you mean put_on"):
        load(SHIPPED, [("ko.toml", {"small": {"put_onto": {"ko": ["대해"]}}})])
