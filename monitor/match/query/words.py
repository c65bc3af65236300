"""Derive from a query what the full-text index can tell: the words without which it cannot hold.

The result is a prefilter. It holds for every item for which the query holds, and for others as well.
"""

import re
from collections.abc import Callable, Iterable

from monitor.match.spans import CATEGORY
from monitor.model import AllOf, AnyOf, IndexWord, WordCondition
from monitor.text.spellings import spellings, spellings_of_stem

from .nodes import Query
from .pattern import Element, Pattern, parse

#: Returns the patterns by which a tag is found; None if it is found in other ways, too.
PatternsOf = Callable[[str], tuple[Pattern, ...] | None]

#: A condition of more alternatives costs the index more than it saves.
MAX_PATTERNS = 500

#: The letters before the first wildcard, in the notation of `fnmatch.translate`.
_LITERAL = re.compile(r"\(\?s:(\w*)")


def no_patterns(tag: str) -> None:
    """Return None for every tag: all may be found in other ways."""


def word_condition(query: Query, patterns_of: PatternsOf = no_patterns) -> WordCondition | None:
    """Return the condition on the words of an item; None if the index cannot narrow the query."""
    needs = sorted(query.needs(), key=sorted)
    groups = [group for tags in needs if (group := _any_tag(sorted(tags), patterns_of))]
    return AllOf(tuple(groups)) if groups else None


def _any_tag(tags: Iterable[str], patterns_of: PatternsOf) -> WordCondition | None:
    """Return what holds if one of the tags occurs; None if a tag can occur without a known word."""
    conditions: list[WordCondition] = []
    for tag in (each.removeprefix(f"{CATEGORY}:") for each in tags):
        own = (parse(tag.removeprefix("w:")),) if tag.startswith("w:") else patterns_of(tag)
        for pattern in own or ():
            if (condition := _pattern(pattern)) is None:
                return None
            conditions.append(condition)
        if not own or len(conditions) > MAX_PATTERNS:
            return None
    return AnyOf(tuple(dict.fromkeys(conditions)))


def _pattern(pattern: Pattern) -> WordCondition | None:
    parts = [condition for element in pattern.elements if (condition := _element(element))]
    return AllOf(tuple(parts)) if parts else None


def _element(element: Element) -> WordCondition | None:
    """Return the condition of one place in a pattern; None for a number, a gap and "*sanktionen"."""
    match element.kind:
        case "word":
            return AnyOf(tuple(IndexWord(form) for form in spellings(element.value)))
        case "stem":
            return _beginning(element.value)
        case "glob":
            literal = _LITERAL.match(element.value)
            return _beginning(literal[1]) if literal and literal[1] else None
    return None


def _beginning(stem: str) -> WordCondition:
    stems, whole = spellings_of_stem(stem)
    beginnings = [IndexWord(each, beginning=True) for each in stems]
    return AnyOf((*beginnings, *(IndexWord(each) for each in whole)))
