"""Actions of people on alerts, silences, unsubscriptions, and the escalation of alerts without an action."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from .alerts import Alert
from .deliveries import Delivery


class ActionKind(StrEnum):
    """The actions of people; all can be links in messages, and the page of `ANSWER` offers the others."""

    ACKNOWLEDGE = "acknowledge"
    RELEVANT = "relevant"
    NOISE = "noise"
    DUPLICATE = "duplicate"
    WRONG_ENTITY = "wrong_entity"
    SILENCE = "silence"
    UNSUBSCRIBE = "unsubscribe"
    ANSWER = "answer"


#: The kinds of feedback on an alert; the newest of each person counts.
FEEDBACK = (ActionKind.RELEVANT, ActionKind.NOISE, ActionKind.DUPLICATE, ActionKind.WRONG_ENTITY)

#: The actions of links in messages.
ACTIONS = tuple(ActionKind)


@dataclass(frozen=True, slots=True)
class Action:
    """The action of one recipient on one alert: an acknowledgement, a silence or a feedback.

    `channel` and `recipient` are those of the message that was answered; for a command, "" and its user.
    """

    alert: str
    kind: ActionKind
    channel: str
    recipient: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The alerts that are suppressed for a time, by whom and why; all given criteria must hold.

    `entity` is an id such as ``country:TR`` or a name, `event` a type such as ``extended``; all `words` must
    be in title or summary. An alert of severity `break_through` or more is sent nevertheless, and, with
    `flips`, a change of direction as well. With `channel` the silence applies to that channel only, and there
    to `recipient`; "" means all recipients.
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
        """Say whether it applies now."""
        return self.ended_at is None and self.created_at <= now < self.expires_at

    def ended(self, now: datetime) -> "Silence":
        """Return the silence, ended now."""
        return replace(self, ended_at=now)

    def end(self) -> datetime:
        """Return when it ended, or will end if nobody ends it before."""
        return self.ended_at or self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencedDelivery:
    """The delivery of an alert that a silence suppressed, while nobody has dealt with its story since."""

    id: str
    channel: str
    recipient: str
    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceReport:
    """What is written when a silence has ended: summaries of the stories that are still open.

    `covered_by` names the summary of each suppressed delivery by id. `passed_on` holds new reasons by id: of
    deliveries that another silence, still in force, suppresses now.
    """

    silence: str
    deliveries: tuple[Delivery, ...] = ()
    covered_by: Mapping[str, str] = field(default_factory=dict)
    passed_on: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """A recipient who gets no more messages of a channel; `how` names the means of unsubscribing."""

    channel: str
    recipient: str
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """An alert without an action, and the time of each escalation step taken so far."""

    alert: Alert
    steps: tuple[datetime, ...] = ()
