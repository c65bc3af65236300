"""Read what is said of measures that are the subject: "sanctions possible", "embargo needed"."""

from monitor.match.spans import Span
from monitor.model import EventStatus

from .clauses import Clause
from .sentences import Sentence
from .status import Mark
from .tables import OBJECT

_MEASURES = frozenset(f"{OBJECT}{name}" for name in ("sanctions", "package", "bill", "relief"))

#: How many words may stand before measures that are the subject.
OPENING = 6

#: Status by the name of its mark, with whether the act is only supposed; a wish counts first.
_SAID = {
    "wished": (EventStatus.WISHED, False),
    "considered": (EventStatus.FUTURE, True),
    "future": (EventStatus.FUTURE, False),
}


def predicate(sentence: Sentence, clause: Clause, thing: Span) -> Mark | None:
    """Return the mark behind measures that are the subject of a clause in which no known verb acts."""
    before = sentence.text.words[clause.start : thing.start]
    blocking = sentence.small.blocking.get(sentence.lang, frozenset())
    if thing.tag not in _MEASURES or len(before) > OPENING or not blocking.isdisjoint(before):
        return None
    if sentence.marks.within("before", thing.stop, clause.stop, "denied"):
        return None
    marks = sentence.marks.within("predicate", thing.stop, sentence.stop)
    found = {name: hit for name, hit in marks if hit.start <= clause.stop}  # "under consideration" opens one
    inside = {index for hit in found.values() for index in range(hit.start, hit.stop)}
    acting = (verb for verb in sentence.verbs if clause.start <= verb.start < clause.stop)
    if any(verb.tag[-1] in "fb" and verb.start not in inside for verb in acting):
        return None
    return next((Mark(found[name], *said) for name, said in _SAID.items() if name in found), None)
