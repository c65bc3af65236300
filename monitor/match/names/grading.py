"""Grade names by how far they identify their entity, from how common their words are.

A name of grade A counts alone, one of grade B only with other evidence and in the right letter case, one of
grade C only as evidence for others. A word is rare if neither general news nor many listed names use it.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from monitor.errors import ConfigError
from monitor.text import words
from monitor.text.patterns import late_pattern

#: Frequency classes: a word of class n occurs in one of 2^n items; unknown words are the rarest class.
COMMON = 8
UNKNOWN = 14

IDEOGRAPH = late_pattern("[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_CAPS = 4


class Reason(IntEnum):
    """The reason for a grade, weakest first."""

    WEAK = 0
    EVERYDAY = 1
    ACRONYM = 2
    SINGLE = 3
    CUT = 4
    NAMESAKES = 5
    COMMON = 6
    LONG = 7
    RARE = 8
    WATCHED = 9

    @property
    def grade(self) -> str:
        """A, B or C."""
        return "C" if self <= Reason.EVERYDAY else "B" if self <= Reason.COMMON else "A"

    @property
    def description(self) -> str:
        """The reason in words, as shown to people."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Reason.WEAK: "a weak alias",
    Reason.EVERYDAY: "an everyday word",
    Reason.ACRONYM: "an acronym",
    Reason.SINGLE: "a single word",
    Reason.CUT: "a name cut at its apostrophe",
    Reason.NAMESAKES: "a name that many people share",
    Reason.COMMON: "only common words",
    Reason.LONG: "three distinctive words or more",
    Reason.RARE: "a rare word",
    Reason.WATCHED: "a name of your own list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordStatistics:
    """How common each word is in general news, and the kinds of words that names are made of.

    `classes` maps a word to its frequency class; `everyday` words are mostly written in lower case.
    """

    version: str
    classes: Mapping[str, int]
    everyday: frozenset[str]
    given: frozenset[str]
    particles: frozenset[str]
    forms: frozenset[str]
    vessels: frozenset[str]
    titles: frozenset[str]
    calendar: frozenset[str]

    def rank(self, word: str) -> int:
        """Return the frequency class of a word."""
        return self.classes.get(word, UNKNOWN)

    def is_distinctive(self, word: str) -> bool:
        """Say whether a word helps to identify: it is no particle, initial, legal form or number."""
        if len(word) == 1:
            return IDEOGRAPH.match(word) is not None
        return word not in self.particles and word not in self.forms and not word.isdigit()


def parse_word_statistics(frequencies: str, kinds: str, origin: str, version: str) -> WordStatistics:
    """Parse the tables: lines ``class word|name words…``, and TOML with lists of words.

    Raises:
        ConfigError: a table cannot be read.
    """
    classes: dict[str, int] = {}
    everyday: set[str] = set()
    try:
        for line in frequencies.splitlines():
            rank, kind, *members = line.split()
            classes |= dict.fromkeys(members, int(rank))
            everyday.update(members if kind == "word" else ())
        table = tomllib.loads(kinds)["words"]
        sets = {name: frozenset(words(table[name])) for name in _KINDS}
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{origin}: {error}") from error
    return WordStatistics(version=version, classes=classes, everyday=frozenset(everyday), **sets)


_KINDS = ("given", "particles", "forms", "vessels", "titles", "calendar")


class _Weight(NamedTuple):
    """What one word adds to a name: `people` if many share it, `seldom` if under 1 in 256 items have it."""

    distinctive: bool
    rare: bool
    people: bool
    seldom: bool


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades names by their words; `shared` are words that very many listed names contain."""

    statistics: WordStatistics
    shared: Collection[str]
    _weights: dict[str, _Weight] = field(default_factory=dict)

    def reason(self, name: tuple[str, ...], capitals: bool = False, weak: bool = False) -> Reason:
        """Return the reason for the grade of a name of folded words; `capitals` if written in capitals."""
        if weak:
            return Reason.WEAK
        distinctive = [word for word in name if self._weight(word).distinctive]
        if len("".join(distinctive)) < 6 or len(distinctive) == 1:
            return self._short(distinctive, capitals)
        weights = [self._weights[word] for word in distinctive]
        if any(weight.rare for weight in weights):
            return Reason.RARE
        if all(weight.people for weight in weights):
            return Reason.NAMESAKES
        return Reason.LONG if len(distinctive) > 2 and sum(w.seldom for w in weights) > 1 else Reason.COMMON

    def _short(self, distinctive: list[str], capitals: bool) -> Reason:
        if not distinctive:
            return Reason.WEAK
        if all(map(IDEOGRAPH.match, distinctive)):
            return (
                Reason.LONG
                if len(distinctive) > 4
                else Reason.SINGLE
                if len(distinctive) > 1
                else Reason.WEAK
            )
        word = distinctive[0]
        if len(word) < 3 or any(
            word in each
            for each in (self.statistics.everyday, self.statistics.given, self.statistics.calendar)
        ):
            return Reason.EVERYDAY
        return Reason.ACRONYM if capitals and len(word) <= _CAPS else Reason.SINGLE

    def _weight(self, word: str) -> _Weight:
        weight = self._weights.get(word)
        if weight is None:
            rank, people = self.statistics.rank(word), word in self.shared or word in self.statistics.given
            rare = rank == UNKNOWN and not people and len(word) > 3 and not IDEOGRAPH.match(word)
            weight = self._weights[word] = _Weight(
                self.statistics.is_distinctive(word), rare, people, rank > COMMON
            )
        return weight
