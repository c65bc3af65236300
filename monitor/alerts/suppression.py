"""Decide which deliveries go now, which later and which not at all. Pure.

No delivery is dropped: one that may not go is stored as ``suppressed``, one that waits is due later, and each
carries the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model import (
    Alert,
    Delivery,
    DeliveryState,
    Silence,
    Unsubscription,
)
from monitor.text import words

from .quiet_hours import DEFERRABLE_KINDS, Deferral, QuietHours, breaks_through, deferral_of

#: A delivery this young was checked when it was stored and is checked again only if preferences changed.
FRESH = timedelta(minutes=1)


class Addressed(Protocol):
    """A message to a recipient of a channel, sent or not."""

    @property
    def channel(self) -> str:
        """The name of the channel."""

    @property
    def recipient(self) -> str:
        """The recipient, "" for all of the channel."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The quiet hours, silences and unsubscriptions in force."""

    quiet_hours: tuple[QuietHours, ...] = ()
    silences: tuple[Silence, ...] = ()
    unsubscriptions: tuple[Unsubscription, ...] = ()

    def apply(self, delivery: Delivery, alert: Alert | None, now: datetime) -> Delivery:
        """Return the delivery to store: unchanged, due later, or suppressed, with the reason.

        `alert` is the one that the delivery carries; None for other kinds.
        """
        if delivery.state != DeliveryState.OWED or delivery.kind not in DEFERRABLE_KINDS:
            return delivery
        if left := self._unsubscription(delivery):
            return _suppressed(delivery, f"unsubscribed at {_utc(left.at)} {left.how}".rstrip())
        if alert and (silence := matching_silence(self.silences, alert, now, delivery)):
            return _suppressed(delivery, silence_reason(silence))
        if deferral := deferral_of(self.quiet_hours, delivery, alert, now):
            return _deferred(delivery, alert, deferral)
        return delivery

    def need_check(self, delivery: Delivery, now: datetime) -> bool:
        """Say whether a delivery that was stored earlier must be checked again before it is sent."""
        if now - delivery.created_at >= FRESH:
            return True
        changes = (*(each.created_at for each in self.silences), *(each.at for each in self.unsubscriptions))
        return any(change >= delivery.created_at for change in changes)

    def _unsubscription(self, delivery: Delivery) -> Unsubscription | None:
        target = (delivery.channel, delivery.recipient)
        matching = (each for each in self.unsubscriptions if (each.channel, each.recipient) == target)
        return next(matching, None)


def silence_reason(silence: Silence) -> str:
    """Return why a silence suppresses a delivery; the beginning, up to the colon, identifies the silence."""
    return f"silence {silence.id}: {silence.reason}"


def matching_silence(
    silences: Iterable[Silence], alert: Alert, now: datetime, delivery: Addressed | None = None
) -> Silence | None:
    """Return the first silence that applies to an alert: for a delivery, or without one for everybody."""
    for silence in silences:
        grave = breaks_through(alert, silence.break_through, silence.flips)
        if silence.active(now) and _concerns(silence, delivery) and not grave and fits(silence, alert):
            return silence
    return None


def fits(silence: Silence, alert: Alert) -> bool:
    """Say whether all criteria of a silence hold for an alert."""
    event, topics = alert.verdict.event, alert.verdict.topics or alert.verdict.possible
    equal = (
        (silence.story, alert.story),
        (silence.feed, alert.item.feed),
        (silence.event, event.type if event else ""),
    )
    if any(wanted and wanted != found for wanted, found in equal):
        return False
    if silence.topic and silence.topic not in topics:
        return False
    if silence.entity and not _mentions(silence.entity, alert):
        return False
    if silence.words:
        return _contains(silence.words, alert)
    return bool(silence.entity or silence.topic or any(wanted for wanted, _ in equal))


def _concerns(silence: Silence, delivery: Addressed | None) -> bool:
    """Say whether a silence is for this delivery's channel and recipient, or for all."""
    if not silence.channel:
        return True
    if delivery is None or silence.channel != delivery.channel:
        return False
    return silence.recipient in {"", delivery.recipient}


def _mentions(entity: str, alert: Alert) -> bool:
    wanted = tuple(words(entity))
    return any(entity == each.id or wanted == tuple(words(each.name)) for each in alert.verdict.entities)


def _contains(wanted: str, alert: Alert) -> bool:
    return set(words(wanted)) <= set(words(f"{alert.item.title} {alert.item.summary}"))


def _deferred(delivery: Delivery, alert: Alert | None, deferral: Deferral) -> Delivery:
    """Return a delivery that is due after quiet hours, or suppressed if these leave alerts to the digest."""
    quiet_hours, until = deferral.quiet_hours, deferral.until
    if alert and quiet_hours.release == "digest":
        reason = f"quiet hours {quiet_hours.name} leave it to the digest: {quiet_hours.reason}"
        return _suppressed(delivery, reason)
    reason = f"quiet hours {quiet_hours.name} until {_utc(until)}: {quiet_hours.reason}"
    return replace(delivery, due_at=max(delivery.due_at, until), reason=reason)


def _suppressed(delivery: Delivery, reason: str) -> Delivery:
    return replace(delivery, state=DeliveryState.SUPPRESSED, reason=reason)


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
