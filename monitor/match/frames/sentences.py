"""Read a sentence for its acts: objects, verbs, marks of status and clauses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile

from monitor.match.spans import FIELDS, Doc, Span
from monitor.text import Text

from . import english, small_words
from .clauses import Clause, at, cut
from .lexemes import Hit
from .status import Marks
from .tables import OBJECT, Tables

LONGEST_SENTENCE = 120

#: A verb of more words has its object inside, and other verbs perhaps.
LONGEST_VERB = 3

#: How far behind arms the head of their compound may stand, in words.
HEAD_REACH = 2

#: Tags of the lexicon that are objects of the class "arms".
ARMS = ("arms", "arms_strong", "drone")
STATES = ("country", "authority", "agency")

#: Behind English arms these make them another thing, and none that is traded.
_OTHER_HEADS = frozenset(
    "attack attacks strike strikes barrage test tests launch launches shortage shortages stockpile stockpiles"
    " incursion incursions crash sanctions sanction treaty control inspectors programme program"
    " base bases site sites factory plant maker makers crew crews pilots threat threats expertise fire debris"
    " show summit race disarmament shipyard shipyards".split()
)

#: Objects that leave others inside them standing.
_SHARING = frozenset(f"{OBJECT}{name}" for name in "arms alone shipment violation deal trade".split())

#: Right behind the name of a maker these leave it alone.
_BEHIND_MAKERS = frozenset("for over as to in after and by with on from".split())
_AGREED = "s:agreed:before"

#: A body whose votes take effect.
_DECIDING = "authority:un-security-council"
_TO = "s:future:near"

#: Words that tell a status as verbs only; these before them make them nouns: "in face of", "soaring demand".
_BEFORE_NOUNS = {
    "face": frozenset({"in", "the"}),
    "demand": frozenset("the soaring growing high strong rising record global surging booming".split()),
}

#: Auxiliaries that ask where they open a clause only.
_INVERTED = frozenset({"can", "should", "did", "does"})
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
    found = _objects(doc)
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
            objects=_longest(objects),
            verbs=tuple(_verbs(hits, objects)),
            marks=marks_of(hits),
            clauses=cut(text, first, last, subordinators(text, hits)),
        )
        yield _disambiguated(sentence) if doc.lang == "en" else _without_parts(sentence)


def _without_parts(sentence: Sentence) -> Sentence:
    """Return a Chinese sentence without marks that are parts of other words: "将" of "将领"."""
    if sentence.lang != "zh":
        return sentence
    words = sentence.text.words
    pairs = (
        (hit, words[hit.start - 1 : hit.start] + words[hit.start : hit.stop + 1])
        for hit in sentence.marks.hits
    )
    kept = (hit for hit, around in pairs if small_words.PARTS.isdisjoint(map("".join, pairwise(around))))
    return replace(sentence, marks=Marks(tuple(kept)))


def marks_of(hits: Iterable[Hit]) -> Marks:
    """Return the marks of status among what was spotted."""
    return Marks(tuple(hit for hit in hits if hit.tag.startswith("s:")))


def subordinators(text: Text, hits: Iterable[Hit]) -> set[int]:
    """Return the words that open an aside; "over" of "hands over" and of "over 100" opens none."""
    found = tuple(hits)
    inside = {i for hit in found if hit.tag.startswith("v:") for i in range(hit.start + 1, hit.stop)}
    counting = {hit.start for hit in found if text.words[hit.start] == "over" and _counts(text, hit.stop)}
    return {hit.start for hit in found if hit.tag == "s:aside:before"} - inside - counting


def _counts(text: Text, at: int) -> bool:
    return at < len(text.words) and text.words[at][0].isdigit()


def _objects(doc: Doc) -> dict[tuple[str, int], list[Span]]:
    """Return what verbs may act upon, by field and sentence; units are arms where a weapon is named."""
    found: dict[tuple[str, int], list[Span]] = defaultdict(list)
    spans = [span for tag, each in doc.spans.items() if tag.startswith(OBJECT) for span in each]
    units = doc["unit"] if doc["weapon"] else ()
    arms = (*(each for tag in ARMS for each in doc[tag]), *units)
    spans += [Span(span.field, span.start, span.stop, f"{OBJECT}arms") for span in arms]
    spans += [Span(s.field, s.start, s.stop, f"{OBJECT}maker") for s in doc["maker"] if _stands_alone(doc, s)]
    for span in spans:
        if span.tag == f"{OBJECT}arms" and _of_other_head(doc, span):
            continue
        if span.start and doc.texts[span.field].words[span.start - 1] == "anti":
            continue
        found[span.field, doc.texts[span.field].sentences[span.start]].append(span)
    return found


def _of_other_head(doc: Doc, arms: Span) -> bool:
    """Say whether arms only describe the English noun behind them: "drone attacks", "missile test"."""
    text = doc.texts[arms.field]
    behind = text.words[arms.stop : min(arms.stop + HEAD_REACH, len(text.words))]
    return doc.lang == "en" and not _OTHER_HEADS.isdisjoint(behind[: _compound(text, arms.stop)])


def _stands_alone(doc: Doc, maker: Span) -> bool:
    """Say whether the name of a maker describes no noun behind it: "picks Saab for", not "Saab's chief"."""
    text = doc.texts[maker.field]
    if maker.stop == len(text.words) or _compound(text, maker.stop) == 0 or doc.lang == "ar":
        return True
    return text.words[maker.stop] in _BEHIND_MAKERS


def _compound(text: Text, start: int) -> int:
    """Return how many words from `start` on may belong to one compound: they follow after a space."""
    gaps = (text.raw[text.stops[at - 1] : text.starts[at]] for at in range(start, len(text.words)))
    return sum(1 for _ in takewhile(lambda gap: gap in {" ", "-"}, islice(gaps, HEAD_REACH)))


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


def _longest(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Of objects that overlap the longest stands; of the same words all do, and arms within their trade."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span.start - span.stop, span.start, span.tag)):
        if not any(_covers(other, span) for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: (span.start, span.stop, span.tag)))


def _covers(longer: Span, span: Span) -> bool:
    if (longer.start, longer.stop) == (span.start, span.stop):
        return False
    within = longer.start <= span.start and span.stop <= longer.stop
    if span.tag == f"{OBJECT}alone":
        return within and longer.tag == f"{OBJECT}violation"
    return within and longer.tag not in _SHARING


def _disambiguated(sentence: Sentence) -> Sentence:
    """Return an English sentence in which "sanctions" is either a verb or an object, not both."""
    acting = _verb_positions(sentence)
    verbs = tuple(hit for hit in sentence.verbs if hit.start in acting or not _may_be_noun(sentence, hit))
    objects = tuple(each for each in sentence.objects if each.start not in acting)
    return replace(sentence, verbs=verbs, objects=objects, marks=_infinitives(sentence))


def _infinitives(sentence: Sentence) -> Marks:
    """Return the marks without the "to" that stands before a name: "deliveries to Israel halted"."""
    names = sentence.names()
    final = set() if not any(sentence.spans(_DECIDING)) else {"votes", "voted"}
    return Marks(tuple(hit for hit in sentence.marks.hits if not _idle(sentence, hit, names, final)))


def _idle(sentence: Sentence, hit: Hit, names: frozenset[int], final: set[str]) -> bool:
    """Say whether a mark tells no status: "to" before a name, a vote that binds, or "in face of"."""
    if hit.tag == _AGREED and sentence.text.words[hit.start] in final:
        return True
    before = sentence.text.words[hit.start - 1] if hit.start else ""
    word = sentence.text.words[hit.start]
    if hit.tag == "s:asked:before" and word in _INVERTED and hit.start > sentence.clause(hit.start).start:
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
        return english.takes_object(sentence.text, hit.start, clause.stop)
    return english.is_verb(sentence.text, hit.start, clause.start, clause.stop, sentence.names())


def _acts(sentence: Sentence, clause: Clause) -> bool:
    """Say whether a clause has a finite verb of the tables: a verb may follow it behind a comma."""
    inside = (verb for verb in sentence.verbs if clause.start < verb.start < clause.stop)
    return not clause.subordinate and any(
        verb.tag.endswith(":f") and verb.tag not in _AMBIGUOUS for verb in inside
    )
