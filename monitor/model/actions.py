"""What people do: actions on alerts, silences, unsubscriptions, and the escalation of unanswered alerts."""

from dataclasses import dataclass, replace
from datetime import datetime

from .alerts import Alert

#: What a person says of an alert; the newest of each person counts.
FEEDBACK = ("relevant", "noise", "duplicate", "wrong_entity")

#: What a link in a message may do; ``answer`` leaves the choice among the others to its page.
ACTIONS = ("acknowledge", *FEEDBACK, "silence", "unsubscribe", "answer")


@dataclass(frozen=True, slots=True)
class Action:
    """What one recipient did about one alert: ``acknowledge``, ``silence`` or one of `FEEDBACK`.

    `channel` and `recipient` are those of the message that was answered; of a command, "" and who typed it.
    """

    alert: str
    kind: str
    channel: str
    recipient: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Which alerts are suppressed for a time, by whom and why; all criteria that are given must hold.

    `entity` is an id such as ``country:TR`` or a name, `event` a type such as ``extended``, `words` stand in
    title or summary, all of them. An alert of severity `break_through` or more is sent all the same, and with
    `flips` so is a change of direction. With `channel` it counts for that channel alone, and there for
    `recipient`; "" there means all of it.
    """

    id: str
    who: str
    reason: str
    created_at: datetime
    expires_at: datetime
    story: str = ""
    feed: str = ""
    entity: str = ""
    event: str = ""
    topic: str = ""
    words: str = ""
    break_through: int = 5
    flips: bool = True
    channel: str = ""
    recipient: str = ""
    ended_at: datetime | None = None

    def active(self, now: datetime) -> bool:
        """Say whether it counts now."""
        return self.ended_at is None and self.created_at <= now < self.expires_at

    def ended(self, now: datetime) -> "Silence":
        """Return it as it is once somebody has ended it."""
        return replace(self, ended_at=now)


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """A recipient who gets no more messages of a channel; `how` names the way of unsubscribing."""

    channel: str
    recipient: str
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """An alert that nobody did anything about, and when each step was taken because of that."""

    alert: Alert
    steps: tuple[datetime, ...] = ()
