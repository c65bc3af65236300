"""Silences in force and over, and a new one with what it would have hidden before it is saved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.alerts.suppression import fits, matching_silence
from monitor.model import ActionKind, Alert, AuditEntry, Silence, iso_id, key_of
from monitor.render.language import alert_line
from monitor.render.sanitize import sanitize, sanitized
from monitor.render.terms import EVENTS
from monitor.store import Store
from monitor.web.base import WebContext
from monitor.web.render import show
from monitor.web.stories.actions import NOBODY

from .common import DeskRouter, Form, Web

router = DeskRouter()

CRITERIA = ("story", "feed", "entity", "event", "topic", "words")
LOOKBACK = timedelta(days=30)

#: Alerts read for a preview, the newest first, and how long that may take.
MAX_ALERTS, MAX_SECONDS = 4_000, 1.0
_BATCH = 500

#: How long a silence lasts, by the values of the form.
LASTS = {
    "12h": timedelta(hours=12),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a silence would have hidden: alerts newest first with their act, and counts by severity.

    `since` is how far back alerts were read if there were too many for the whole period, else None.
    """

    hidden: tuple[tuple[Alert, str], ...]
    count: int
    alerts: int
    days: int
    since: datetime | None
    severities: tuple[tuple[int, int], ...]
    relevant: int
    through: int


@router.get("/silences")
async def silences(request: Request, web: Web) -> Response:
    """Show silences, and the preview of a new one if criteria are given."""
    given = {name: request.query_params.get(name, "")[:200].strip() for name in CRITERIA}
    lasts = request.query_params.get("lasts", "7d")
    return await show(request, web, "silences", _context, web, given, lasts)


@router.post("/silences")
async def add_silence(web: Web, form: Form) -> Response:
    """Save a silence; it needs a criterion, a reason and an end."""
    given = {name: form.one(name)[:200] for name in CRITERIA}
    reason = sanitize(form.one("reason"))[:500]
    if not any(given.values()):
        raise HTTPException(422, "Say what to silence.")
    if not reason:
        raise HTTPException(422, "A silence needs a reason.")
    silence = _silence(given, form.by.name or NOBODY, reason, form.one("lasts"), web.clock())
    await web.write(save_silence, web.jobs.store, silence)
    return RedirectResponse("/silences", 303)


@router.post("/silences/{id}/end")
async def end_silence(id: str, web: Web, form: Form) -> Response:
    """End a silence now."""
    ended = await web.write(web.jobs.store.end_silence, id, web.clock())
    if ended is None:
        raise HTTPException(404, "No silence with this id is in force.")
    entry = AuditEntry(at=web.clock(), who=form.by.name or NOBODY, what="silence ended", subject=ended.id)
    await web.write(web.jobs.store.add_audit, entry)
    return RedirectResponse("/silences", 303)


def save_silence(store: Store, silence: Silence) -> None:
    """Store a silence, and who wanted it in the audit log."""
    store.add_silence(silence)
    detail = f"{_what(silence)}: {silence.reason}"
    store.add_audit(
        AuditEntry(at=silence.created_at, who=silence.who, what="silence", subject=silence.id, detail=detail)
    )


def _silence(given: Mapping[str, str], who: str, reason: str, lasts: str, now: datetime) -> Silence:
    entity = iso_id(given["entity"])
    return Silence(
        id=key_of("silence", who, str(now), *given.values()),
        who=who,
        reason=reason,
        created_at=now,
        expires_at=now + LASTS.get(lasts, LASTS["7d"]),
        story=given["story"],
        feed=given["feed"],
        entity=entity,
        event=given["event"],
        topic=given["topic"],
        words=given["words"],
    )


def _context(web: WebContext, given: Mapping[str, str], lasts: str) -> Mapping[str, Any]:
    now, store = web.clock(), web.store
    known = [(each, _what(each)) for each in reversed(store.silences())]
    preview = preview_of(store, _silence(given, "", "", lasts, now), now) if any(given.values()) else None
    return {
        "active": [pair for pair in known if pair[0].active(now)],
        "over": [pair for pair in known if not pair[0].active(now)][:50],
        "given": given,
        "lasts": lasts,
        "preview": preview,
        "events": sorted((type, words) for type, words in EVENTS.items() if type),
        "feeds": sorted(web.policy.alerts.feeds),
        "now": now,
    }


def preview_of(store: Store, silence: Silence, now: datetime) -> Preview:
    """Return what a silence would have hidden in the last 30 days, by the code that silences."""
    alerts, is_cut = _lately(store, now)
    hidden = [alert for alert in alerts if matching_silence((silence,), alert, now)]
    fitting = sum(fits(silence, alert) for alert in alerts)
    reactions = store.actions_since(now - LOOKBACK)
    relevant = {action.alert for action, _ in reactions if action.kind == ActionKind.RELEVANT}
    severities = Counter(alert.verdict.severity for alert in hidden)
    shown = [sanitized(alert) for alert in hidden[:_SHOWN]]
    return Preview(
        hidden=tuple((alert, alert_line(alert)) for alert in shown),
        count=len(hidden),
        alerts=len(alerts),
        days=(now - alerts[-1].raised_at).days + 1 if is_cut else LOOKBACK.days,
        since=alerts[-1].raised_at if is_cut else None,
        severities=tuple(sorted(severities.items(), reverse=True)),
        relevant=sum(alert.id in relevant for alert in hidden),
        through=fitting - len(hidden),
    )


def _lately(store: Store, now: datetime) -> tuple[list[Alert], bool]:
    """Return the newest alerts of the last days, newest first, and whether there are more."""
    end, alerts, before = perf_counter() + MAX_SECONDS, list[Alert](), 0
    while len(alerts) < MAX_ALERTS and perf_counter() < end:
        batch = store.newest_alerts(now - LOOKBACK, before, _BATCH)
        alerts += batch
        if len(batch) < _BATCH:
            return alerts, False
        before = batch[-1].seq
    return alerts, True


def _what(silence: Silence) -> str:
    criteria = [f"{name} {value}" for name in CRITERIA if (value := getattr(silence, name))]
    whom = f" for {silence.recipient or silence.channel}" if silence.channel else ""
    return ", ".join(criteria) + whom
