"""Messages, to whom they are owed, and every attempt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


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
class Outlet:
    """A channel as planning sees it: its name, the form of message it takes, and whom it reaches.

    `form` is one of ``mail``, ``slack``, ``json``, ``files``, ``text``; a `plain` one takes no HTML.
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
    `kind` is ``alert``, ``digest``, ``health`` or ``test``, `ref` the id of what it tells, `state` one of
    ``owed``, ``leased``, ``sent``, ``uncertain``, ``dead``, ``discarded``.
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
