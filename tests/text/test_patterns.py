"""A pattern that is compiled when it is first used."""

import re

import pytest

from monitor.text.patterns import late_pattern


def test_it_finds_what_the_pattern_finds() -> None:
    late, usual = late_pattern("a+|(b)", re.IGNORECASE), re.compile("a+|(b)", re.IGNORECASE)
    for _ in range(2):
        assert [found.span() for found in late.finditer("AAxb")] == [(0, 2), (3, 4)]
        assert late.split("1a2") == usual.split("1a2")
        assert late.sub("-", "aab") == "--"
        assert late.match("x") is None


def test_it_is_compiled_once_and_not_before_it_is_used() -> None:
    broken = late_pattern("(")
    assert broken.pattern == "("
    with pytest.raises(re.error):
        broken.search("x")
    late = late_pattern("x")
    assert late.search.__self__ is late.match.__self__


def test_it_has_nothing_that_a_pattern_lacks() -> None:
    with pytest.raises(AttributeError):
        late_pattern("x").unknown  # noqa: B018
