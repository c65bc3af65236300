"""The values of an act and its names: who stands where, tied by what."""

from dataclasses import dataclass

from monitor.match.spans import Doc, Span
from monitor.text import Text

from .names import Name
from .prepositions import MATTERS, Tie


@dataclass(frozen=True, slots=True)
class Tied:
    """A name and its tie; `at` is the word that governs it, which names of a list share.

    A `place` is where the party is that stands there: "a ship in France".
    """

    name: Name
    tie: Tie
    at: int
    place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An act with the names of its clause, words [start, stop) of a field, and how each name is tied to it.

    `sentence` are the names of the whole sentence; `giving` are words of verbs behind which who is given
    arms may stand.
    """

    doc: Doc
    field: str
    cue: Span
    thing: Span | None
    names: tuple[Name, ...]
    sentence: tuple[Name, ...]
    start: int
    stop: int
    kind: str = ""
    frame: str = ""
    giving: frozenset[int] = frozenset()
    ties: tuple[Tied, ...] = ()

    @property
    def text(self) -> Text:
        return self.doc.texts[self.field]

    @property
    def lang(self) -> str:
        return self.doc.lang

    @property
    def opening(self) -> Name | None:
        """Return the first name of the sentence that names no matter as "Ukraine war: …" does."""
        return next((name for name in self.sentence if not self._is_matter(name)), None)

    @property
    def matter(self) -> Name | None:
        """Return the name of the matter before a colon that opens the sentence: "Ukraine war: …"."""
        first = next(iter(self.sentence), None)
        if first is None or first.start != self._first or not self._is_matter(first):
            return None
        return first if self.text.raw.startswith(":", self.text.stops[first.stop]) else None

    @property
    def begin(self) -> int:
        """Return the first word of the sentence behind its matter."""
        return self.matter.stop + 1 if self.matter else self._first

    @property
    def _first(self) -> int:
        return self.text.bounds(self.cue.start)[0]

    def _is_matter(self, name: Name) -> bool:
        behind = self.text.words[name.stop : name.stop + 1]
        return behind != () and behind[0] in MATTERS and not name.possessive

    def tied(self, *ties: Tie) -> list[Name]:
        """Return the names with one of these ties."""
        return [each.name for each in self.ties if each.tie in ties]
