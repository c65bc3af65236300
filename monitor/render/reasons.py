"""State in at most three sentences why an item was flagged; rule ids and points stay in JSON and CSV."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model import Event, Evidence, Verdict

from .sanitize import clip
from .terms import DIRECTIONS, EVENTS, FIELDS

MAX_REASONS = 3
MAX_QUOTE = 160
MAX_RELEVANCE = 100

#: How a sentence begins that quotes an event, by its status.
_REPORTS: Mapping[str, str] = {
    "done": "reports ",
    "future": "announces ",
    "wished": "reports a wish: ",
    "asked": "asks: ",
    "threatened": "reports a threat: ",
    "denied": "reports a denial: ",
    "recalled": "recalls ",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence around a quote of the item; `before` and `after` are our own words."""

    before: str
    quote: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}“{self.quote}”{self.after}"


def reasons_of(verdict: Verdict) -> tuple[Reason, ...]:
    """Return the act, the strongest rules, and the strongest objection; at most three sentences."""
    sentences = [_of_event(verdict.event)] if verdict.event else []
    objection = min(verdict.penalties, key=lambda each: each.points, default=None)
    room = MAX_REASONS - len(sentences) - (objection is not None)
    known = {verdict.event.quote} if verdict.event else set()
    sentences += [_of_rule(each) for each in _strongest(verdict.evidence, known, room)]
    if objection:
        sentences.append(_of_objection(objection))
    return tuple(sentences)


def relevance_of(verdict: Verdict) -> str:
    """Return the relevance by topic, and the sum of all points where the limit of 100 cut it."""
    scored = sorted(verdict.relevance.items(), key=lambda each: -each[1])
    topics = [topic for topic, points in scored if points]
    words = [_relevance(verdict, topic) for topic in topics]
    total = round(sum(each.points for each in (*verdict.evidence, *verdict.penalties)))
    if len(topics) == 1 and total > verdict.relevance[topics[0]] == MAX_RELEVANCE:
        words[0] += f" (sum {total}, counted as {MAX_RELEVANCE})"
    return " · ".join(words)


def meaning_of(evidence: Evidence) -> str:
    """Return what evidence means, without the id of its rule."""
    rule, colon, meaning = evidence.because.partition(": ")
    return meaning if colon else _event_type(rule.removeprefix("event "))


def _relevance(verdict: Verdict, topic: str) -> str:
    points = f"{topic} {verdict.relevance[topic]} of {MAX_RELEVANCE}"
    return points if topic in verdict.topics else f"{points}, below the threshold"


def _event_type(type: str) -> str:
    return EVENTS.get(type, type.replace("_", " "))


def _field(name: str) -> str:
    return FIELDS.get(name, name)


def _of_event(event: Event) -> Reason:
    status = "denied" if event.negated else event.status
    marks = [_event_type(event.type), DIRECTIONS.get(event.polarity, ""), "hedged" if event.hedged else ""]
    before = f"The {_field(event.field)} {_REPORTS.get(status, 'reports ')}"
    return _reason(before, event.quote, ", ".join(mark for mark in marks if mark))


def _of_rule(evidence: Evidence) -> Reason:
    return _reason(f"The {_field(evidence.field)} has ", evidence.quote, meaning_of(evidence))


def _of_objection(evidence: Evidence) -> Reason:
    return _reason(f"Against it: the {_field(evidence.field)} has ", evidence.quote, meaning_of(evidence))


def _reason(before: str, quote: str, meaning: str) -> Reason:
    return Reason(before, clip(quote, MAX_QUOTE), f" ({meaning}).")


def _strongest(evidence: Iterable[Evidence], known: set[str], most: int) -> list[Evidence]:
    """Return the rules with most points whose quotes do not overlap; the event's own evidence is left out."""
    rules = [each for each in evidence if each.points > 0 and not each.because.startswith("event ")]
    chosen: list[Evidence] = []
    for each in sorted(rules, key=lambda each: -each.points):
        if len(chosen) < most and each.quote not in known and not _overlaps(each.quote, chosen):
            chosen.append(each)
    return chosen


def _overlaps(quote: str, chosen: Iterable[Evidence]) -> bool:
    return any(quote in each.quote or each.quote in quote for each in chosen)
