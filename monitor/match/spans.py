"""Values shared by spotting and name resolution: spans, listed names in a text, the annotated item."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from monitor.model import EventStatus
from monitor.text import Text

from .names.building import WATCH
from .names.index import Party
from .small_words import NO_SMALL_WORDS, SmallWords

#: Prefix of the tag of a name of the index, before its number; `names.resolve` replaces these tags later.
NAME_TAG = "#"


class Span(NamedTuple):  # hundreds are made an item: of all values a tuple takes the least time
    """Words [start, stop) of a field, and the tag of what was recognised there."""

    field: str
    start: int
    stop: int
    tag: str


#: The fields of an item in reading order.
FIELDS = ("title", "summary", "body")

#: The field of the publisher's categories; only a part of a query that names it looks there.
CATEGORY = "category"

#: The fields that queries can name, in the order in which matches are reported.
QUERY_FIELDS = (*FIELDS, CATEGORY)


@dataclass(frozen=True, slots=True)
class Named:
    """A listed name in an item, with its grade, the reason it counts, and the entities it may mean.

    `doubtful` if it is the name of more than `resolve.MAX_PARTIES` entities of one list.
    """

    span: Span
    grade: str
    because: str
    parties: tuple[Party, ...]
    doubtful: bool = False

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that hold it, without the operator's own."""
        return tuple(dict.fromkeys(p.list for p in self.parties if not p.list.startswith(WATCH)))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags by which queries find it."""
        watched = tuple(dict.fromkeys(p.list for p in self.parties if p.list.startswith(WATCH)))
        return (*watched, *(("watch",) if watched else ()), *(("listed",) if self.lists else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A verb with its object, found by a frame: words [start, stop) of a field, the verb's span first.

    `why` says why it is no news, or "", `kind` is that of the verb's form (see ``forms.txt``), `clause` the
    words [start, stop) of its clause.
    """

    type: str
    frame: str
    status: EventStatus
    hedged: bool
    field: str
    start: int
    stop: int
    spans: tuple[Span, ...]
    why: str = ""
    kind: str = ""
    clause: tuple[int, int] = (0, 0)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags by which queries find it; what is denied is no act of its frame."""
        act = f"act:{self.type}"
        beside = self.field != "title" and self.why.startswith("told as")
        return (act,) if self.status == EventStatus.DENIED or beside else (act, f"frame:{self.frame}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """An annotated item: its fields as text, all spans by tag in reading order, and its listed names.

    `small` are the words by which its grammar is read.
    """

    texts: Mapping[str, Text]
    spans: Mapping[str, tuple[Span, ...]]
    named: tuple[Named, ...] = ()
    acts: tuple[Act, ...] = ()
    lang: str = ""
    small: SmallWords = NO_SMALL_WORDS

    def __getitem__(self, tag: str) -> tuple[Span, ...]:
        return self.spans.get(tag, ())

    def quote(self, span: Span) -> str:
        """Return the original words of a span."""
        return self.texts[span.field].quote(span.start, span.stop)

    def sentence(self, span: Span) -> int:
        """Return the number of the sentence in which a span begins."""
        return self.texts[span.field].sentences[span.start]


def category_tag(tag: str) -> str:
    """Return the tag of what was spotted in a category, which other queries never meet."""
    return f"{CATEGORY}:{tag}"


def with_categories(doc: Doc, categories: Doc) -> Doc:
    """Return the item with what was recognised in its categories, under tags of their own."""
    spans = {category_tag(tag): found for tag, found in categories.spans.items()}
    texts = {**doc.texts, CATEGORY: categories.texts[CATEGORY]}
    return replace(doc, texts=texts, spans={**doc.spans, **spans})


def with_acts(doc: Doc, acts: tuple[Act, ...]) -> Doc:
    """Return the item with its acts, each also as a span of its tags."""
    if not acts:
        return doc
    spans = dict(doc.spans)
    for act in acts:
        for tag in act.tags:
            spans[tag] = (*spans.get(tag, ()), Span(act.field, act.start, act.stop, tag))
    return replace(doc, spans=spans, acts=acts)
