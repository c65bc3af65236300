"""Messages, to whom they are owed, and every attempt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

#: What may become of a delivery. ``suppressed`` is kept back for a reason (a storm, a silence); ``expired``
#: was too old to be sent by itself, and the next digest tells it. Rows of every state are kept.
STATES = ("owed", "leased", "sent", "uncertain", "dead", "discarded", "suppressed", "expired")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A channel as planning sees it: its name, the form of message it takes, and whom it reaches.

    `form` is one of ``mail``, ``slack``, ``json``, ``files``, ``text``.
    """

    name: str
    form: str
    recipients: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Message:
    """Rendered words, frozen when owed: a retry sends exactly these.

    `blocks` is Slack's form, `data` the JSON form that programs read.
    """

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one recipient of one channel.

    `id` is made from what is owed to whom, so that owing it twice owes it once; every attempt carries it.
    `kind` is ``alert``, ``digest``, ``storm``, ``health`` or ``test``, `ref` the id of what it tells, `state`
    one of `STATES`, and `note` says why. `severity` is the alert's, 0 for other kinds. `told_in` names what
    tells it instead, once something does: a digest's id, or that of the summary of a storm.
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
    note: str = ""
    story: str = ""
    severity: int = 0
    told_in: str = ""

    def later(self, due_at: datetime, note: str, state: str = "owed") -> "Delivery":
        """Return this delivery after one more attempt that did not settle it."""
        return replace(self, due_at=due_at, attempts=self.attempts + 1, note=note, state=state)


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
    note: str = ""
