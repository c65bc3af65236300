"""Convert verdicts, alerts, digests and health reports to the JSON data of webhooks and `--json`."""

from datetime import datetime
from typing import Any

from monitor.model import (
    Alert,
    Change,
    DatedStage,
    Deadline,
    Decision,
    Digest,
    Event,
    Evidence,
    HealthReport,
    Incident,
    Polarity,
    Silence,
    Stage,
    Verdict,
)

from .language import alert_line
from .parties import authority_of, countries_of, named_as
from .sanitize import without_surrogates


def verdict_data(verdict: Verdict, decision: Decision) -> dict[str, Any]:
    """Return a verdict and its placement as JSON data; texts and offsets are those of the item."""
    return {
        "topics": list(verdict.topics),
        "possible": list(verdict.possible),
        "relevance": dict(verdict.relevance),
        "event": _event(verdict.event) if verdict.event else None,
        "background": [_event(each) for each in verdict.background],
        "entities": [
            {
                "id": each.id,
                "name": without_surrogates(each.name),
                "kind": each.kind,
                "lists": list(each.lists),
                "countries": list(each.countries),
                "quote": without_surrogates(each.quote),
            }
            for each in verdict.entities
        ],
        "evidence": [_evidence(each) for each in verdict.evidence],
        "penalties": [_evidence(each) for each in verdict.penalties],
        "credibility": {
            "letter": verdict.credibility.letter,
            "score": verdict.credibility.score,
            "reasons": list(verdict.credibility.reasons),
        },
        "route": {
            "placement": decision.placement.name.lower(),
            "because": decision.because,
            "unconfirmed": decision.unconfirmed,
        },
        "rules": list(verdict.rules),
        "would_change": list(verdict.would_change),
        "versions": dict(verdict.versions),
    }


def alert_data(alert: Alert) -> dict[str, Any]:
    """Return an alert with its verdict."""
    return {"type": "alert", **_headline(alert), **verdict_data(alert.verdict, alert.decision)}


def digest_data(digest: Digest) -> dict[str, Any]:
    """Return a digest: its window, its counts, and its alerts in match order in short form."""
    return {
        "type": "digest",
        "id": digest.id,
        "subscription": digest.subscription.name,
        "window": {
            "key": digest.occasion.key,
            "covers": list(digest.occasion.covers),
            "zone": digest.subscription.zone,
            "since": _time(digest.since),
            "due_at": _time(digest.occasion.due_at),
            "planned_at": _time(digest.planned_at),
            "next_due_at": _time(digest.next_due_at),
            "from_seq": digest.from_seq,
            "to_seq": digest.to_seq,
        },
        "counts": {
            "read": digest.counts.read,
            "flagged": digest.counts.flagged,
            "alerts": digest.counts.alerts,
            "feeds": digest.counts.feeds,
            "feeds_failing": list(digest.counts.feeds_failing),
            "feeds_unread": digest.counts.feeds_unread,
            "undelivered": digest.counts.undelivered,
            "retold": digest.counts.duplicates,
            "archived": digest.counts.archived,
            "silenced": digest.counts.silenced,
        },
        "alerts": [_in_short(alert) for alert in digest.alerts],
        "deadlines": [_deadline(each) for each in digest.deadlines],
        **({"silence": _silence(digest.silence)} if digest.silence else {}),
    }


def _silence(silence: Silence) -> dict[str, str | None]:
    """Return the silence whose end a summary reports."""
    return {
        "id": silence.id,
        "who": without_surrogates(silence.who),
        "reason": without_surrogates(silence.reason),
        "created_at": _time(silence.created_at),
        "ended_at": _time(silence.end()),
    }


def _deadline(deadline: Deadline) -> dict[str, str]:
    alert = deadline.alert
    return {
        "day": deadline.day.isoformat(),
        "story": deadline.story,
        "line": alert_line(alert),
        "title": without_surrogates(alert.item.title),
        "url": without_surrogates(alert.item.url),
    }


def _headline(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "story": alert.story,
        "kind": alert.kind,
        "news": without_surrogates(alert.news),
        "title": without_surrogates(alert.item.title),
        "url": without_surrogates(alert.item.url),
        "source": without_surrogates(alert.source),
        "lang": alert.item.lang,
        "published_at": _time(alert.item.published_at),
        "first_seen_at": _time(alert.item.first_seen_at),
        "raised_at": _time(alert.raised_at),
        "placement": alert.decision.placement.name.lower(),
        "changes": [_change(each) for each in alert.changes],
        "related": list(alert.related),
        "deadlines": list(alert.deadlines),
        "stages": [_stage(each) for each in alert.stages],
        "line": alert_line(alert),
        **({"machine_translation": without_surrogates(alert.translation)} if alert.translation else {}),
    }


