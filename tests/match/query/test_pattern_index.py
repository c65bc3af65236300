"""Patterns in packed form."""

import pytest

from monitor.match.query.pattern import of_name, parse
from monitor.match.query.pattern_index import index_patterns, pack_patterns

SOURCES = ("sanction*", "*sanktionen", "licen?e fee", "arms ... deal", "# tanks", "=US", '="a\tb"', "=С-400")


def test_packed_patterns_are_the_same_patterns() -> None:
    patterns = (*map(parse, SOURCES), *of_name("Patriot"), *of_name("K9"))
    packed = pack_patterns(patterns)
    assert tuple(packed) == patterns
    assert len(packed) == len(patterns)
    assert (packed[0], packed[1:]) == (patterns[0], patterns[1:])
    assert tuple(pack_patterns(())) == ()
    assert len(pack_patterns(())) == 0


def test_an_index_returns_every_pattern_that_it_was_made_of() -> None:
    patterns = [(f"t{number}", parse(source)) for number, source in enumerate(SOURCES)]
    assert sorted(index_patterns(patterns).patterns(), key=str) == sorted(patterns, key=str)


@pytest.mark.parametrize(
    ("word", "tags"),
    [
        ("sanctions", {"t0"}),
        ("rohrsanktionen", {"t1"}),
        ("us", {"t5"}),
        ("a", {"t6"}),
        ("7", {"t4"}),
        ("b", set()),
    ],
)
def test_candidates_begin_with_the_word(word: str, tags: set[str]) -> None:
    index = index_patterns((f"t{number}", parse(source)) for number, source in enumerate(SOURCES))
    assert {tag for tag, _ in index.candidates(word, (word,))} == tags
