"""Words by which messages name an act stand in a file, by language; its mistakes are named."""

import re

import pytest

from monitor.errors import ConfigError
from monitor.render.event_words import QUOTES, read_event_words, shipped_event_words

QUOTED = "".join(f"[quotes.{name}]\nen = 'x'\n" for name in QUOTES)


def test_words_and_patterns_are_compared_without_case_and_accents() -> None:
    words = read_event_words(QUOTED.replace("'x'", "'säljer'") + '[measures.embargo]\ntr = ["Yasağı"]\n')
    assert words.measures == {"embargo": ("yasagi",)}
    assert words.quotes["sold"] == "saljer"


def test_a_pattern_of_any_language_is_enough() -> None:
    blacklist = shipped_event_words().quotes["blacklist"]
    assert [bool(re.search(blacklist, text)) for text in ("in liste noire", "黑名单", "white list")] == [
        True,
        True,
        False,
    ]


def test_the_more_particular_measures_come_first() -> None:
    assert list(shipped_event_words().measures) == [
        "travel_ban",
        "export_ban",
        "embargo",
        "export_controls",
        "sanctions",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[quotes", "event_words.toml: "),
        ("", "event_words.toml: write a table [quotes.blacklist]"),
        (
            QUOTED.replace("'x'", "'('", 1),
            "event_words.toml: quotes.blacklist: en is no regular expression: ",
        ),
        (
            QUOTED + '[measures.embargo]\nen = "embargo"',
            "event_words.toml: measures.embargo: en is a list of words",
        ),
        (
            QUOTED + '[measures.embargo]\nEnglish = ["embargo"]',
            "event_words.toml: measures.embargo: no language English",
        ),
    ],
)
def test_a_mistake_names_the_table_and_what_to_write(text: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_event_words(text)
    assert str(error.value).startswith(mistake)
