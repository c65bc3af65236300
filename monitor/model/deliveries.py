"""Messages, to whom they are owed, and every attempt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

#: What may become of a delivery. ``suppressed`` is kept back for a reason (a storm, a silence); ``expired``
#: was too old to be sent by itself, and the next digest tells it. Rows of every state are kept.
STATES = ("owed", "leased", "sent", "uncertain", "dead", "discarded", "suppressed", "expired")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message: its name, its media type and all of its text."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """Rendered words, frozen when owed: a retry sends exactly these.

    `blocks` is Slack's form, `data` the JSON that programs read, or what is posted to a chat service;
    `attachments` go where files can go.
    """

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelTarget:
    """A channel as planning sees it: its name, the form of message it takes, and whom it reaches.

    `form` is one of ``mail``, ``slack``, ``json``, ``files``, ``text``, or that of a chat service: ``teams``,
    ``discord``, ``telegram``, ``ntfy``, ``pagerduty``, ``matrix``, ``apprise``. A `plain` one takes no HTML.
    """

    name: str
    form: str
    recipients: tuple[str, ...] = ("",)
    plain: bool = False

    def taken(self, message: Message) -> Message:
        """Return a message as this channel takes it."""
        return replace(message, html="") if self.plain else message


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one recipient of one channel.

    `id` is made from what is owed to whom, so that owing it twice owes it once; every attempt carries it.
    `kind` is ``alert``, ``digest``, ``storm``, ``health``, ``canary`` or ``test``, `ref` the id of what it
    tells, `state` one of `STATES`, and `note` says why. `severity` is the alert's, 0 for other kinds.
    `told_in` names what tells it instead, once something does: a digest's id, or that of the summary of a
    storm.
    """

    id: str
    kind: str
    ref: str
    channel: str
    recipient: str
    message: Message
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    state: str = "owed"
    reason: str = ""
    story: str = ""
    severity: int = 0
    covered_by: str = ""

    def later(self, due_at: datetime, reason: str, state: str = "owed") -> "Delivery":
        """Return this delivery after one more attempt that did not settle it."""
        return replace(self, due_at=due_at, attempts=self.attempts + 1, reason=reason, state=state)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one delivery: how far it came (``connect``, ``data``, ``done``) and what was answered."""

    delivery: str
    number: int
    started_at: datetime
    phase: str
    ended_at: datetime | None = None
    outcome: str = ""
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CanaryResult:
    """How the newest canary of a channel fared: `note` is what was answered, or why it is not yet sent."""

    channel: str
    created_at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """What became of all that was owed to a channel. `sent_at` is its last success, a canary's too.

    `failed_at` is when something was last given up. `owed` waits or is under way, `uncertain` may have
    arrived, `dead` was given up; canaries are not counted.
    """

    channel: str
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    owed: int = 0
    uncertain: int = 0
    dead: int = 0
    sent: int = 0
    canary: CanaryResult | None = None
