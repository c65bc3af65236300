"""Tell of an act how its verb is meant, how far it has come, and why it may not be the news."""

from monitor.match.events.grammar import SAYING
from monitor.match.spans import Span
from monitor.model import EventStatus
from monitor.text import Text

from . import english, small_words
from .clauses import Clause, at
from .lexemes import Hit
from .sentences import Sentence
from .status import status_of
from .tables import OBJECT, Frame, Tables

DESCRIBES, NAMED, OF_NOUN = "describes", "named, not told", "tells of its noun"
STANDS = "a standing state"

#: How far behind the verb that announces it a noun of an act may stand, in words.
ANNOUNCED = 3

#: How far behind a participle the verb of its clause may stand, in words.
REDUCED = 9

_NEWS = frozenset("new fresh more first additional further".split())
_OF_ARMS = frozenset("arms shipment deal aid permit".split())


def is_of_arms(thing: Span | None) -> bool:
    """Say whether an object is of the arms trade."""
    return thing is not None and thing.tag.removeprefix(OBJECT) in _OF_ARMS


def kind_of(sentence: Sentence, verb: Hit) -> str:
    """Return the kind of a verb's form here: compounds describe, "is supplying" is finite."""
    kind = verb.tag.rpartition(":")[2]
    if verb.stop - verb.start == 1 and _in_compound(sentence.text, verb.start):
        return "g"
    if kind in "bf" and sentence.lang == "en" and _is_noun(sentence, verb):
        return "n"
    before = sentence.text.words[max(verb.start - 2, 0) : verb.start]
    if kind == "g" and sentence.lang == "en" and _agreed_on(before):
        return "f"
    if kind == "g" and sentence.lang == "en" and verb.start > sentence.start:
        return "f" if sentence.text.words[verb.start - 1] in small_words.FINITE_BEFORE_GERUND else "g"
    return kind


def _agreed_on(before: tuple[str, ...]) -> bool:
    """Say whether a gerund tells what a deal is on: "agrees deal on banning imports"."""
    return before in {("deal", "on"), ("agreement", "on")}


