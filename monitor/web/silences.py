"""Make, save and end silences, and preview what one would have hidden; pages and API use it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from monitor.alerts.suppression import fits, matching_silence
from monitor.model import ActionKind, Alert, AuditEntry, Silence, iso_id, key_of
from monitor.render.language import alert_line
from monitor.render.sanitize import sanitize, sanitized
from monitor.store import Store

CRITERIA = ("story", "feed", "entity", "event", "topic", "words")
LOOKBACK = timedelta(days=30)

#: Characters of one criterion.
MAX_CRITERION = 200

#: Alerts read for a preview, the newest first, and how long that may take.
MAX_ALERTS, MAX_SECONDS = 4_000, 1.0

_BATCH = 500
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencePreview:
    """What a silence would have hidden: `count` of `alerts`, and how many of each severity.

    `hidden` has the newest ones, each with its act in one line. `since` is how far back alerts were read if
    there were too many for the whole period, else None. `relevant` of the hidden ones were marked as
    relevant; `through` more fit and break through.
    """

    hidden: tuple[tuple[Alert, str], ...]
    count: int
    alerts: int
    days: int
    since: datetime | None
    severities: tuple[tuple[int, int], ...]
    relevant: int
    through: int


def read_criteria(one: Callable[[str], str]) -> dict[str, str]:
    """Return all criteria of a form or a request, whose values `one` returns; "" for those not given."""
    return {name: sanitize(one(name))[:MAX_CRITERION] for name in CRITERIA}


def new_silence(
    criteria: Mapping[str, str], *, who: str, reason: str, now: datetime, lasts: timedelta
) -> Silence:
    """Return a silence that begins now."""
    return Silence(
        id=key_of("silence", who, str(now), *criteria.values()),
        who=who,
        reason=reason,
        created_at=now,
        expires_at=now + lasts,
        story=criteria["story"],
        feed=criteria["feed"],
        entity=iso_id(criteria["entity"]),
        event=criteria["event"],
        topic=criteria["topic"],
        words=criteria["words"],
    )


def save_silence(store: Store, silence: Silence) -> None:
    """Store a silence, and who wanted it in the audit log."""
    store.add_silence(silence)
    detail = f"{criteria_text(silence)}: {silence.reason}"
    store.add_audit(
        AuditEntry(at=silence.created_at, who=silence.who, what="silence", subject=silence.id, detail=detail)
    )


def end_silence(store: Store, id: str, who: str, now: datetime) -> Silence | None:
    """End a silence, with an entry in the audit log; None if none with this id is in force."""
    ended = store.end_silence(id, now)
    if ended:
        store.add_audit(AuditEntry(at=now, who=who, what="silence ended", subject=ended.id))
    return ended


def criteria_text(silence: Silence) -> str:
    """Return the criteria of a silence in one line: "feed ofac, words exercise"."""
    criteria = [f"{name} {value}" for name in CRITERIA if (value := getattr(silence, name))]
    whom = f" for {silence.recipient or silence.channel}" if silence.channel else ""
    return ", ".join(criteria) + whom


def preview_of(store: Store, silence: Silence, now: datetime) -> SilencePreview:
    """Return what a silence would have hidden in the last 30 days, by the code that silences."""
    alerts, is_cut = _latest_alerts(store, now)
    hidden = [alert for alert in alerts if matching_silence((silence,), alert, now)]
    fitting = sum(fits(silence, alert) for alert in alerts)
    reactions = store.actions_since(now - LOOKBACK)
    relevant = {action.alert for action, _ in reactions if action.kind == ActionKind.RELEVANT}
    severities = Counter(alert.verdict.severity for alert in hidden)
    shown = [sanitized(alert) for alert in hidden[:_SHOWN]]
    return SilencePreview(
        hidden=tuple((alert, alert_line(alert)) for alert in shown),
        count=len(hidden),
        alerts=len(alerts),
        days=(now - alerts[-1].raised_at).days + 1 if is_cut else LOOKBACK.days,
        since=alerts[-1].raised_at if is_cut else None,
        severities=tuple(sorted(severities.items(), reverse=True)),
        relevant=sum(alert.id in relevant for alert in hidden),
        through=fitting - len(hidden),
    )


def _latest_alerts(store: Store, now: datetime) -> tuple[list[Alert], bool]:
    """Return the newest alerts of the last days, newest first, and whether there are more."""
    end, alerts, before = perf_counter() + MAX_SECONDS, list[Alert](), 0
    while len(alerts) < MAX_ALERTS and perf_counter() < end:
        batch = store.newest_alerts(now - LOOKBACK, before, _BATCH)
        alerts += batch
        if len(batch) < _BATCH:
            return alerts, False
        before = batch[-1].seq
    return alerts, True
