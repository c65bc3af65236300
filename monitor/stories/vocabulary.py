"""How much each word says about which act a text reports, and which words name one family of acts. Pure."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log2
from typing import Any

from monitor.errors import ConfigError
from monitor.text import words

from .prosecution import CaseWords, case_words_of

#: Words are cut to so many letters once their endings are off.
STEM = 6

#: Bits of a family of acts, of a figure, and of a word or name that no table has.
FAMILY, FIGURE, UNKNOWN_WORD, UNKNOWN_NAME = 1.5, 5.0, 10.0, 8.0

#: Most that a general word weighs: a rare word of general news may be usual in ours.
_MOST_GENERAL = 9.0

_ENDINGS = ("ing", "ed", "es", "s")

#: Names of one word that take the endings of demonyms: "Chad", "Chadian".
_NAME = re.compile(r"[^\W\d_]{4,}")
_DEMONYMS = "s n an ian ean ese i is ish ns ans ians".split()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The weight of terms in bits, the families of acts by stem, and the words that say nothing.

    `states` are ids by name, capital or demonym. `weights` are of terms of news about sanctions and arms,
    `general` of stems in all news; `everyday` stems are mostly written in lower case, so they are no names.
    `another` are folded words for one more of a kind, `cases` those of court cases.
    """

    families: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    weights: Mapping[str, float] = field(default_factory=dict)
    general: Mapping[str, float] = field(default_factory=dict)
    everyday: frozenset[str] = frozenset()
    another: frozenset[str] = frozenset()
    cases: CaseWords = field(default_factory=CaseWords)

    def weight(self, term: str) -> float:
        """Return how many bits a term says."""
        if (known := self.weights.get(term)) is not None:
            return known
        kind, _, rest = term.partition(":")
        if rest:
            return {"act": FAMILY, "figure": FIGURE}.get(kind, UNKNOWN_NAME)
        return min(self.general[term], _MOST_GENERAL) if term in self.general else UNKNOWN_WORD

    def term(self, word: str) -> str:
        """Return the term of a folded word: state, family of acts, or stem; "" for one that says nothing."""
        if word in self.empty or word in self.states:
            return self.states.get(word, "")
        cut = stem(word)
        family = self.families.get(word) or self.families.get(cut)
        return f"act:{family}" if family else cut


NO_VOCABULARY = Vocabulary()


def stem(word: str) -> str:
    """Return a folded word without its English ending, cut to `STEM` letters."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word.rstrip("e")[:STEM] if len(word) > 3 else word


def vocabulary_of(
    tables: Mapping[str, Any], countries: Mapping[str, Any], background: str, topical: str, origin: str
) -> Vocabulary:
    """Return the vocabulary of the table ``[vocabulary]``, the lexicon's countries and two frequency tables.

    `background` has lines ``class word|name words…`` (class 5: in one of 32 to 63 items), `topical` lines
    ``bits terms…``.

    Raises:
        ConfigError: a table cannot be read.
    """
    try:
        families = {
            form: family
            for family, several in tables["families"].items()
            for word in words(" ".join(several))
            for form in (word, stem(word))
        }
        general, everyday = _general(background.splitlines())
        return Vocabulary(
            families=families,
            states=_states(countries),
            empty=frozenset(words(" ".join(tables["empty"]))),
            weights=_topical(topical.splitlines()),
            general=general,
            everyday=everyday,
            another=frozenset(words(" ".join(tables.get("another", ())))),
            cases=case_words_of(tables.get("cases", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{origin}: vocabulary: {error!r}") from error


def _states(countries: Mapping[str, Any]) -> dict[str, str]:
    """Return the id of a state by its names of one word in English, with the endings of demonyms."""
    states: dict[str, str] = {}
    exact: dict[str, str] = {}
    for code, entry in countries.items():
        for written in (entry["name"], *entry["names"]):
            folded = words(written) if _NAME.fullmatch(written.rstrip("*")) else ()
            for name in folded:
                exact[name] = f"country:{code}"
                states |= {f"{name}{ending}": f"country:{code}" for ending in _DEMONYMS}
    return states | exact


def _general(lines: Iterable[str]) -> tuple[dict[str, float], frozenset[str]]:
    """Return bits by stem, and the stems that are no names."""
    shares: defaultdict[str, float] = defaultdict(float)
    everyday: set[str] = set()
    for line in lines:
        rank, kind, *members = line.split()
        for word in members:
            shares[stem(word)] += 2.0 ** -(int(rank) + 0.5)
        everyday.update(map(stem, members) if kind == "word" else ())
    return {cut: max(0.0, -log2(share)) for cut, share in shares.items()}, frozenset(everyday)


def _topical(lines: Iterable[str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for line in lines:
        bits, *terms = line.split()
        weights |= dict.fromkeys(terms, float(bits))
    return weights


def parse(text: str, origin: str) -> Mapping[str, Any]:
    """Parse a TOML file.

    Raises:
        ConfigError: it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{origin}: {error}") from error
