"""State in at most three sentences why an item was flagged; rule ids and points stay in JSON and CSV."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Event, Evidence, Verdict

from .catalogue import ENGLISH, Catalogue, catalogue_of
from .language import filled
from .sanitize import clip

MAX_REASONS = 3
MAX_QUOTE = 160
MAX_RELEVANCE = 100

#: The relevance from which an item is flagged, as seeds/scoring.toml sets it.
FLAGGED = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence around a quote of the item; `before` and `after` are our own words."""

    before: str
    quote: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}“{self.quote}”{self.after}"


def reasons_of(verdict: Verdict, catalogue: Catalogue | None = None) -> tuple[Reason, ...]:
    """Return the act, the strongest rules, and the strongest objection; at most three sentences."""
    words = catalogue or catalogue_of(ENGLISH)
    sentences = [_of_event(verdict.event, words)] if verdict.event and verdict.event.quote else []
    objection = min(verdict.penalties, key=lambda each: each.points, default=None)
    room = MAX_REASONS - len(sentences) - (objection is not None)
    known = {verdict.event.quote} if verdict.event else set()
    sentences += [_of_evidence("rule", each, words) for each in _strongest(verdict.evidence, known, room)]
    if objection:
        sentences.append(_of_evidence("against", objection, words))
    return tuple(sentences)


def relevance_of(verdict: Verdict, catalogue: Catalogue | None = None) -> str:
    """Return the relevance by topic, and the sum of all points where the limit of 100 cut it."""
    words = catalogue or catalogue_of(ENGLISH)
    scored = sorted(verdict.relevance.items(), key=lambda each: -each[1])
    topics = [topic for topic, points in scored if points]
    total = round(sum(each.points for each in (*verdict.evidence, *verdict.penalties)))
    is_capped = len(topics) == 1 and total > verdict.relevance[topics[0]] == MAX_RELEVANCE
    return " · ".join(_relevance(verdict, topic, total if is_capped else 0, words) for topic in topics)


def meaning_of(evidence: Evidence, catalogue: Catalogue | None = None) -> str:
    """Return what evidence means, without the id of its rule."""
    words = catalogue or catalogue_of(ENGLISH)
    rule, colon, meaning = evidence.because.partition(": ")
    if not colon:
        return words.word("events", rule.removeprefix("event "))
    return words.phrase(meaning)


def _relevance(verdict: Verdict, topic: str, total: int, words: Catalogue) -> str:
    key = "capped" if total else "relevance" if topic in verdict.topics else "below"
    values = {
        "topic": words.word("topics", topic),
        "points": verdict.relevance[topic],
        "sum": total,
        "threshold": FLAGGED,
    }
    return filled(words.word("why", key), values)


def _of_event(event: Event, words: Catalogue) -> Reason:
    status = "denied" if event.negated else event.status
    meaning = words.word("events", event.type)
    if event.hedged:
        meaning = filled(words.word("why", "hedged"), {"meaning": meaning})
    pattern = words.find("why", status) or words.find("why", "done")
    return _reason(pattern, event.field, event.quote, meaning, words)


def _of_evidence(key: str, evidence: Evidence, words: Catalogue) -> Reason:
    pattern = words.word("why", key)
    return _reason(pattern, evidence.field, evidence.quote, meaning_of(evidence, words), words)


def _reason(pattern: str, field: str, quote: str, meaning: str, words: Catalogue) -> Reason:
    before, _, after = pattern.partition("“{quote}”")
    values = {"field": words.word("fields", field), "meaning": meaning}
    return Reason(filled(before, values), clip(quote, MAX_QUOTE), filled(after, values))


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
