"""Say how far the clause of an act reaches for the names that belong to it."""

import re
from dataclasses import dataclass

from monitor.text import Text

from .names import Name
from .prepositions import ARTICLES, CLOSING, COORDINATORS, PREPOSITIONS, Tie

LISTING = re.compile(r"['’]?s?[,،、/]\s*")

#: What may stand between words of one phrase: quotation marks, and the full stop of "U.S.".
_JOINING = re.compile(r"[\s«»\"'“”„’‘「」『』]*")
_ABBREVIATED = re.compile(r"\.\s")

#: Words of a list of goods before its goal.
ITEMS_REACH = 9

_TIES = frozenset({Tie.BY, Tie.ON, Tie.TO, Tie.FOR, Tie.FROM, Tie.WITH, Tie.IN})
_HARD = re.compile(r"[,;:()—–…،؛，；：（）]|\s-\s|[.!?]\s")


def parted(text: Text, index: int) -> bool:
    """Say whether a comma stands before a word."""
    return "," in text.raw[text.stops[index - 1] : text.starts[index]]


@dataclass(frozen=True, slots=True)
class Reach:
    """The words [first, last) of a sentence with its names."""

    text: Text
    lang: str
    names: tuple[Name, ...]
    first: int
    last: int

    def begin(self, start: int, verb: int) -> int:
        """Return the begin of a clause, with the subject that a mark parts from it and its list."""
        while start > self.first:
            if self._joined(start) or self._particle(start):
                start = self._back(start - 1)
            elif LISTING.fullmatch(self._gap(start)) and (before := self._listed_before(start, verb)):
                start = before.start
            else:
                return start
        return start

    def end(self, stop: int) -> int:
        """Return the end of a clause: with the list of its last name, and names behind a preposition."""
        while stop < self.last:
            further = (
                self._over_mark(stop)
                or self._over_preposition(stop)
                or self._over_list(stop)
                or self._over_items(stop)
            )
            if not further:
                return stop
            stop = further
        return stop

    def _gap(self, index: int) -> str:
        return self.text.raw[self.text.stops[index - 1] : self.text.starts[index]]

    def _joined(self, index: int) -> bool:
        """Say whether only quotation marks, or the stop of "U.S.", part a word from the one before."""
        gap, small = self._gap(index), self.text.words[index]
        if _ABBREVIATED.fullmatch(gap):
            word = self.text.words[index - 1]
            return len(word) == 1 or word in {"ee", "uu"}  # "EE. UU."
        quoted = bool(gap.strip()) and _JOINING.fullmatch(gap) is not None
        return quoted and small not in CLOSING.get(self.lang, ())

    def _particle(self, index: int) -> bool:
        """Say whether a clause was cut at the particle of a German verb: "prescht vor und stoppt"."""
        behind = self.text.words[index + 1] if index + 1 < self.last else ""
        return self.lang == "de" and behind in COORDINATORS and self.text.words[index] in PREPOSITIONS["de"]

    def _back(self, index: int) -> int:
        while index > self.first and not _HARD.search(self._gap(index)) and not self._opens(index):
            index -= 1
        return index

    def _opens(self, index: int) -> bool:
        """Say whether a word opens what stands beside another clause: "as", "while", "amid"."""
        return PREPOSITIONS.get(self.lang, {}).get(self.text.words[index]) is Tie.BESIDE

    def _on(self, index: int) -> int:
        closing = CLOSING.get(self.lang, frozenset())
        while (
            index < self.last and not _HARD.search(self._gap(index)) and self.text.words[index] not in closing
        ):
            index += 1
        return index

    def _listed_before(self, start: int, verb: int) -> Name | None:
        """Return the name before a comma, if the clause behind it lists on or has no subject of its own."""
        before = next((name for name in self.names if name.stop == start), None)
        own = any(name.start == start for name in self.names)
        bare = before is not None and before.start == self.first
        alone = bare and not any(start <= name.start < verb for name in self.names)
        if before is not None and self.lang == "tr" and (joint := self._joint(before)):
            return joint
        return before if own or alone or (bare and self.lang == "tr") else None

    def _joint(self, name: Name) -> Name | None:
        """Return the name that opens a Turkish sentence together with another: "Türkiye ile İngiltere, …"."""
        first = next(iter(self.names), None)
        if first is None or first.start != self.first or name.start - first.stop != 1:
            return None
        return first if self.text.words[first.stop] in {"ile", "ve"} else None

    def _over_mark(self, stop: int) -> int:
        return self._on(stop + 1) if self._joined(stop) else 0

    def _over_preposition(self, stop: int) -> int:
        """Return the end of a phrase that a clause was cut before: "nach Syrien"."""
        tie = PREPOSITIONS.get(self.lang, {}).get(self.text.words[stop])
        at = stop + 1
        while at < self.last and self.text.words[at] in ARTICLES:
            at += 1
        named = any(name.start == at for name in self.names)
        return self._on(at) if tie in _TIES and named and not _HARD.search(self._gap(stop)) else 0

    def _over_items(self, stop: int) -> int:
        """Return the end of a list of goods that ends with their goal: "tanks, guns and shells to Poland"."""
        prepositions = PREPOSITIONS.get(self.lang, {})
        for at in range(stop, min(stop + ITEMS_REACH, self.last)):
            if _HARD.search(self._gap(at)) and not LISTING.fullmatch(self._gap(at)):
                return 0
            if prepositions.get(self.text.words[at]) is Tie.TO:
                named = any(name.start - at in {1, 2} for name in self.names)
                return self._on(at + 1) if named else 0
            if prepositions.get(self.text.words[at]) or any(name.start == at for name in self.names):
                return 0
        return 0

    def _over_list(self, stop: int) -> int:
        if not LISTING.fullmatch(self._gap(stop)):
            return 0
        before = any(stop - name.stop in {0, 1} for name in self.names)
        behind = next((name for name in self.names if name.start == stop), None)
        if not (before and behind):
            return 0
        more = behind.stop
        if more < self.last and self.text.words[more] in COORDINATORS:
            more = next((name.stop for name in self.names if name.start == more + 1), more)
        return more
