"""Protocols for silences, unsubscriptions, actions on alerts, and escalations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Action,
    Alert,
    Delivery,
    Escalation,
    Silence,
    SilencedDelivery,
    SilenceReport,
    Unsubscription,
)


class PreferenceStore(Protocol):
    """Silences and unsubscriptions."""

    def silences(self, now: datetime | None = None) -> tuple[Silence, ...]:
        """Return the silences active now, or all that were ever stored, oldest first."""

    def add_silence(self, silence: Silence) -> None:
        """Store a silence; one with the same id stays as it is."""

    def end_silence(self, id: str, now: datetime) -> Silence | None:
        """End a silence by id or unambiguous beginning of one; None if none is active under that id."""

    def ended_silences(self, now: datetime) -> tuple[Silence, ...]:
        """Return the silences that have ended and whose report is not written yet, oldest first."""

    def silenced(self, silence: Silence) -> tuple[SilencedDelivery, ...]:
        """Return what a silence suppressed and what is still open, in the order of the alerts.

        A story is no longer open for a recipient once somebody acknowledged or rated one of its alerts since,
        or a later alert of it was sent to that recipient.
        """

    def report_silence(self, report: SilenceReport, now: datetime) -> bool:
        """Write the report of an ended silence with its deliveries; False if it is written already."""

    def unsubscriptions(self) -> tuple[Unsubscription, ...]:
        """Return all unsubscriptions, oldest first."""

    def unsubscribe(self, unsubscription: Unsubscription) -> None:
        """Store an unsubscription; an earlier one of the same recipient stays as it is."""

    def resubscribe(self, channel: str, recipient: str) -> bool:
        """Delete an unsubscription; False if there is none."""


class ActionStore(Protocol):
    """Actions of recipients on alerts, and the escalation of alerts without an action."""

    def add_action(self, action: Action) -> None:
        """Store an action once, however often it is repeated; new feedback replaces the old one."""

    def actions(self, alert: str) -> tuple[Action, ...]:
        """Return the actions on an alert, oldest first."""

    def actions_since(self, since: datetime) -> tuple[tuple[Action, Alert], ...]:
        """Return the actions since then, oldest first, each with its alert."""

    def unanswered(self, since: datetime, until: datetime) -> tuple[Escalation, ...]:
        """Return alerts raised in [since, until) that were delivered and that nobody acted on."""

    def escalate(self, alert: str, step: int, deliveries: Sequence[Delivery], now: datetime) -> bool:
        """Write a step with its deliveries; False if it is already written, or the alert has an action."""
