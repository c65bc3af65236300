"""Build a summary: one message to one recipient about alerts that were not sent on their own. Pure.

A storm and the end of a silence are reported so. A summary is rendered as a digest that nobody subscribed to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import (
    Alert,
    ChannelTarget,
    Counts,
    Delivery,
    DeliveryKind,
    Digest,
    Message,
    Occasion,
    Silence,
    Subscription,
    key_of,
)

from .occasions import next_after
from .wording import DigestRenderer

#: The names that the digests of summaries have in their messages.
_NAMES: Mapping[DeliveryKind, str] = {DeliveryKind.STORM: "summary", DeliveryKind.SILENCE: "silence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The alerts that a summary reports to a recipient, in match order; `kind` is STORM or SILENCE.

    `since` is the beginning of its window. `silence` is the one that has ended, if a summary reports that.
    """

    id: str
    kind: DeliveryKind
    target: ChannelTarget
    recipient: str
    since: datetime
    alerts: tuple[Alert, ...]
    silence: Silence | None = None


def summary_deliveries(
    renderer: DigestRenderer,
    subscriptions: Iterable[Subscription],
    summary: Summary,
    counts: Counts,
    now: datetime,
) -> tuple[Delivery, ...]:
    """Render a summary in the zone of its channel's digests, and return a delivery for each message."""
    zones = (sub.zone for sub in subscriptions if summary.target.name in sub.channels)
    digest = _digest_of(summary, next(zones, "UTC"), counts, now)
    return _deliveries(summary, renderer.digest(digest, summary.target.form), now)


def _digest_of(summary: Summary, zone: str, counts: Counts, now: datetime) -> Digest:
    target, alerts = summary.target, summary.alerts
    sub = Subscription(
        name=_NAMES[summary.kind], at="00:00", zone=zone, channels=(target.name,), language=target.language
    )
    return Digest(
        id=summary.id,
        subscription=sub,
        occasion=Occasion(sub.name, summary.kind.value, now),
        planned_at=now,
        since=summary.since,
        from_seq=alerts[0].seq - 1 if alerts else 0,
        to_seq=alerts[-1].seq if alerts else 0,
        alerts=alerts,
        counts=counts,
        next_due_at=next_after(sub, now),
        silence=summary.silence,
    )


def _deliveries(summary: Summary, messages: Sequence[Message], now: datetime) -> tuple[Delivery, ...]:
    return tuple(
        Delivery(
            id=summary.id if part == 0 else key_of(summary.kind.value, summary.id, str(part)),
            kind=summary.kind,
            ref=summary.id,
            channel=summary.target.name,
            recipient=summary.recipient,
            message=summary.target.taken(message),
            created_at=now,
            due_at=now,
        )
        for part, message in enumerate(messages)
    )
