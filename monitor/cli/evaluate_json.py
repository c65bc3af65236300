"""The figures of `evaluate` as JSON for programs."""

from collections.abc import Iterable, Iterator
from typing import Any

from monitor.match.evaluation.events import (
    EventFigures,
    confusions,
    expected,
    faults,
    measure_events,
    type_of,
)
from monitor.match.evaluation.parties import wrong_parties
from monitor.match.evaluation.topics import Counts, Measured, measure
from monitor.match.rules import TOPICS
from monitor.render.sanitize import without_surrogates

from .evaluate_tables import AnswerWithVerdict, wrong_events, wrong_topics


def evaluation_data(judged: list[AnswerWithVerdict], seconds: float, mistakes: list[str]) -> dict[str, Any]:
    """Return the figures of topics, and of events and confusions if any item has an event label."""
    answers = [answer for answer, _ in judged]
    topics = {topic: _measured(measure(answers, topic)) for topic in TOPICS}
    data = {"topics": topics, "items": len(judged), "seconds": round(seconds, 3), "mistakes": mistakes}
    if figures := measure_events(answers):
        data["events"] = _events(figures)
        data["confusions"] = [
            {"expected": pair[0], "found": pair[1], "n": n} for pair, n in confusions(answers).most_common()
        ]
    return data


def errors_data(judged: Iterable[AnswerWithVerdict]) -> dict[str, Any]:
    """Return every item whose topics or event were judged wrong."""
    given = list(judged)
    return {"errors": list(_topic_errors(given)), "event_errors": list(_event_errors(given))}


def counts_data(of: Counts) -> dict[str, float]:
    """Return rates and counts; a count of whole items is an integer."""
    rates = {"precision": of.precision, "recall": of.recall_items, "f1": of.f1}
    numbers = {"tp": of.tp, "fp": of.fp, "fn": of.fn}
    return {name: round(rate, 4) for name, rate in rates.items()} | {
        name: int(number) if number == int(number) else round(number, 4) for name, number in numbers.items()
    }


def _measured(of: Measured) -> dict[str, Any]:
    return {
        "all": counts_data(of.all),
        "sure": counts_data(of.sure),
        "weighted": counts_data(of.weighted),
        "by_lang": {name: counts_data(each) for name, each in of.by_lang.items()},
        "by_bucket": {name: counts_data(each) for name, each in of.by_bucket.items()},
    }


def _events(of: EventFigures) -> dict[str, Any]:
    return {
        "n": of.n,
        "type": round(of.type, 4),
        "polarity": round(of.polarity, 4),
        "opposite": of.opposite,
        "severity_exact": round(of.severity_exact, 4),
        "severity_within_1": round(of.severity_within_1, 4),
        "false_urgent": of.false_urgent,
        "missed_urgent": of.missed_urgent,
        "background_as_news": of.background_as_news,
        "parties": {
            role: {"precision": round(each.precision, 4), "recall": round(each.recall_parties, 4)}
            for role, each in of.parties.items()
        },
        "by_lang": {lang: {"n": each.n, "type": round(each.type, 4)} for lang, each in of.by_lang.items()},
        "sure": {"n": of.sure.n, "type": round(of.sure.type, 4)},
    }


def _topic_errors(judged: list[AnswerWithVerdict]) -> Iterator[dict[str, Any]]:
    for wrong in wrong_topics(judged):
        topic, answer, verdict = wrong.topic, wrong.answer, wrong.verdict
        yield {
            "id": without_surrogates(answer.item.id),
            "lang": without_surrogates(answer.item.fields["lang"]),
            "topic": topic,
            "error": wrong.mistake,
            "unsure": answer.item.unsure,
            "relevance": verdict.relevance[topic],
            "evidence": [without_surrogates(f"{e.because} “{e.quote}”") for e in verdict.evidence[:3]],
            "penalties": [without_surrogates(f"{e.because} “{e.quote}”") for e in verdict.penalties[:3]],
        }


def _event_errors(judged: list[AnswerWithVerdict]) -> Iterator[dict[str, Any]]:
    for answer, label in wrong_events(judged):
        event = answer.event
        yield {
            "id": without_surrogates(answer.item.id),
            "lang": without_surrogates(answer.item.fields["lang"]),
            "faults": list(faults(answer)),
            "expected": expected(label),
            "found": type_of(event),
            "status": event.status if event else None,
            "polarity": event.polarity if event else None,
            "severity": event.severity if event else 0,
            "quote": without_surrogates(event.quote) if event else None,
            "parties": {
                role: {"expected": without_surrogates(pair[0]), "found": without_surrogates(pair[1])}
                for role, pair in wrong_parties(answer).items()
            },
            "unsure": answer.item.unsure,
            "title": without_surrogates(answer.item.fields["title"]),
        }
