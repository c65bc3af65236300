"""Read a sentence for its acts: objects, verbs, marks of status and clauses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.match.small_words import SmallWords
from monitor.match.spans import FIELDS, Doc, Span
from monitor.text import Text

from . import english
from .clauses import Clause, at, cut, interposed
from .lexemes import Hit
from .objects import longest, objects_of
from .status import Marks
from .tables import OBJECT, Tables

LONGEST_SENTENCE = 120

#: A verb of more words has its object inside, and other verbs perhaps.
LONGEST_VERB = 3

STATES = ("country", "authority", "agency")

_AGREED = "s:agreed:before"

#: A body whose votes take effect.
DECIDING = "authority:un-security-council"
_TO = "s:future:near"
_DENIED, _VETOED = "s:denied:before", "s:vetoed:before"

#: How far behind a verb of rejecting a draft is named, in words.
VOTED_REACH = 4

#: Words that tell a status as verbs only; these before them make them nouns: "in face of", "soaring demand".
_BEFORE_NOUNS = {
    "face": frozenset({"in", "the"}),
    "demand": frozenset("the soaring growing high strong rising record global surging booming".split()),
}

#: Auxiliaries that ask where they open a clause only.
_INVERTED = frozenset({"can", "should", "did", "does"})

#: Before a participle these make it an adjective: "most advanced chips", "restrictions on advanced chips".
_COMPARING = frozenset("most more less least on for with over against about".split())
_AMBIGUOUS = frozenset(f"v:{name}:{kind}" for name in ("sanction", "unlist") for kind in "fb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words [start, stop) of a field with what was found in them."""

    doc: Doc
    field: str
    start: int
    stop: int
    objects: tuple[Span, ...]
    verbs: tuple[Hit, ...]
    marks: Marks
    clauses: tuple[Clause, ...]

    @property
    def text(self) -> Text:
        return self.doc.texts[self.field]

    @property
    def lang(self) -> str:
        return self.doc.lang

    @property
    def small(self) -> SmallWords:
        return self.doc.small

    def clause(self, index: int) -> Clause:
        """Return the clause in which a word stands."""
        return self.clauses[at(self.clauses, index)]

    def opened(self, start: int, stop: int) -> bool:
        """Say whether a subordinate clause opens in the words (start, stop]; "over" may name the matter."""
        inside = (each for each in self.clauses if each.subordinate and start < each.start <= stop)
        return any(self.text.words[each.start] != "over" for each in inside)

    def spans(self, *tags: str) -> Iterator[Span]:
        """Yield what the lexicon recognised in the sentence."""
        for tag in tags:
            for span in self.doc[tag]:
                if span.field == self.field and self.start <= span.start < self.stop:
                    yield span

    def names(self) -> frozenset[int]:
        """Return the words that belong to names of states, bodies, programmes and persons."""
        spans = self.spans(*STATES, "person", "programme")
        return frozenset(index for span in spans for index in range(span.start, span.stop))


def sentences(doc: Doc, tables: Tables) -> Iterator[Sentence]:
    """Yield the sentences in which any object stands, in reading order."""
    lexemes = tables.lexemes(doc.lang)
    found = objects_of(doc)
    for name, number in sorted(found, key=lambda place: (FIELDS.index(place[0]), place[1])):
        text, objects = doc.texts[name], found[name, number]
        first, last = text.bounds(objects[0].start)
        last = min(last, first + LONGEST_SENTENCE)
        hits = lexemes.spot(text, first, last)
        sentence = Sentence(
            doc=doc,
            field=name,
            start=first,
            stop=last,
            objects=longest(objects),
            verbs=tuple(_verbs(hits, objects)),
            marks=marks_of(doc, text, hits),
            clauses=cut(text, first, last, _openers(doc, text, hits, objects)),
        )
        yield _disambiguated(sentence) if doc.lang == "en" else _without_parts(sentence)


