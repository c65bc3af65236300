"""Tell efforts to halt arms that a body refuses: what they were to stop goes on."""

from monitor.match.spans import Span

from .lexemes import Hit
from .sentences import DECIDING, Sentence
from .tables import OBJECT

#: Bodies that refuse by a vote or a ruling.
_BODIES = ("legislature", "court", DECIDING)

#: What is halted.
_HALTED = frozenset(f"{OBJECT}{name}" for name in ("arms", "shipment", "deal", "aid", "permit"))

#: Classes of verbs that refuse: "rejects", "weist … ab", "отклонил".
_REFUSING = ("v:halt:", "v:adjudge:")


def is_refused(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """Say whether a halt of arms is only what a body refuses: "Senate rejects bid to halt arms sales"."""
    if thing is None or thing.tag not in _HALTED or not _halts(sentence, verb):
        return False
    clause = sentence.clause(verb.start)
    refusals = [hit for hit in _refusals(sentence) if clause.start <= hit.start < clause.stop]
    if not any(hit.start != verb.start and not _parts(verb, hit, thing) for hit in refusals):
        return False
    return any(not sentence.clause(span.start).subordinate for span in sentence.spans(*_BODIES))


def refuses(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether a verb of refusing acts upon an effort to halt arms, not upon the arms."""
    if thing.tag not in _HALTED or all(hit.start != verb.start for hit in _refusals(sentence)):
        return False
    halts = (each for each in sentence.verbs if each.tag.startswith("v:halt:") and each.start != verb.start)
    clause = sentence.clause(verb.start)
    return any(
        clause.start <= each.start < clause.stop and not _parts(each, verb, thing) and _is_effort(each)
        for each in halts
    )


def _is_effort(verb: Hit) -> bool:
    return verb.tag[-1] in "nibfg"


def _halts(sentence: Sentence, verb: Hit) -> bool:
    return any(each.start == verb.start and each.tag.startswith("v:halt:") for each in sentence.verbs)


def _refusals(sentence: Sentence) -> list[Hit]:
    """Return the finite verbs of refusing that deny."""
    marks = [hit for hit in sentence.marks.hits if hit.tag.split(":")[1] in {"denied", "vetoed"}]
    verbs = [each for each in sentence.verbs if each.tag.startswith(_REFUSING) and each.tag[-1] in "fp"]
    return [each for each in verbs if any(hit.start == each.start for hit in marks)]


def _parts(verb: Hit, refusal: Hit, thing: Span) -> bool:
    """Say whether a refusal stands between a halt and what is halted."""
    return min(verb.start, thing.start) < refusal.start < max(verb.start, thing.start)
