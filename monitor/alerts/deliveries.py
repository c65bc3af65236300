"""Build the deliveries of alerts, escalation steps and health reports. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model import (
    Alert,
    ChannelTarget,
    Delivery,
    DeliveryKind,
    HealthReport,
    Message,
    key_of,
)

#: The first part of the ids of each kind; that of alerts is older than the other kinds and stays.
_ID_PREFIXES: Mapping[DeliveryKind, str] = {DeliveryKind.ALERT: "delivery", DeliveryKind.HEALTH: "health"}

_NO_MESSAGE = Message(subject="", text="")


def deliveries_of_alert(
    alert: Alert, target: ChannelTarget, messages: Sequence[Message]
) -> tuple[Delivery, ...]:
    """Return one delivery for each recipient and message; their ids are always the same for an alert."""
    draft = _draft(DeliveryKind.ALERT, alert.id, target, alert.raised_at)
    draft = replace(draft, story=alert.story, severity=alert.verdict.severity)
    return _addressed(draft, target, messages)


def deliveries_of_step(
    alert: Alert, step: int, target: ChannelTarget, messages: Sequence[Message], now: datetime
) -> tuple[Delivery, ...]:
    """Return one delivery of an escalation step for each recipient and message, with ids of its own."""
    return tuple(
        replace(each, id=key_of("escalation", str(step), each.id), created_at=now, due_at=now)
        for each in deliveries_of_alert(alert, target, messages)
    )


def deliveries_of_report(
    report: HealthReport, target: ChannelTarget, messages: Sequence[Message]
) -> tuple[Delivery, ...]:
    """Return one delivery of a health report for each recipient and message."""
    draft = _draft(DeliveryKind.HEALTH, report.id, target, report.at)
    return _addressed(draft, target, messages)


def _draft(kind: DeliveryKind, ref: str, target: ChannelTarget, at: datetime) -> Delivery:
    """Return a delivery that still lacks its id, its recipient and its message."""
    return Delivery(
        id="",
        kind=kind,
        ref=ref,
        channel=target.name,
        recipient="",
        message=_NO_MESSAGE,
        created_at=at,
        due_at=at,
    )


def _addressed(draft: Delivery, target: ChannelTarget, messages: Sequence[Message]) -> tuple[Delivery, ...]:
    """Return the draft for each recipient of a target with each message."""
    prefix = _ID_PREFIXES[draft.kind]
    return tuple(
        replace(
            draft,
            id=key_of(prefix, draft.ref, target.name, recipient, str(part)),
            recipient=recipient,
            message=target.taken(message),
        )
        for recipient in target.recipients
        for part, message in enumerate(messages)
    )