def _openers(doc: Doc, text: Text, hits: Iterable[Hit], objects: Iterable[Span]) -> set[int]:
    """Return the words that open an aside; a German phrase before an object of the main clause is none."""
    found = subordinators(text, hits)
    if doc.lang != "de":
        return found
    phrases = {at for at in found if text.words[at] in doc.small.phrases.get("de", ())}
    return found - {at for at in phrases if any(interposed(text, at, each.start) for each in objects)}


def _without_parts(sentence: Sentence) -> Sentence:
    """Return a Chinese sentence without marks that are parts of other words: "将" of "将领"."""
    if sentence.lang != "zh":
        return sentence
    words = sentence.text.words
    pairs = (
        (hit, words[hit.start - 1 : hit.start] + words[hit.start : hit.stop + 1])
        for hit in sentence.marks.hits
    )
    kept = (hit for hit, around in pairs if sentence.small.parts.isdisjoint(map("".join, pairwise(around))))
    return replace(sentence, marks=Marks(tuple(kept)))


def marks_of(doc: Doc, text: Text, hits: Iterable[Hit]) -> Marks:
    """Return the marks of status among what was spotted; part of an English word is none: "never-seen"."""
    found = (hit for hit in hits if hit.tag.startswith("s:"))
    ends = ((hit, text.stops[hit.stop - 1]) for hit in found)
    return Marks(tuple(hit for hit, end in ends if doc.lang != "en" or text.raw[end : end + 1] != "-"))


def subordinators(text: Text, hits: Iterable[Hit]) -> set[int]:
    """Return the words that open an aside; "over" of "hands over" and of "over 100" opens none."""
    found = tuple(hits)
    longer = (hit for hit in found if not hit.tag.startswith("s:aside:"))
    inside = {i for hit in longer for i in range(hit.start + 1, hit.stop)}
    counting = {hit.start for hit in found if text.words[hit.start] == "over" and _counts(text, hit.stop)}
    opening = (hit.start for hit in found if hit.tag == "s:aside:before")
    return {at for at in opening if not (_is_hyphenated(text, at) or _compares(text, at))} - inside - counting


def _compares(text: Text, at: int) -> bool:
    """Say whether the English word "as" is one of a pair: "as early as Friday", "as many as"."""
    words = text.words
    pairs = (words[at : at + 3 : 2], words[max(at - 2, 0) : at + 1 : 2])
    return ("as", "as") in pairs


def _is_hyphenated(text: Text, at: int) -> bool:
    """Say whether a word is part of another: "never-seen-before"."""
    return text.starts[at] > 0 and text.raw[text.starts[at] - 1] == "-"


def _counts(text: Text, at: int) -> bool:
    return at < len(text.words) and text.words[at][0].isdigit()


def _verbs(hits: Iterable[Hit], objects: Iterable[Span]) -> Iterator[Hit]:
    """Yield the verbs; "frozen" of "frozen assets" belongs to its object."""
    frozen = [span for span in objects if span.tag == f"{OBJECT}frozen"]
    for hit in _longer(hit for hit in hits if hit.tag.startswith("v:")):
        if not any(span.start <= hit.start and hit.stop <= span.stop for span in frozen):
            yield hit


