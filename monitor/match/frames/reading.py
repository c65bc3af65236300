"""Read an act: how its verb is meant, how far it has come, its type and the role of its subject."""

from monitor.match.spans import Span
from monitor.model import EventStatus

from .armed import is_for_another
from .clauses import at
from .kinds import kind_of
from .lexemes import Hit
from .sentences import Sentence
from .status import Marks, status_of
from .tables import OBJECT, Frame, Tables

#: The most words from the beginning of "stop" to the verb of what is stopped; in Chinese, ideographs.
STOPPED, STOPPED_OF_IDEOGRAPHS = 4, 10

#: Within so many words before "to" stands the verb by which a party is told to act.
COMMAND_REACH = 6

#: How far before its verb a threat not to act begins.
WITHHELD = 4

#: Marks of what is only intended.
_INTENDED = frozenset({"future", "considered", "agreed"})

_OF_ARMS = frozenset("arms shipment deal aid permit".split())


def is_of_arms(thing: Span | None) -> bool:
    """Say whether an object is of the arms trade."""
    return thing is not None and thing.tag.removeprefix(OBJECT) in _OF_ARMS


def status_here(sentence: Sentence, verb: Hit, thing: Span | None) -> tuple[EventStatus, bool]:
    """Return how far an act has come, and whether it is only supposed."""
    clause, last = sentence.clause(verb.start), max(verb.stop, thing.stop if thing else 0)
    if sentence.lang in {"tr", "fa", "de"}:
        last = verb.start
    kind = kind_of(sentence, verb)
    if _is_effort_refused(sentence, verb):
        return EventStatus.DENIED, False
    asked = _is_requested(sentence, verb) or _is_imperative(sentence, verb, kind)
    if asked or is_withheld(sentence, verb):
        return (EventStatus.THREATENED if is_withheld(sentence, verb) else EventStatus.WISHED), False
    before, after = (_opening(sentence, verb, kind), verb.start), (last, clause.stop)
    status, hedged = status_of(_own_marks(sentence, verb), verb, kind, sentence.lang, before, after)
    if status is EventStatus.RECALLED and _is_reported(sentence, verb):
        return EventStatus.DONE, hedged
    if denials := _denials_between(sentence, verb, thing):
        return EventStatus.DENIED, "vetoed" in denials
    if status is EventStatus.FUTURE and not hedged and _is_means(sentence, verb, before[0]):
        return EventStatus.DONE, False
    failed = status is EventStatus.DENIED and (is_package(thing) or _is_agreeing(sentence, verb))
    return status, hedged or failed


def _own_marks(sentence: Sentence, verb: Hit) -> Marks:
    """Return the marks without those of another participle: "lifts previously imposed sanctions"."""
    if sentence.lang != "en":
        return sentence.marks
    names = sentence.names()
    others = {each.start for each in sentence.verbs if each.tag.endswith(":p") and each.start != verb.start}
    described = (h for h in sentence.marks.hits if h.tag == "s:recalled:before" and h.stop in others)
    dropped = {hit for hit in described if hit.start - 1 not in names}
    return Marks(tuple(hit for hit in sentence.marks.hits if hit not in dropped))


def is_withheld(sentence: Sentence, verb: Hit) -> bool:
    """Say whether it is threatened that something is not done: "threatens not to buy"."""
    words = sentence.text.words
    first = max(sentence.start, verb.start - WITHHELD)
    refused = sentence.lang == "en" and words[max(first, verb.start - 2) : verb.start] == ("not", "to")
    return refused and bool(sentence.marks.within("before", first, verb.start, "threatened"))


