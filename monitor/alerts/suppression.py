"""Whether a delivery goes now, later, or not at all: quiet hours, silences, farewells. Pure.

Applied to all deliveries right before they are owed. None is ever dropped: what does not go is kept as
``suppressed``, what waits is due later, and each says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from monitor.model import Alert, Delivery, DeliveryState, Silence, Unsubscription
from monitor.text import words

from .quiet_hours import DEFERRABLE_KINDS, QuietHours, breaks_through, deferral_of

NO_ALERTS: Mapping[str, Alert] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Preferences:
    """What readers and the operator want left out or put off."""

    quiet_hours: tuple[QuietHours, ...] = ()
    silences: tuple[Silence, ...] = ()
    unsubscriptions: tuple[Unsubscription, ...] = ()


def held(
    deliveries: Iterable[Delivery],
    preferences: Preferences,
    now: datetime,
    alerts: Mapping[str, Alert] = NO_ALERTS,
) -> tuple[Delivery, ...]:
    """Return deliveries as they are owed in view of all wishes; `alerts` are those they tell, by id."""
    return tuple(_held(each, preferences, alerts.get(each.ref), now) for each in deliveries)


def _held(delivery: Delivery, preferences: Preferences, alert: Alert | None, now: datetime) -> Delivery:
    if delivery.state != DeliveryState.OWED or delivery.kind not in DEFERRABLE_KINDS:
        return delivery
    for gone in preferences.unsubscriptions:
        if (gone.channel, gone.recipient) == (delivery.channel, delivery.recipient):
            return _suppressed(delivery, f"unsubscribed at {_shown(gone.at)} {gone.how}".rstrip())
    if alert and (silence := silenced_by(preferences.silences, alert, now, delivery)):
        return _suppressed(delivery, f"silence {silence.id}: {silence.reason}")
    if found := deferral_of(preferences.quiet_hours, delivery, alert, now):
        quiet, until = found
        if alert and quiet.release == "digest":
            return _suppressed(delivery, f"quiet hours {quiet.name} leave it to the digest: {quiet.reason}")
        return replace(delivery, due_at=max(delivery.due_at, until), reason=waiting(quiet, until))
    return delivery


def waiting(quiet: QuietHours, until: datetime) -> str:
    """Return until when a delivery waits and why, in words."""
    return f"quiet hours {quiet.name} until {_shown(until)}: {quiet.reason}"


def silenced_by(
    silences: Iterable[Silence], alert: Alert, now: datetime, delivery: Delivery | None = None
) -> Silence | None:
    """Return the first silence that keeps an alert back: from a delivery, or without one from everybody."""
    for silence in silences:
        whose = not silence.channel or (
            delivery is not None
            and silence.channel == delivery.channel
            and silence.recipient in {"", delivery.recipient}
        )
        grave = breaks_through(alert, silence.break_through, silence.flips)
        if silence.active(now) and whose and not grave and fits(silence, alert):
            return silence
    return None


def fits(silence: Silence, alert: Alert) -> bool:
    """Say whether all criteria of a silence hold for an alert."""
    event, topics = alert.verdict.event, alert.verdict.topics or alert.verdict.possible
    asked = (
        (silence.story, silence.story == alert.story),
        (silence.feed, silence.feed == alert.item.feed),
        (silence.entity, _names(silence.entity, alert)),
        (silence.event, event is not None and silence.event == event.type),
        (silence.topic, silence.topic in topics),
        (silence.words, _says(silence.words, alert)),
    )
    given = [holds for criterion, holds in asked if criterion]
    return bool(given) and all(given)


def _names(entity: str, alert: Alert) -> bool:
    wanted = tuple(words(entity))
    return any(entity == each.id or wanted == tuple(words(each.name)) for each in alert.verdict.entities)


def _says(wanted: str, alert: Alert) -> bool:
    return set(words(wanted)) <= set(words(f"{alert.item.title} {alert.item.summary}"))


def _suppressed(delivery: Delivery, why: str) -> Delivery:
    return replace(delivery, state=DeliveryState.SUPPRESSED, reason=why)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
