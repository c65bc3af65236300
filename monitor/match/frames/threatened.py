"""Read a threat that stands in another clause than its measures."""

from monitor.match.spans import Span
from monitor.model import EventStatus

from .clauses import Clause, at
from .sentences import Sentence
from .status import Mark
from .tables import OBJECT

#: Measures with which somebody is threatened.
_MEASURES = frozenset(f"{OBJECT}{name}" for name in ("sanctions", "package", "measures"))

#: Verbs of the trade for which they are threatened.
_TRADE = frozenset("buy sell supply deliver receive".split())

#: How many clauses before its measures a threat may stand.
CLAUSES = 2


def threatened_with(sentence: Sentence, thing: Span) -> Mark | None:
    """Return the mark of a threat before a relative clause, or before a colon and a condition.

    "Hotar länder som köper olja med sanktioner"; "London warns Tbilisi: sanctions if arrests go on".
    """
    if thing.tag not in _MEASURES:
        return None
    number = at(sentence.clauses, thing.start)
    if _is_conditional(sentence, number, thing):
        warning = sentence.clauses[number - 1]
        found = sentence.marks.within("before", warning.start, warning.stop, "threatened")
        return Mark(found[-1][1], EventStatus.THREATENED, False) if found else None
    if not _is_instrument(sentence, thing):
        return None
    for back in range(1, min(CLAUSES, number) + 1):
        clause = sentence.clauses[number - back]
        found = sentence.marks.within("before", clause.start, clause.stop, "threatened")
        if found and _trades(sentence, clause, thing):
            return Mark(found[-1][1], EventStatus.THREATENED, False)
    return None


def _is_conditional(sentence: Sentence, number: int, thing: Span) -> bool:
    """Say whether measures open a clause of a title between a name's and a condition."""
    clause, last = sentence.clauses[number], number + 1 == len(sentence.clauses)
    if sentence.field != "title" or not number or last or thing.start - clause.start > 1:
        return False
    word = sentence.text.words[sentence.clauses[number + 1].start]
    return word in sentence.small.conditions and sentence.clauses[number - 1].start in sentence.names()


def _is_instrument(sentence: Sentence, thing: Span) -> bool:
    """Say whether measures are what somebody is threatened with, by a preposition or by their ending."""
    words = sentence.text.words
    if words[thing.start].endswith(sentence.small.instrumental):
        return True
    near = words[max(thing.start - 2, sentence.start) : thing.start]
    return not sentence.small.by_means_of.isdisjoint(near)


def _trades(sentence: Sentence, threat: Clause, thing: Span) -> bool:
    """Say whether a verb of trade stands between a threat and its measures."""
    inside = (each for each in sentence.verbs if threat.stop <= each.start < thing.start)
    return any(each.tag.split(":")[1] in _TRADE for each in inside)
