"""Cut a sentence into clauses: at marks, and before words that open what is beside the main clause."""

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from monitor.text import Text

_BREAK = re.compile(r"[,;:()—–…،؛，、；：（）«»]|\s-\s|[.!?]\s|\.\.\.")
_ABBREVIATIONS = frozenset("govt gov gen sen rep dept mr mrs dr lt col ee ws mln mld mrd mio tys".split())
_JOINED = frozenset(",:–.")  # without a space: 1,200 or 10:30 or 2017–2019

#: How many letters a name in quotation marks may have; longer ones quote speech.
LONGEST_NAME = 24

#: The most words of a German phrase that stands before an object of the main clause.
LONGEST_PHRASE = 4

#: Behind a noun these make what follows part of its phrase: "nach Verhängung der Sanktionen".
_GOING_ON = frozenset(
    "der des die das den dem auf aus in im von vom gegen an am um uber zu zum zur mit fur bei und oder als"
    " wegen".split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Words [start, stop) of a sentence; a `subordinate` one follows "after", "amid", "as" …."""

    start: int
    stop: int
    subordinate: bool


def cut(text: Text, start: int, stop: int, subordinators: Collection[int]) -> tuple[Clause, ...]:
    """Return the clauses of the words [start, stop); `subordinators` open subordinate clauses.

    A subordinate clause ends at the next mark; after one that opens the sentence follows the main clause.
    """
    clauses: list[Clause] = []
    begin, subordinate = start, start in subordinators
    for at in range(start + 1, stop):
        broken = _broken(text, at)
        if broken or at in subordinators:
            clauses.append(Clause(begin, at, subordinate))
            begin, subordinate = at, at in subordinators
    clauses.append(Clause(begin, stop, subordinate))
    return tuple(clauses)


def interposed(text: Text, opener: int, thing: int) -> bool:
    """Say whether a German phrase ends before an object of the main clause: "fordert nach Angriff Waffen"."""
    between = range(opener + 1, thing)
    gaps = {text.raw[text.stops[each - 1] : text.starts[each]] for each in range(opener, thing + 1) if each}
    if gaps != {" "} or not 0 < len(between) <= LONGEST_PHRASE:
        return False
    written = ((each, text.as_written(each)) for each in between)
    nouns = [each for each, word in written if word[0].isupper() and not word.isupper()]
    return bool(nouns) and _GOING_ON.isdisjoint(text.words[nouns[-1] + 1 : thing])


def at(clauses: tuple[Clause, ...], index: int) -> int:
    """Return the number of the clause in which a word stands."""
    return bisect_right(clauses, index, key=lambda clause: clause.start) - 1


def _quotes_name(raw: str, start: int, stop: int) -> bool:
    """Say whether a gap has nothing but a quotation mark around a name: "у Трампа «Томагавки»"."""
    mark = raw[start:stop].strip()
    if mark == "«":
        return 0 < raw.find("»", stop) - stop <= LONGEST_NAME
    return mark == "»" and 0 < start - raw.rfind("«", 0, start) <= LONGEST_NAME


def _broken(text: Text, index: int) -> bool:
    gap = text.raw[text.stops[index - 1] : text.starts[index]]
    word = text.words[index - 1]
    if _quotes_name(text.raw, text.stops[index - 1], text.starts[index]):
        return False
    short = word.isdigit() or len(word) == 1 or word in _ABBREVIATIONS
    if gap == ". " and short:  # "das 21. Paket", "U.S. sanctions", "Afghan govt. assets"
        return False
    return gap not in _JOINED and len(gap) > 0 and _BREAK.search(gap) is not None
