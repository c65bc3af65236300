"""The words that an index is asked for: none is missed for which the query holds (operators.toml)."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monitor.match.lexicon import watched
from monitor.match.query.parser import parse
from monitor.match.query.pattern import Pattern
from monitor.match.query.pattern import parse as parse_pattern
from monitor.match.query.words import MAX_PATTERNS, word_condition
from monitor.model import AllOf, AnyOf, IndexWord, WordCondition
from monitor.text import other_readings, words
from tests.match.seeds import ENGINE, LEXICON

OPERATORS = tomllib.loads((Path(__file__).parent / "operators.toml").read_text("utf-8"))["operator"]
HEADLINES = tomllib.loads((Path(__file__).parents[1] / "frames" / "parity.toml").read_text("utf-8"))
WORDS = replace(LEXICON, entries=LEXICON.entries | watched({"clients": ("Acme Shipping",)}))
HITS = [
    pytest.param(row["when"], text, id=f"{row['sign']}-{number}")
    for row in OPERATORS
    for number, text in enumerate(row["hit"])
]


def patterns_of(tag: str) -> tuple[Pattern, ...] | None:
    if tag in WORDS.concepts:
        return WORDS.concepts[tag]
    entry = WORDS.entries.get(tag)
    return (*entry.patterns, *entry.ambiguous) if entry else None


def holds(condition: WordCondition, indexed: set[str]) -> bool:
    match condition:
        case IndexWord(text=text, beginning=beginning):
            return any(word.startswith(text) if beginning else word == text for word in indexed)
        case AllOf(parts=parts):
            return all(holds(part, indexed) for part in parts)
        case AnyOf(parts=parts):
            return any(holds(part, indexed) for part in parts)


@pytest.mark.parametrize(("when", "text"), HITS)
def test_the_index_finds_every_text_for_which_a_query_holds(when: str, text: str | list[str]) -> None:
    found = words(text if isinstance(text, str) else " ".join(text))
    condition = word_condition(parse(when, WORDS.tags), patterns_of)
    assert condition is None or holds(condition, {*found, *other_readings(found)})


def test_the_index_finds_every_example_of_every_rule() -> None:
    missed = [
        (rule.id, text)
        for rule in (*ENGINE.rules.rules, *ENGINE.rules.events)
        for text in rule.yes
        if (condition := word_condition(rule.when, ENGINE.patterns_of)) is not None
        and not holds(condition, {*words(text), *other_readings(words(text))})
    ]
    assert missed == []


def test_the_index_finds_every_act_of_a_frame_in_every_language() -> None:
    texts = [text for row in HEADLINES.values() for key, text in row.items() if len(key) == 2]
    missed, narrowed = [], set()
    for text in texts:
        indexed = {*words(text), *other_readings(words(text))}
        for act in ENGINE.annotate(text).acts:
            condition = frame_condition(act.frame)
            narrowed |= {act.frame} if condition else set()
            if condition and not holds(condition, indexed):
                missed.append((act.frame, text))
    assert missed == []
    assert (
        len(narrowed) > 5
    )  # the others have an object such as "*sanktionen", of which no beginning is known


@cache
def frame_condition(frame: str) -> WordCondition | None:
    """Return what the index is asked for to find the acts of a frame."""
    return word_condition(parse(f"@frame:{frame}", ENGINE.tags), ENGINE.patterns_of)


def test_acts_on_arms_which_no_concept_finds_restrict_nothing() -> None:
    (bought, *_) = ENGINE.tables.frames["buy", "arms"]
    assert frame_condition(bought.id) is None


def condition_of(query: str) -> WordCondition | None:
    return word_condition(parse(query, WORDS.tags), patterns_of)


def test_a_word_a_beginning_and_a_wildcard_are_asked_for() -> None:
    one = AnyOf((AllOf((AnyOf((IndexWord("tank"),)),)),))
    assert condition_of("tank") == AllOf((one,))
    assert condition_of("tank*") == AllOf((AnyOf((AllOf((AnyOf((IndexWord("tank", beginning=True),)),)),)),))
    assert condition_of("licen?e") == AllOf(
        (AnyOf((AllOf((AnyOf((IndexWord("licen", beginning=True),)),)),)),)
    )


@pytest.mark.parametrize("query", ["*sanktionen", "@amount", "@country", "tank OR @amount"])
def test_what_the_index_cannot_tell_restricts_nothing(query: str) -> None:
    assert condition_of(query) is None


def test_a_part_that_the_index_cannot_tell_leaves_the_others() -> None:
    assert condition_of("tank @amount") == condition_of("tank NOT shell") == condition_of("tank")


def test_a_tag_of_very_many_patterns_restricts_nothing() -> None:
    query, pattern = parse("@x", {"x"}), parse_pattern("tank")
    assert word_condition(query, lambda tag: (pattern,) * MAX_PATTERNS) is not None
    assert word_condition(query, lambda tag: (pattern,) * (MAX_PATTERNS + 1)) is None
