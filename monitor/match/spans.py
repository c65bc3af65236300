"""Values that spotting and name resolution share: spans, names of lists in a text, and the item as read."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.text import Text

from .names.building import WATCH
from .names.index import Party

#: Begins the tag of a name of the index, with its number; which names are meant is settled later.
NAME_TAG = "#"


@dataclass(frozen=True, slots=True)
class Span:
    """Words [start, stop) of a field, and the tag of what was recognised there."""

    field: str
    start: int
    stop: int
    tag: str


#: Where words may stand, in reading order.
FIELDS = ("title", "summary", "body")


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a list that stands in an item: where, its grade, what spoke for it, and whose it may be.

    `doubtful` when it is the name of more than `MOST` parties of one list.
    """

    span: Span
    grade: str
    because: str
    parties: tuple[Party, ...]
    doubtful: bool = False

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists it is on, the operator's own left out."""
        return tuple(dict.fromkeys(p.list for p in self.parties if not p.list.startswith(WATCH)))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags by which queries find it."""
        watched = tuple(dict.fromkeys(p.list for p in self.parties if p.list.startswith(WATCH)))
        return (*watched, *(("watch",) if watched else ()), *(("listed",) if self.lists else ()))


@dataclass(frozen=True, slots=True)
class Doc:
    """An item as read: its fields as text, all spans by tag in reading order, and names of lists."""

    texts: Mapping[str, Text]
    spans: Mapping[str, tuple[Span, ...]]
    named: tuple[Named, ...] = ()

    def __getitem__(self, tag: str) -> tuple[Span, ...]:
        return self.spans.get(tag, ())

    def quote(self, span: Span) -> str:
        """Return the original words of a span."""
        return self.texts[span.field].quote(span.start, span.stop)

    def sentence(self, span: Span) -> int:
        """Return the number of the sentence in which a span begins."""
        return self.texts[span.field].sentences[span.start]