def _stage(stage: DatedStage) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        "at": _time(stage.at),
        "title": without_surrogates(stage.title),
        "amounts": [without_surrogates(each) for each in stage.amounts],
        "source": without_surrogates(stage.source),
    }


def _change(change: Change) -> dict[str, str]:
    values = {"kind": change.kind.value, "before": change.before, "now": change.now, "words": change.words}
    return {name: without_surrogates(value) for name, value in values.items()}


def health_data(report: HealthReport) -> dict[str, Any]:
    """Return a health report as JSON data."""
    return {
        "type": "health",
        "id": report.id,
        "at": _time(report.at),
        "opened": [incident_data(each) for each in report.opened],
        "closed": [incident_data(each) for each in report.closed],
        "still_open": report.still_open,
    }


def incident_data(incident: Incident) -> dict[str, Any]:
    """Return an incident as JSON data; `feed` is null if it is about the whole program."""
    return {
        "feed": incident.subject or None,
        "kind": incident.kind,
        "reason": without_surrogates(incident.reason),
        "opened_at": _time(incident.opened_at),
        "closed_at": _time(incident.closed_at),
    }


def _in_short(alert: Alert) -> dict[str, Any]:
    verdict, event = alert.verdict, alert.verdict.event
    authority = authority_of(verdict) if "sanctions" in verdict.topics else None
    first = event.quote if event else next((each.quote for each in verdict.evidence), "")
    return (
        _headline(alert)
        | {
            "seq": alert.seq,
            "topics": list(verdict.topics),
            "event": event.type if event else None,
            "polarity": event.polarity if event else None,
            "severity": verdict.severity,
            "credibility": verdict.credibility.letter,
            "unconfirmed": alert.decision.unconfirmed,
            "late": alert.late,
            "authority": without_surrogates(authority.name) if authority else None,
            "countries": list(countries_of(verdict)),
            "entities": [without_surrogates(each.name) for each in verdict.entities],
            "rules": list(verdict.rules),
            "points": _points(verdict),
            "phrase": without_surrogates(first),
        }
        | _deal(verdict)
    )


def _points(verdict: Verdict) -> dict[str, float]:
    """Return the points of each rule that gave any."""
    points: dict[str, float] = {}
    for each in (*verdict.evidence, *verdict.penalties):
        rule = each.because.partition(": ")[0]
        points[rule] = round(points.get(rule, 0.0) + each.points, 1)
    return {rule: total for rule, total in points.items() if total}


def _deal(verdict: Verdict) -> dict[str, Any]:
    """Return buyer, supplier, systems, quantity and amounts by name; empty if the text does not say."""
    event = verdict.event or _NO_EVENT
    buyer, supplier = (without_surrogates(named_as(verdict, id)) for id in (event.buyer, event.supplier))
    return {
        "stage": event.stage,
        "buyer": buyer,
        "supplier": supplier,
        "systems": [without_surrogates(named_as(verdict, each)) for each in event.systems],
        "quantity": without_surrogates(event.quantity),
        "amounts": [without_surrogates(each) for each in event.amounts],
    }


_NO_EVENT = Event(topic="", type="", stage=Stage.NONE, polarity=Polarity.NONE, severity=0)


def _event(event: Event) -> dict[str, Any]:
    return {
        "topic": event.topic,
        "type": event.type,
        "stage": event.stage,
        "polarity": event.polarity,
        "severity": event.severity,
        "status": event.status,
        "field": event.field,
        "start": event.start,
        "stop": event.stop,
        "quote": without_surrogates(event.quote),
        "hedged": event.hedged,
        "negated": event.negated,
        "background": event.background,
        "why": event.why,
        "year": event.year,
        "amounts": [without_surrogates(each) for each in event.amounts],
        "ceiling": event.ceiling,
        "imposer": event.imposer,
        "targets": list(event.targets),
        "buyer": event.buyer,
        "supplier": event.supplier,
        "systems": list(event.systems),
        "quantity": without_surrogates(event.quantity),
        "deadline": without_surrogates(event.deadline),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "field": evidence.field,
        "start": evidence.start,
        "stop": evidence.stop,
        "quote": without_surrogates(evidence.quote),
        "because": evidence.because,
        "points": evidence.points,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
