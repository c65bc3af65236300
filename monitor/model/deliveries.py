"""Messages, their deliveries to recipients, and the attempts at each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """The state of a delivery; rows of every state are stored."""

    OWED = "owed"
    LEASED = "leased"  # a process makes an attempt
    SENT = "sent"
    UNCERTAIN = "uncertain"  # it may have arrived; it is tried once more
    DEAD = "dead"  # abandoned after its attempts
    DISCARDED = "discarded"  # by a person
    SUPPRESSED = "suppressed"  # for a reason: a storm, a silence, an unsubscription
    EXPIRED = "expired"  # too old to be sent by itself; the next digest covers it


class DeliveryKind(StrEnum):
    """The kind of content of a delivery."""

    ALERT = "alert"
    DIGEST = "digest"
    STORM = "storm"  # the summary of alerts above the storm limit
    SILENCE = "silence"  # the stories that are open when a silence ends
    HEALTH = "health"
    CANARY = "canary"
    TEST = "test"


class MessageForm(StrEnum):
    """The forms of messages: mail, the chat services, JSON for programs, files, and plain text."""

    MAIL = "mail"
    SLACK = "slack"
    TEAMS = "teams"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    NTFY = "ntfy"
    PAGERDUTY = "pagerduty"
    MATRIX = "matrix"
    APPRISE = "apprise"
    JSON = "json"
    FILES = "files"
    TEXT = "text"


class AttemptPhase(StrEnum):
    """The phase of an attempt."""

    CONNECT = "connect"
    DATA = "data"  # the message itself is leaving
    DONE = "done"


class AttemptOutcome(StrEnum):
    """How an attempt ended; OPEN while it has not."""

    OPEN = ""
    SENT = "sent"
    POSTPONED = "postponed"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    LOST = "lost"  # its process died, or its lease ran out, before the message left


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message: its name, its media type and all of its text."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered message; it is stored once, and a retry sends exactly the same.

    `blocks` is the form for Slack, `data` the JSON for programs or for a chat service; `attachments` are sent
    by channels that take files.
    """

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelTarget:
    """What planning needs of a channel: its name, the form of its messages, and its recipients.

    If `plain`, it gets no HTML. `language` is the code of the language of its alerts, "" for English.
    """

    name: str
    form: MessageForm
    recipients: tuple[str, ...] = ("",)
    plain: bool = False
    language: str = ""

    def taken(self, message: Message) -> Message:
        """Return a message in the form for this target."""
        return replace(message, html="") if self.plain else message


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one recipient of one channel.

    `id` is made from the content and the recipient, so that the same delivery is stored once; every attempt
    carries it. `ref` is the id of its alert, digest or report, `reason` why it is in its `state`. `severity`
    is the alert's, 0 for other kinds. `covered_by` is the id of the digest or summary that covers its
    content instead; "" if none does.
    """

    id: str
    kind: DeliveryKind
    ref: str
    channel: str
    recipient: str
    message: Message
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    state: DeliveryState = DeliveryState.OWED
    reason: str = ""
    story: str = ""
    severity: int = 0
    covered_by: str = ""

    def later(self, due_at: datetime, reason: str, state: DeliveryState = DeliveryState.OWED) -> "Delivery":
        """Return this delivery after one more attempt that did not settle it."""
        return replace(self, due_at=due_at, attempts=self.attempts + 1, reason=reason, state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a delivery: its phase, its outcome, and the answer of the receiver."""

    delivery: str
    number: int
    started_at: datetime
    phase: AttemptPhase
    ended_at: datetime | None = None
    outcome: AttemptOutcome = AttemptOutcome.OPEN
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CanaryResult:
    """The newest canary of a channel: `reason` is the channel's answer, or why it is not sent yet."""

    channel: str
    created_at: datetime
    state: DeliveryState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord:
    """The counts of all deliveries of a channel. `sent_at` is its last success, a canary's included.

    `failed_at` is when a delivery was last abandoned. `owed` counts deliveries that wait or are being sent.
    Canaries are not counted.
    """

    channel: str
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    owed: int = 0
    uncertain: int = 0
    dead: int = 0
    sent: int = 0
    canary: CanaryResult | None = None
