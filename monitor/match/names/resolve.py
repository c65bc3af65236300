"""Decide which of the names found in an item are meant, by spelling, place and other evidence.

A name must be written with capitals as names are. It does not count inside a longer name, be it a known one
or a run of capitalised words ("Ali Hassan Road"). A name of grade A then counts alone. One of grade B needs
evidence: another name of the same entity, a grade A name of the same programme, a programme, an authority in
its sentence, words of sanctions or arms transfers near it, or the country of its entity. The country is not
enough for names that many people share, nor in headlines that capitalise every word.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from monitor.match.spans import NAME_TAG, Doc, Named, Span
from monitor.text import Text

from .grading import Reason, WordStatistics
from .index import NameIndex, Party

#: Concepts of sanctions and arms transfers that corroborate a name at most so many words away.
CUES = ("sanctions_strong", "object-sanctions", "list_name", "arms_strong")
CUE_DISTANCE = 15

#: A name of more entities of one list than this gives candidates, not a finding.
MAX_PARTIES = 5
_MAX_READ = 40

_ADJACENT = re.compile("[ \u00a0\u202f]|[-‐‑]")
#: Words allowed between the type of a ship and its name: "the tanker, the Olina".
_BEFORE_SHIP_NAMES = frozenset({"the", "called", "named"})


@dataclass(frozen=True, slots=True)
class Names:
    """The index of listed names and the statistics of the words they are made of."""

    index: NameIndex
    statistics: WordStatistics

    def resolve(self, doc: Doc) -> tuple[Named, ...]:
        """Return the names of an item that count, in reading order."""
        hits = tuple(
            chain.from_iterable(spans for tag, spans in doc.spans.items() if tag.startswith(NAME_TAG))
        )
        if not hits:
            return ()
        item = _Item(doc, self.statistics, {name: _capitalises_all(text) for name, text in doc.texts.items()})
        to_bytes = [hit for hit in hits if item.is_written_as_name(hit, self._reason(hit))]
        kept = [self._hit(hit) for hit in _longest(to_bytes) if not item.is_part(hit)]
        sure = [hit for hit in kept if hit.reason.grade == "A"]
        named = []
        for hit in kept:
            why = "" if hit.reason.grade == "A" else item.corroboration(hit, kept, sure)
            if hit in sure or (why and hit.reason.grade == "B"):
                named.append(_named(hit, why))
        return tuple(sorted(named, key=lambda each: (each.span.field != "title", each.span.start)))

    def _reason(self, span: Span) -> Reason:
        return self.index.reason(_number(span))

    def _hit(self, span: Span) -> "_Hit":
        return _Hit(span, self._reason(span), self.index.parties_of(_number(span), _MAX_READ))


@dataclass(frozen=True, slots=True)
class _Hit:
    span: Span
    reason: Reason
    parties: tuple[Party, ...]

    @property
    def programmes(self) -> frozenset[tuple[str, str]]:
        return frozenset((p.list, programme) for p in self.parties for programme in p.programmes)

    @property
    def ids(self) -> frozenset[tuple[str, str]]:
        return frozenset((p.list, p.id) for p in self.parties)


def _number(span: Span) -> int:
    return int(span.tag.removeprefix(NAME_TAG))


def _named(hit: _Hit, corroboration: str) -> Named:
    most = max(Counter(party.list for party in hit.parties).values())
    grade = hit.reason.grade
    why = f"grade {grade}, {hit.reason.description}" + (f"; {corroboration}" if corroboration else "")
    if most > MAX_PARTIES:
        more = "or more " if len(hit.parties) == _MAX_READ else ""
        why += f"; {len(hit.parties)} {more}candidates"
    return Named(hit.span, grade, why, hit.parties, most > MAX_PARTIES)


def _longest(hits: Iterable[Span]) -> Iterator[Span]:
    """Yield the hits that do not overlap an earlier one."""
    stop: dict[str, int] = {}
    for hit in sorted(hits, key=lambda span: (span.field, span.start, -span.stop)):
        if hit.start >= stop.get(hit.field, 0):
            stop[hit.field] = hit.stop
            yield hit


def _capital(word: str) -> bool:
    """Say whether a word begins with a capital, or is in a script without capitals."""
    return not word[0].islower()


def _capitalises_all(text: Text) -> bool:
    """Say whether a text capitalises nearly every word, so that capitals do not distinguish names."""
    words = [text.as_written(at) for at in range(len(text.words)) if len(text.words[at]) > 3]
    words = [word for word in words if word[0].islower() or word[0].isupper()]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.75 * len(words)


@dataclass(slots=True)
class _Item:
    """One item while its names are resolved; `capitalised` marks fields that capitalise every word."""

    doc: Doc
    statistics: WordStatistics
    capitalised: Mapping[str, bool]
    _recognised: dict[str, list[Span]] = field(default_factory=dict)

    def is_written_as_name(self, hit: Span, reason: Reason) -> bool:
        """Say whether the words of a hit are written as a name."""
        text = self.doc.texts[hit.field]
        if text.sentences[hit.start] != text.sentences[hit.stop - 1]:
            return False
        if reason is Reason.ACRONYM:
            return text.quote(hit.start, hit.stop).isupper()
        places = range(hit.start, hit.stop)
        return all(
            _capital(text.as_written(at)) for at in places if self.statistics.is_distinctive(text.words[at])
        )

    def is_part(self, hit: Span) -> bool:
        """Say whether a hit is part of a longer name or of the name of a country."""
        text = self.doc.texts[hit.field]
        for mention in self._all_recognised(hit.field):
            inside = mention.start <= hit.start and hit.stop <= mention.stop
            longer = mention.stop - mention.start > hit.stop - hit.start
            if inside and (longer or mention.tag.startswith("country:")):
                return True
        if self.capitalised[hit.field]:
            return False
        return self._continues(text, hit.stop - 1, hit.stop) or self._is_preceded(text, hit)

    def _all_recognised(self, name: str) -> list[Span]:
        if name not in self._recognised:
            spans = (
                spans for tag, spans in self.doc.spans.items() if ":" in tag and not tag.startswith("w:")
            )
            self._recognised[name] = [s for s in chain.from_iterable(spans) if s.field == name]
        return self._recognised[name]

    def _continues(self, text: Text, last: int, at: int) -> bool:
        if not _in_a_run(text, last, at):
            return False
        word = text.words[at]
        return word not in self.statistics.titles and word not in self.statistics.forms and not word.isdigit()

    def _is_preceded(self, text: Text, hit: Span) -> bool:
        at = hit.start - 1
        if not _in_a_run(text, at, hit.start) or not text.as_written(at)[0].isupper():
            return False
        word, first = text.words[at], at == 0 or text.sentences[at - 1] != text.sentences[at]
        if word in self.statistics.titles or word in self.statistics.vessels:
            return False
        if word in self.statistics.everyday and (first or hit.stop - hit.start > 1):
            return False
        return not any(mention.start <= at < mention.stop for mention in self._all_recognised(hit.field))

    def corroboration(self, hit: _Hit, all_hits: Iterable[_Hit], sure: Iterable[_Hit]) -> str:
        """Return the evidence for a name that does not count alone, in words; "" if there is none."""
        if {party.kind for party in hit.parties} == {"vessel"}:
            return self._ship(hit.span)
        others = [each for each in all_hits if not self._same_words(each.span, hit.span)]
        for other in others:
            if other.ids & hit.ids:
                return f"with {self._quoted(other.span)}, another of its names"
        for other in sure:
            if other.programmes & hit.programmes:
                return f"with {self._quoted(other.span)}, of the same programme"
        return self._cue(hit.span) or self._country(hit)

    def _ship(self, span: Span) -> str:
        text = self.doc.texts[span.field]
        at = span.start - 1
        while at >= 0 and text.words[at] in _BEFORE_SHIP_NAMES:
            at -= 1
        return f'a "{text.as_written(at)}"' if at >= 0 and text.words[at] in self.statistics.vessels else ""

    def _cue(self, span: Span) -> str:
        for cue in chain.from_iterable(self.doc[tag] for tag in CUES):
            apart = max(cue.start - span.stop, span.start - cue.stop)
            if cue.field == span.field and 0 <= apart <= CUE_DISTANCE:
                return f"near {self._quoted(cue)}"
        for tag, spans in self.doc.spans.items():
            if tag.startswith("programme:") and not tag.endswith("?"):
                return f"with {self._quoted(spans[0])}"
            if tag.startswith("authority:") and not tag.endswith("?"):
                for each in spans:
                    if each.field == span.field and self.doc.sentence(each) == self.doc.sentence(span):
                        return f"with {self._quoted(each)}"
        return ""

    def _country(self, hit: _Hit) -> str:
        if hit.reason in _TOO_COMMON or self.capitalised[hit.span.field]:
            return ""
        codes = dict.fromkeys(code for party in hit.parties for code in party.countries)
        found = next((spans[0] for code in codes if (spans := self.doc[f"country:{code}"])), None)
        return f"with {self._quoted(found)}, its country" if found else ""

    def _quoted(self, span: Span) -> str:
        return f'"{self.doc.quote(span)}"'

    def _same_words(self, one: Span, other: Span) -> bool:
        return self.doc.quote(one).casefold() == self.doc.quote(other).casefold()


#: For these the country is not evidence enough.
_TOO_COMMON = frozenset({Reason.NAMESAKES, Reason.CUT})


def _in_a_run(text: Text, left: int, right: int) -> bool:
    """Say whether two words stand side by side in one sentence, both written with a capital."""
    if left < 0 or right >= len(text.words) or text.sentences[left] != text.sentences[right]:
        return False
    if not _ADJACENT.fullmatch(text.raw, text.stops[left], text.starts[right]):
        return False
    return text.as_written(left)[0].isupper() and text.as_written(right)[0].isupper()
