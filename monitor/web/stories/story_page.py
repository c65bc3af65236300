"""Collect what the page of a story shows: reports in order, reasons, parties, deliveries, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model import (
    Alert,
    Assignment,
    AuditEntry,
    Delivery,
    Feed,
    Judged,
    Mention,
    Note,
    Story,
    StoryRow,
)
from monitor.render.digest_layout import extract
from monitor.render.json import alert_data
from monitor.render.language import alert_news
from monitor.render.reasons import Reason, reasons_of
from monitor.render.sanitize import clip, href, sanitize, sanitized
from monitor.render.terms import EVENTS
from monitor.store import Store

from .marks import Piece, marked_summary, marked_title
from .rows import RowView, row_view

#: Reports and deliveries shown of one story.
MOST_REPORTS = 40
MOST_DELIVERIES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report of the story: who published it when, and what was new in it."""

    title: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    lang: str
    link: str
    source: str
    tier: str
    credibility: str
    at: datetime
    news: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """Everything that the page of a story shows."""

    row: RowView
    alert: Alert
    story: Story | None
    reports: tuple[Report, ...]
    more_reports: int
    reasons: tuple[Reason, ...]
    lead: str
    steps: tuple[str, ...]
    parties: tuple[Mention, ...]
    related: tuple[RowView, ...]
    deliveries: tuple[Delivery, ...]
    notes: tuple[Note, ...]
    assignment: Assignment | None
    history: tuple[AuditEntry, ...]
    first_at: datetime


def story_page(store: Store, feeds: Mapping[str, Feed], row: StoryRow, now: datetime) -> StoryPage:
    """Return what the page of a story shows."""
    alerts = store.story_alerts(row.story)
    story = store.story(row.story)
    items = _items(store, story, alerts)
    alert = sanitized(row.alert)
    related = store.story_rows_of(row.alert.related[:8]) if row.alert.related else ()
    steps = story.steps if story else ()
    return StoryPage(
        row=row_view(row, now, store.silences(now)),
        alert=alert,
        story=story,
        reports=tuple(_report(each, alerts, feeds) for each in items[:MOST_REPORTS]),
        more_reports=max(len(items) - MOST_REPORTS, 0),
        reasons=reasons_of(alert.verdict),
        lead=clip(sanitize(extract(alert)), 200),
        steps=tuple(dict.fromkeys(map(_step, steps))),
        parties=_parties(alert.verdict.entities),
        related=tuple(row_view(each, now) for each in related if each.story != row.story),
        deliveries=store.story_deliveries(row.story, MOST_DELIVERIES),
        notes=store.notes(row.story),
        assignment=store.assignment(row.story),
        history=store.audit_of(row.story, 20),
        first_at=row.first_at,
    )


def story_data(store: Store, row: StoryRow) -> dict[str, Any]:
    """Return a story as JSON: its alerts as webhooks carry them, oldest first."""
    alerts = store.story_alerts(row.story)
    return {
        "id": row.story,
        "first_at": row.first_at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "severity": row.severity,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        "assigned": row.assigned or None,
        "publishers": list(row.publishers),
        "alerts": [alert_data(alert) for alert in alerts],
    }


def _items(store: Store, story: Story | None, alerts: Sequence[Alert]) -> list[Judged]:
    """Return the items of a story that are still stored, those of alerts as alerted, oldest first."""
    found = {each.item.id: Judged(each.item, each.verdict, each.decision) for each in alerts}
    for id in story.item_ids if story else ():
        if id not in found and (judged := store.item(id)):
            found[id] = judged
    return sorted(found.values(), key=lambda each: (each.item.first_seen_at, each.item.id))


def _report(judged: Judged, alerts: Sequence[Alert], feeds: Mapping[str, Feed]) -> Report:
    item, feed = judged.item, feeds.get(judged.item.feed)
    own = [alert for alert in alerts if alert.item.id == item.id]
    title = own[0].source if own else feed.title if feed else item.feed
    lang = item.lang.partition("-")[0]
    return Report(
        title=marked_title(judged),
        summary=marked_summary(judged),
        lang=lang if lang.isalpha() and len(lang) in {2, 3} else "",
        link=href(item.url),
        source=clip(sanitize(title), 80),
        tier=feed.tier.value.replace("_", " ") if feed else "",
        credibility=judged.verdict.credibility.letter,
        at=item.first_seen_at,
        news=_news(own, alerts),
    )


def _news(own: Sequence[Alert], alerts: Sequence[Alert]) -> str:
    """Return what a report added to the story, in words."""
    if not own:
        return "adds nothing new"
    if own[0].id == alerts[0].id:
        return "the first"
    return "; ".join(clip(sanitize(alert_news(each)), 300) for each in own if each.news) or "a new report"


def _step(step: str) -> str:
    """Return a stored step (event type, stage and direction) in words."""
    type = step.partition(" ")[0]
    return EVENTS.get(type, type.replace("_", " "))


def _parties(entities: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return who and what is named: listed parties first, each once."""
    known = {each.id: each for each in reversed(entities)}
    return tuple(sorted(known.values(), key=lambda each: (not each.lists, each.kind, each.name))[:24])