def _longer(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Yield verbs without those that stand in a longer one: "backs out of" is no "backs"."""
    first, last = -1, -1
    for hit in hits:
        if first <= hit.start and hit.stop <= last and (hit.start, hit.stop) != (first, last):
            continue
        yield hit
        if 1 < hit.stop - hit.start <= LONGEST_VERB and hit.stop > last:
            first, last = hit.start, hit.stop


def _disambiguated(sentence: Sentence) -> Sentence:
    """Return an English sentence in which "sanctions" is either a verb or an object, not both."""
    acting = _verb_positions(sentence)
    verbs = tuple(hit for hit in sentence.verbs if hit.start in acting or _is_no_other(sentence, hit))
    objects = tuple(each for each in sentence.objects if each.start not in acting)
    return replace(sentence, verbs=verbs, objects=objects, marks=_infinitives(sentence))


def _is_no_other(sentence: Sentence, hit: Hit) -> bool:
    """Say whether a verb is neither a noun nor an adjective: "most advanced chips"."""
    before = sentence.text.words[hit.start - 1] if hit.start > sentence.start else ""
    compared = hit.tag.endswith(":p") and before in _COMPARING
    return not (compared or _may_be_noun(sentence, hit))


def _infinitives(sentence: Sentence) -> Marks:
    """Return the marks without the "to" that stands before a name: "deliveries to Israel halted"."""
    names = sentence.names()
    final = set() if not any(sentence.spans(DECIDING)) else {"votes", "voted"}
    kept = tuple(hit for hit in sentence.marks.hits if not _idle(sentence, hit, names, final))
    return Marks((*kept, *(hit._replace(tag=_VETOED) for hit in kept if _is_voted_down(sentence, hit))))


def _is_voted_down(sentence: Sentence, hit: Hit) -> bool:
    """Say whether a body votes a draft, new measures or an act down: "lawmakers reject new sanctions"."""
    words, small = sentence.text.words, sentence.small
    if hit.tag != _DENIED or words[hit.start] not in small.rejecting:
        return False
    first, near = sentence.clause(hit.start).start, words[hit.stop : hit.stop + VOTED_REACH]
    bodies = sentence.spans("legislature", DECIDING)
    if not any(first <= span.start and span.stop <= hit.start for span in bodies):
        return False
    new = not (small.fresh | small.drafts).isdisjoint(near)
    return new or any(0 <= verb.start - hit.stop <= 1 and verb.tag[-1] in "bg" for verb in sentence.verbs)


def _idle(sentence: Sentence, hit: Hit, names: frozenset[int], final: set[str]) -> bool:
    """Say whether a mark tells no status: "to" before a name, a vote that binds, or "in face of"."""
    if hit.tag == _AGREED and sentence.text.words[hit.start] in final:
        return True
    before = sentence.text.words[hit.start - 1] if hit.start else ""
    word = sentence.text.words[hit.start]
    if hit.tag == "s:asked:before" and word in _INVERTED and hit.start > sentence.clause(hit.start).start:
        return True
    if word == "how" and before in sentence.small.showing:
        return True
    if before in _BEFORE_NOUNS.get(word, ()):
        return True
    return hit.tag == _TO and (hit.stop in names or before in final)


def _verb_positions(sentence: Sentence) -> frozenset[int]:
    """Return the places where "sanctions" is a verb."""
    found = set()
    for hit in sentence.verbs:
        if hit.tag in _AMBIGUOUS and (not _may_be_noun(sentence, hit) or _is_verb(sentence, hit)):
            found.add(hit.start)
    return frozenset(found)


def _may_be_noun(sentence: Sentence, hit: Hit) -> bool:
    return hit.tag in _AMBIGUOUS and sentence.text.words[hit.start] in english.AMBIGUOUS


def _is_verb(sentence: Sentence, hit: Hit) -> bool:
    number = at(sentence.clauses, hit.start)
    clause = sentence.clauses[number]
    if hit.start == clause.start and number and _acts(sentence, sentence.clauses[number - 1]):
        return english.takes_object(sentence.small, sentence.text, hit.start, clause.stop)
    return english.is_verb(
        sentence.small, sentence.text, hit.start, clause.start, clause.stop, sentence.names()
    )


def _acts(sentence: Sentence, clause: Clause) -> bool:
    """Say whether a clause has a finite verb of the tables: a verb may follow it behind a comma."""
    inside = (verb for verb in sentence.verbs if clause.start < verb.start < clause.stop)
    return not clause.subordinate and any(
        verb.tag.endswith(":f") and verb.tag not in _AMBIGUOUS for verb in inside
    )
