"""Suggest names that are similar to a name in spelling or sound; a suggestion is never a match. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from monitor.model import Entity
from monitor.text import fold

from .wording import LEGAL_FORMS

#: The most suggestions.
MOST = 10

#: The most further words that a suggested name may have.
_MORE_WORDS = 3

#: What a word costs that only sounds alike, in letters.
_SOUND_COST = 2

_WORD = re.compile(r"\w+")
_VOWELS = re.compile(r"[aeiouy]+")
#: Spellings of one sound in names that were written in Latin letters by ear, in the order of replacement.
_SOUNDS = (
    ("sch", "s"),
    ("tch", "c"),
    ("dzh", "j"),
    ("kh", "k"),
    ("gh", "k"),
    ("ph", "f"),
    ("sh", "s"),
    ("ch", "c"),
    ("zh", "j"),
    ("dh", "d"),
    ("th", "t"),
    ("ck", "k"),
    ("ts", "s"),
    ("q", "k"),
    ("g", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("w", "v"),
)
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class SimilarName:
    """An entity with a `name` that is similar to the one asked for; `distance` is in letters, 0 for none."""

    entity: Entity
    name: str
    distance: int


def similar_names(name: str, entities: Iterable[Entity], most: int = MOST) -> tuple[SimilarName, ...]:
    """Return the entities with the nearest names, each once, the nearest first.

    Every word of `name` has a word that differs in one letter (four to six letters), in two (longer ones), or
    that sounds alike. Entities that have the name itself are left out.
    """
    asked = _Asked(name)
    if not asked.words:
        return ()
    found = (nearest for entity in entities if (nearest := asked.nearest(entity)))
    return tuple(nsmallest(most, found, key=lambda found: (found.distance, len(found.name), found.name)))


class _Asked:
    """The words of a name, and their distances from the words of others, each computed once."""

    def __init__(self, name: str) -> None:
        self.words = _core(name)
        self._known: dict[str, tuple[int | None, ...]] = {}

    def nearest(self, entity: Entity) -> SimilarName | None:
        """Return the nearest name of an entity; None if none is similar, or one is the name itself."""
        best: SimilarName | None = None
        for name in entity.names:
            distance = self._distance(_core(name.text))
            if distance == 0:
                return None
            if distance is not None and (best is None or distance < best.distance):
                best = SimilarName(entity, name.text, distance)
        return best

    def _distance(self, theirs: tuple[str, ...]) -> int | None:
        """Return the distance of these words; None if a word asked for has no partner among them."""
        if not 0 <= len(theirs) - len(self.words) <= _MORE_WORDS:
            return None
        left, total = list(theirs), 0
        for place in range(len(self.words)):
            costs = [(cost, word) for word in left if (cost := self._costs(word)[place]) is not None]
            if not costs:
                return None
            cost, nearest = min(costs)
            left.remove(nearest)
            total += cost
        return total

    def _costs(self, word: str) -> tuple[int | None, ...]:
        """Return the distance of a word from each word asked for; None where they are not similar."""
        if word not in self._known:
            self._known[word] = tuple(word_distance(asked, word) for asked in self.words)
        return self._known[word]


def word_distance(asked: str, word: str) -> int | None:
    """Return in how many letters two words differ, or the cost of a like sound; None if not similar."""
    if asked == word:
        return 0
    allowed = 0 if len(asked) < 4 else 1 if len(asked) < 7 else 2
    if abs(len(asked) - len(word)) <= allowed and len(set(asked) ^ set(word)) <= 2 * allowed:
        distance = edit_distance(asked, word)
        if distance <= allowed:
            return distance
    sound = sound_of(asked) if allowed else ""
    return _SOUND_COST if len(sound) > 1 and sound == sound_of(word) else None


def edit_distance(one: str, other: str) -> int:
    """Return the number of letters to insert, delete, replace or swap with the next one.

    Source: optimal string alignment.
    """
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def sound_of(word: str) -> str:
    """Return the consonants of a word in Latin letters as they sound, "" for other scripts."""
    if not word.isascii() or not word.isalpha():
        return ""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    first = "a" if _VOWELS.match(word) else ""
    return first + _VOWELS.sub("", _DOUBLED.sub(r"\1", word)).replace("h", "")


def _core(name: str) -> tuple[str, ...]:
    """Return the folded words of a name without its legal form, or all if it has no others."""
    said = tuple(_WORD.findall(fold(name)))
    return tuple(word for word in said if word not in LEGAL_FORMS) or said
