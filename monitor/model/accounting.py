"""How channels fare, and what became of everything that was owed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .deliveries import DeliveryKind, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How a channel has fared: `faults` of its own in a row, the last one's `reason`, and since when.

    `permanent` says that trying again does not help until somebody mends it. Until `paused_until` it
    gets no message. `sent_at` is when it last took a message.
    """

    channel: str
    faults: int = 0
    permanent: bool = False
    reason: str = ""
    since: datetime | None = None
    paused_until: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonedRun:
    """The deliveries of a channel that were given up since it last took a message.

    `recipients` and `codes` are how many different ones they have, `reason` is that of the last.
    """

    channel: str
    count: int
    recipients: int
    codes: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueDelivery:
    """A delivery that was not made in time, or was given to a digest that is yet to come.

    `digests` are (subscription, digest) that hold the same alert; for a delivery of a digest, that digest's.
    """

    id: str
    kind: DeliveryKind
    ref: str
    channel: str
    recipient: str
    state: DeliveryState
    digests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Accounting:
    """What was owed, and what became of it: `states` add up to what is `owed`, unless something is `missing`.

    `owed` counts what alerts and digests were owed when they were raised and planned, `states` the deliveries
    there are. `missing` are ids of alerts and digests of which a delivery is not there, or in no known state.
    """

    owed: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