def _is_agreeing(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a state or parliament is said to agree by a verb, as it fails to: "EU fails to pass"."""
    if not any(each.start == verb.start and each.tag.startswith("v:agree:") for each in sentence.verbs):
        return False
    first = sentence.clause(verb.start).start
    bodies = {span.start for span in sentence.spans("legislature")} | sentence.names()
    return any(first <= index < verb.start for index in bodies)


def _is_means(sentence: Sentence, verb: Hit, start: int) -> bool:
    """Say whether somebody does something in order to evade: "uses false flags to skirt sanctions"."""
    if verb.tag.rpartition(":")[0] != "v:evade":
        return False
    return not any(name in _INTENDED for name, _ in sentence.marks.within("before", start, verb.start))


def is_package(thing: Span | None) -> bool:
    """Say whether an object is a package of measures, which is denied by a vote alone."""
    return thing is not None and thing.tag == f"{OBJECT}package"


def _is_effort_refused(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an act is only an effort that somebody denies: "rejects the last-ditch bid to delay"."""
    words, clause = sentence.text.words, sentence.clause(verb.start)
    effort = words[verb.start - 1 : verb.start] == ("to",) and words[verb.start - 2] in sentence.small.efforts
    if sentence.lang != "en" or not effort or verb.start - 2 <= clause.start:
        return False
    return bool(sentence.marks.within("before", clause.start, verb.start - 2, "denied"))


def _is_imperative(sentence: Sentence, verb: Hit, kind: str) -> bool:
    """Say whether an English verb opens a statement, with no subject: "Lift the sanctions", not "Lift of"."""
    text = sentence.text
    opens = verb.start == sentence.start or text.raw[: text.starts[verb.start]].rstrip().endswith(":")
    behind = text.words[verb.stop : verb.stop + 1]
    is_noun = not behind or behind[0] in sentence.small.behind_opening_noun
    return sentence.lang == "en" and kind == "b" and opens and not is_noun


def _is_requested(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a party is told to act: "tells Washington to stop supplying"."""
    words = sentence.text.words
    to = verb.start - (2 if is_stopped(sentence, verb) else 1)
    if sentence.lang != "en" or to <= sentence.start or words[to] != "to" or to - 1 not in sentence.names():
        return False
    first = max(to - COMMAND_REACH, sentence.start)
    return not sentence.small.commands.isdisjoint(words[first:to])


def _opening(sentence: Sentence, verb: Hit, kind: str) -> int:
    """Return where the marks of a verb may begin: a clause before in "plans to recognise A, impose B"."""
    number = at(sentence.clauses, verb.start)
    clause = sentence.clauses[number]
    names = sentence.names()
    listed = all(place in names for place in range(clause.start - 1, verb.start - 1))
    opens = verb.start == clause.start or (listed and verb.start - clause.start > 1)
    joined = sentence.lang == "en" and kind == "b" and opens and number > 0
    return sentence.clauses[number - 1].start if joined else clause.start


def _denials_between(sentence: Sentence, verb: Hit, thing: Span | None) -> set[str]:
    """ "Imposes no sanctions", "casts veto on": both deny; "loses appeal against sanctions" does not."""
    between = sentence.marks.within("before", verb.stop, thing.start) if thing else []
    denied = {name for name, hit in between if sentence.text.words[hit.start] != "against"}
    return denied & {"denied", "vetoed"}


def _is_reported(sentence: Sentence, verb: Hit) -> bool:
    """Say whether "had" is only that of reported speech: "said it had signed"."""
    words = sentence.text.words
    said = not sentence.small.saying.isdisjoint(words[sentence.start : verb.start])
    return said and "had" in words[max(verb.start - 2, sentence.start) : verb.start]


def type_of(
    sentence: Sentence, tables: Tables, frame: Frame, verb: Hit, told: tuple[EventStatus, bool]
) -> str:
    """Return what an act becomes by its status, and as an answer to another's measures."""
    halted = told[0] is EventStatus.DONE and is_halted(sentence, verb)
    stopped = halted or is_stopped(sentence, verb) or is_withheld(sentence, verb)
    type = tables.stopped.get(frame.type, frame.type) if stopped else frame.type
    row = tables.became.get(type, {})
    if told[0] is EventStatus.DONE and "answering" in row and answers(sentence, verb, tables.answered):
        return row["answering"]
    key = "agreed" if _is_agreed(sentence, verb, told) else became_key(*told)
    return row.get(key, row.get(became_key(*told), type))


def _is_agreed(sentence: Sentence, verb: Hit, told: tuple[EventStatus, bool]) -> bool:
    """Say whether a body decided upon what is not done yet: "agrees to impose"."""
    if told == (EventStatus.DONE, False):
        return _is_voted(sentence, verb)
    if told[0] is not EventStatus.FUTURE:
        return False
    first = sentence.clause(verb.start).start
    passed = (
        each for each in sentence.verbs if first <= each.start < verb.start and _is_passing(sentence, each)
    )
    agreed = not told[1] and bool(sentence.marks.within("before", first, verb.start, "agreed"))
    return agreed or any(passed)


def _is_passing(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a body passes a draft: "passes bill to aid Georgia and impose sanctions"."""
    finite = verb.tag in {"v:agree:f", "v:agree:p"}
    return finite and not sentence.small.drafts.isdisjoint(sentence.text.words[verb.stop : verb.stop + 3])


def _is_voted(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a legislature passes measures: its law is not in force yet."""
    start = sentence.clause(verb.start).start
    passed = any(each.start == verb.start and each.tag.startswith("v:agree:") for each in sentence.verbs)
    return passed and any(start <= span.start < verb.start for span in sentence.spans("legislature"))


def is_stopped(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a verb is what is stopped: "stops supplying", "cesse de fournir"."""
    if sentence.lang == "en":
        before = sentence.text.words[verb.start - 1] if verb.start > sentence.start else ""
        return verb.tag.endswith(":g") and before in sentence.small.stopping
    reach = STOPPED_OF_IDEOGRAPHS if sentence.lang == "zh" else STOPPED
    first = max(sentence.clause(verb.start).start, verb.start - reach)
    return bool(sentence.marks.within("before", first, verb.start, "stopping"))


def is_halted(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a noun of buying stands under a verb of halting: "stoppar köp av vapen"."""
    if sentence.lang == "en" or not verb.tag.startswith("v:buy:n"):
        return False
    clause = sentence.clause(verb.start)
    halts = (each for each in sentence.verbs if each.tag.startswith("v:halt:") and each.start != verb.start)
    return any(clause.start <= each.start < clause.stop and each.tag[-1] in "fp" for each in halts)


def became_key(status: EventStatus, hedged: bool) -> str:
    """Return the name of a status in the table of what acts become; a denial by vote is "vetoed"."""
    if not hedged:
        return status.value
    return {EventStatus.FUTURE: "considered", EventStatus.DENIED: "vetoed"}.get(status, status.value)


def answers(sentence: Sentence, verb: Hit, answered: frozenset[str]) -> bool:
    """Say whether measures answer others: by a mark, and on a body or a state whose measures are answered."""
    if not sentence.marks.within("before", sentence.start, sentence.stop, "answering"):
        return False
    behind = (span for span in sentence.spans("country", "maker", "authority") if span.start >= verb.stop)
    tags = {span.tag for span in behind}
    bodies = any(tag.startswith(("maker:", "authority:")) for tag in tags)
    return not tags or bodies or not answered.isdisjoint(tags)


def role_of(sentence: Sentence, verb: Hit, thing: Span | None) -> str:
    """Return the tag of an act's verb: "request" or "buy" where its subject gets the arms."""
    name = verb.tag.split(":")[1]
    wished = sentence.marks.within("before", sentence.start, verb.start, "wished")
    if is_of_arms(thing) and wished:
        return "request"
    money = name == "earmark" and thing is not None and thing.tag == f"{OBJECT}arms"
    own_money = money and not is_for_another(sentence, verb)
    if own_money or name in {"buy", "select", "receive"} or _own_order(sentence, name, thing):
        return "buy"
    return "buy" if _is_own_purchase(sentence, verb, thing) else "verb"


def _is_own_purchase(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """Say whether a Chinese object is the verb of the subject's own purchase: "同意从德国购买"."""
    if sentence.lang != "zh" or thing is None or thing.tag != f"{OBJECT}deal":
        return False
    if thing.start > verb.stop and sentence.text.words[verb.stop] not in sentence.small.bought_from:
        return False
    return any(each.start == thing.start and each.tag == "v:buy:f" for each in sentence.verbs)


def _own_order(sentence: Sentence, name: str, thing: Span | None) -> bool:
    """Say whether what is halted is the subject's own order."""
    if thing is None or thing.tag != f"{OBJECT}deal" or name not in {"halt", "revoke"}:
        return False
    words = sentence.text.words
    if words[thing.start][:5] in sentence.small.orders:
        return True
    behind = words[thing.stop : thing.stop + 2]
    return any(word[:5] in sentence.small.orders for word in behind)  # "kontrakt na zakup"


def has_auxiliary(sentence: Sentence, index: int, first: int) -> bool:
    """Say whether an auxiliary stands right before a participle, adverbs apart."""
    words, small = sentence.text.words, sentence.small
    index -= 1
    while index > first and words[index] in small.adverbs:
        index -= 1
    return index >= first and words[index] in small.auxiliaries
