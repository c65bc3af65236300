"""What is remembered of what readers did and want: silences, farewells, acts on alerts, escalations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Action, Alert, Delivery, Escalation, Silence, Unsubscription


class PreferenceStore(Protocol):
    """What is not told, and to whom."""

    def silences(self, now: datetime | None = None) -> tuple[Silence, ...]:
        """Return the silences that count now, or all there ever were, oldest first."""

    def add_silence(self, silence: Silence) -> None:
        """Keep a silence; one with the same id stays as it is."""

    def end_silence(self, id: str, now: datetime) -> Silence | None:
        """End a silence by id or unambiguous beginning of one; None if there is none that counts now."""

    def unsubscriptions(self) -> tuple[Unsubscription, ...]:
        """Return all who want nothing more, oldest first."""

    def unsubscribe(self, unsubscription: Unsubscription) -> None:
        """Keep that a recipient wants nothing more; who said so before is not asked again."""

    def resubscribe(self, channel: str, recipient: str) -> bool:
        """Forget a farewell; False if there is none."""


class ActionStore(Protocol):
    """What readers did about alerts."""

    def alert(self, id: str) -> Alert | None:
        """Return an alert by id or unambiguous beginning of one."""

    def add_action(self, action: Action) -> None:
        """Keep what a reader did: once, however often they do it; their newest mark replaces the last one."""

    def actions(self, alert: str) -> tuple[Action, ...]:
        """Return what was done about an alert, oldest first."""

    def actions_since(self, since: datetime) -> tuple[tuple[Action, Alert], ...]:
        """Return what was done since then, oldest first, each with its alert."""

    def unanswered(self, since: datetime, until: datetime) -> tuple[Escalation, ...]:
        """Return alerts raised in [since, until) that somebody was told of and nobody did anything about."""

    def escalate(self, alert: str, step: int, deliveries: Sequence[Delivery], now: datetime) -> bool:
        """Write a step with all it owes; False if it was taken before, or somebody did something."""