def _is_noun(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an English word that may be a verb is a noun here: "the release of"."""
    before = sentence.text.words[verb.start - 1] if verb.start > sentence.start else ""
    noun = before in small_words.DETERMINERS or english.owned(sentence.text, verb.start)
    return noun and verb.stop - verb.start == 1 and not _may_be_verb(verb)


def _may_be_verb(verb: Hit) -> bool:
    """Say whether a word was told apart from its noun before: "Trump's Treasury sanctions"."""
    return verb.tag.startswith(("v:sanction:", "v:unlist:"))


def _in_compound(text: Text, index: int) -> bool:
    start, stop = text.starts[index], text.stops[index]
    return start > 0 and "-" in {text.raw[start - 1], text.raw[stop : stop + 1]}


def status_here(sentence: Sentence, verb: Hit, thing: Span | None) -> tuple[EventStatus, bool]:
    """Return how far an act has come, and whether it is only supposed."""
    clause, last = sentence.clause(verb.start), max(verb.stop, thing.stop if thing else 0)
    if sentence.lang in {"tr", "fa", "de"}:
        last = verb.start
    kind = kind_of(sentence, verb)
    before, after = (_opening(sentence, verb, kind), verb.start), (last, clause.stop)
    status, hedged = status_of(sentence.marks, verb, kind, sentence.lang, before, after)
    if status is EventStatus.RECALLED and _is_reported(sentence, verb):
        return EventStatus.DONE, hedged
    return (EventStatus.DENIED, False) if _denied_between(sentence, verb, thing) else (status, hedged)


def _opening(sentence: Sentence, verb: Hit, kind: str) -> int:
    """Return where the marks of a verb may begin: a clause before in "plans to recognise A, impose B"."""
    number = at(sentence.clauses, verb.start)
    clause = sentence.clauses[number]
    joined = sentence.lang == "en" and kind == "b" and verb.start == clause.start and number > 0
    return sentence.clauses[number - 1].start if joined else clause.start


def _denied_between(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """ "Imposes no sanctions" denies; "loses appeal against sanctions" does not."""
    between = sentence.marks.within("before", verb.stop, thing.start, "denied") if thing else []
    return any(sentence.text.words[hit.start] != "against" for _, hit in between)


def _is_reported(sentence: Sentence, verb: Hit) -> bool:
    """Say whether "had" is only that of reported speech: "said it had signed"."""
    words = sentence.text.words
    said = not SAYING.isdisjoint(words[sentence.start : verb.start])
    return said and "had" in words[max(verb.start - 2, sentence.start) : verb.start]


def type_of(
    sentence: Sentence, tables: Tables, frame: Frame, verb: Hit, told: tuple[EventStatus, bool]
) -> str:
    """Return what an act becomes by its status, and as an answer to another's measures."""
    type = tables.stopped.get(frame.type, frame.type) if is_stopped(sentence, verb) else frame.type
    row = tables.became.get(type, {})
    if told[0] is EventStatus.DONE and "answering" in row and _answers(sentence, verb):
        return row["answering"]
    key = "agreed" if _is_agreed(sentence, verb, told) else became_key(*told)
    return row.get(key, row.get(became_key(*told), type))


def _is_agreed(sentence: Sentence, verb: Hit, told: tuple[EventStatus, bool]) -> bool:
    """Say whether a body decided upon what is not done yet: "agrees to impose"."""
    marks = sentence.marks.within("before", sentence.clause(verb.start).start, verb.start, "agreed")
    return told == (EventStatus.FUTURE, False) and bool(marks)


def is_stopped(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an English gerund tells what is stopped: "stops supplying"."""
    before = sentence.text.words[verb.start - 1] if verb.start > sentence.start else ""
    return sentence.lang == "en" and verb.tag.endswith(":g") and before in small_words.STOPPING


def became_key(status: EventStatus, hedged: bool) -> str:
    """Return the name of a status in the table of what acts become; a denial by vote is "vetoed"."""
    if not hedged:
        return status.value
    return {EventStatus.FUTURE: "considered", EventStatus.DENIED: "vetoed"}.get(status, status.value)


def _answers(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a mark makes measures an answer, and no other than a state that sanctions stands behind."""
    if not sentence.marks.within("before", sentence.start, sentence.stop, "answering"):
        return False
    behind = (span for span in sentence.spans("country", "maker", "authority") if span.start >= verb.stop)
    tags = {span.tag for span in behind}
    bodies = any(tag.startswith(("maker:", "authority:")) for tag in tags)
    return not tags or bodies or not small_words.ANSWERED.isdisjoint(tags)


def role_of(sentence: Sentence, verb: Hit, thing: Span | None) -> str:
    """Return the tag of an act's verb: "request" or "buy" where its subject gets the arms."""
    name = verb.tag.split(":")[1]
    wished = sentence.marks.within("before", sentence.start, verb.start, "wished")
    if is_of_arms(thing) and wished:
        return "request"
    return "buy" if name in {"buy", "select", "receive"} or _own_order(sentence, name, thing) else "verb"


def _own_order(sentence: Sentence, name: str, thing: Span | None) -> bool:
    """Say whether what is halted is the subject's own order."""
    if thing is None or thing.tag != f"{OBJECT}deal" or name not in {"halt", "revoke"}:
        return False
    return sentence.text.words[thing.start][:5] in small_words.ORDERS


def beside(sentence: Sentence, clause: Clause) -> str:
    """Return why what a clause beside the main one tells is no news, or ""."""
    opening = sentence.text.as_written(clause.start)
    return f'told as what came before ("{opening} …")' if clause.subordinate else ""


def why_not(sentence: Sentence, verb: Hit, thing: Span | None, status: EventStatus) -> str:
    """Return why an act is background: it stands aside, describes, or is only named; else ""."""
    clause, kind = sentence.clause(verb.start), kind_of(sentence, verb)
    if clause.subordinate and not _verb_last(sentence, clause, verb):
        return beside(sentence, clause)
    if thing is not None and kind == "p" and _opens_clause(sentence, clause, verb, thing):
        return DESCRIBES
    if sentence.lang == "en" and (why := _why_beside_noun(sentence, verb, thing, kind)):
        return why
    if status is not EventStatus.DONE:
        return ""
    if kind == "n":
        return "" if _announcing_noun(sentence, clause, verb) else NAMED
    return DESCRIBES if kind == "g" else ""


def _why_beside_noun(sentence: Sentence, verb: Hit, thing: Span | None, kind: str) -> str:
    """Return why an English participle or gerund only describes: "a man sanctioned by", "for supplying"."""
    before = sentence.text.words[max(verb.start - 1, sentence.start)]
    if kind == "g" and before in small_words.BEFORE_GERUND:
        return DESCRIBES
    if kind == "b":
        return NAMED if _decided(sentence, verb) else ""
    if kind == "p" and _attributive(sentence, verb, thing):
        return DESCRIBES
    if kind == "p" and thing is None and before in small_words.STANDING:
        return STANDS
    return OF_NOUN if kind == "p" and _reduced(sentence, verb, thing) else ""


def _decided(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an infinitive belongs to a noun that only names it: "the decision to sanction"."""
    before = sentence.text.words[max(verb.start - 2, sentence.start) : verb.start]
    return before[1:] == ("to",) and before[0] in small_words.DECISIONS


def _reduced(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """Say whether a participle without auxiliary stands behind its noun in a clause with another verb."""
    clause, words = sentence.clause(verb.start), sentence.text.words
    before_object = thing is not None and thing.start >= verb.stop and words[verb.stop] != "by"
    if before_object or has_auxiliary(sentence.text, verb.start, clause.start):
        return False
    if thing is None and verb.start == clause.start and clause.start > sentence.start:
        return True
    behind = words[verb.stop : min(verb.stop + REDUCED, clause.stop)]
    if not english.FINITE.isdisjoint(behind) or not english.HEADLINE_VERBS.isdisjoint(behind):
        return True
    return not english.HEADLINE_VERBS.isdisjoint(words[clause.start : verb.start])


def _announcing_noun(sentence: Sentence, clause: Clause, verb: Hit) -> bool:
    """Say whether a noun tells its act: talks; or one that opens a title, or ends it with verbs last."""
    if verb.tag.startswith("v:negotiate"):
        return True
    words = sentence.text.words[max(verb.start - ANNOUNCED, clause.start) : verb.start]
    if sentence.lang == "en" and not small_words.ANNOUNCING.isdisjoint(words):
        return True
    last = sentence.lang in small_words.VERB_LAST and verb.stop == clause.stop
    return sentence.field == "title" and (last or verb.start - clause.start <= 1)


def _attributive(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """Say whether an English participle only describes its object."""
    clause = sentence.clause(verb.start)
    if thing is None:
        return False
    if thing.start >= verb.start:
        return verb.start == clause.start or english.is_attribute(sentence.text, verb.start)
    if sentence.text.words[verb.start - 1] == "of":
        return True
    return _bare_participle(sentence, clause, verb, thing)


def _bare_participle(sentence: Sentence, clause: Clause, verb: Hit, thing: Span) -> bool:
    """ "US sanctions imposed over Gaza": right behind its noun, with neither auxiliary nor agent."""
    words = sentence.text.words
    if verb.start > thing.stop or not verb.tag.startswith("v:impose"):
        return False
    if thing.start == sentence.start and words[verb.stop : verb.stop + 1] in (("on",), ("against",)):
        return False
    news = not _NEWS.isdisjoint(words[max(thing.start - 3, clause.start) : thing.start])
    return not news and "by" not in words[verb.stop : clause.stop]


def _opens_clause(sentence: Sentence, clause: Clause, verb: Hit, thing: Span) -> bool:
    """Say whether a participle opens a clause that describes a thing of another: "F-16s, ordered in 2018"."""
    opens = verb.start == clause.start or sentence.text.words[clause.start] in small_words.RELATIVE
    return opens and not clause.start <= thing.start < clause.stop


def _verb_last(sentence: Sentence, clause: Clause, verb: Hit) -> bool:
    """Say whether an aside is a phrase before the verb of the main clause: "wegen … verurteilt"."""
    if sentence.lang in {"tr", "fa"}:
        return verb.stop == clause.stop
    if sentence.lang == "zh":
        return verb.tag.startswith("v:punish")
    phrase = sentence.text.words[clause.start] in small_words.PHRASES
    return sentence.lang == "de" and phrase and verb.stop == clause.stop


def has_auxiliary(text: Text, index: int, first: int) -> bool:
    """Say whether an auxiliary stands right before a participle, adverbs apart."""
    index -= 1
    while index > first and text.words[index] in small_words.ADVERBS:
        index -= 1
    return index >= first and text.words[index] in small_words.AUXILIARIES
