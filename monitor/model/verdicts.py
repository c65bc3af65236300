"""The verdict on an item, its parts, and the placement that results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Topic(StrEnum):
    """The topics of items."""

    SANCTIONS = "sanctions"
    ARMS = "arms"


class Polarity(StrEnum):
    """What an event does to sanctions or to a purchase of arms; `NONE` where there is no event."""

    NONE = ""
    IMPOSE = "impose"
    RELAX = "relax"
    NEUTRAL = "neutral"
    ENFORCE = "enforce"
    EVADE = "evade"
    ACQUIRE = "acquire"
    SUPPLY = "supply"
    HALT = "halt"


class Stage(StrEnum):
    """The stages of a purchase of arms; `NONE` for every other event."""

    NONE = ""
    INTEREST = "interest"
    TALKS = "talks"
    SELECTION = "selection"
    APPROVAL = "approval"
    CONTRACT = "contract"
    PRODUCTION = "production"
    DELIVERY = "delivery"
    RETRANSFER = "retransfer"
    REVERSAL = "reversal"


class EventStatus(StrEnum):
    """How far an act has come; only `DONE` is an act."""

    DONE = "done"
    FUTURE = "future"
    WISHED = "wished"
    ASKED = "asked"
    THREATENED = "threatened"
    DENIED = "denied"
    RECALLED = "recalled"


class Placement(IntEnum):
    """Where an alert is reported; ordered, so that `max()` gives the most urgent."""

    ARCHIVE = 0
    TAIL = 1
    DIGEST = 2
    TOP = 3
    NOW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for a verdict: the quoted words, their span, what matched them, and the points."""

    field: str
    start: int
    stop: int
    quote: str
    because: str
    points: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event that an item reports.

    `hedged`: "considers", "sources say"; `negated`: "rules out". `background`: an older or secondary event,
    and `why`. `amounts` are as written. `field`, `start`, `stop` and `quote` are the words.

    Of arms: `buyer`, `supplier` and `systems` are ids of entities (``country:SE``), `quantity` and `deadline`
    as written, empty if the sentence states none; `ceiling`: the amounts are upper limits.

    Of sanctions: `imposer` and `targets` are ids of entities, also if sanctions are lifted.
    """

    topic: str
    type: str
    stage: Stage
    polarity: Polarity
    severity: int
    field: str = ""
    start: int = 0
    stop: int = 0
    quote: str = ""
    hedged: bool = False
    negated: bool = False
    background: bool = False
    why: str = ""
    year: int | None = None
    amounts: tuple[str, ...] = ()
    buyer: str = ""
    supplier: str = ""
    systems: tuple[str, ...] = ()
    quantity: str = ""
    deadline: str = ""
    ceiling: bool = False
    imposer: str = ""
    targets: tuple[str, ...] = ()
    status: EventStatus = EventStatus.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A party, body, system, programme or country named in an item; `quote` is its first mention.

    `grade` is how far a listed name identifies the party (``A`` by itself, ``B`` with other evidence),
    `because` the reason.
    """

    id: str
    name: str
    kind: str
    quote: str
    lists: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    grade: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Credibility:
    """The credibility of the source: `score` 0-100, `letter` A-D, `reasons` in words."""

    letter: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of judging one item, with all reasons.

    `relevance` maps every topic to 0-100; `topics` are those at or above the threshold, `possible` those in
    the band below it. `event` is the main one, `background` are the older or secondary ones.
    """

    topics: tuple[str, ...]
    relevance: Mapping[str, int]
    event: Event | None
    background: tuple[Event, ...]
    entities: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    penalties: tuple[Evidence, ...]
    credibility: Credibility
    rules: tuple[str, ...]
    possible: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> int:
        return self.event.severity if self.event else 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The placement of a verdict, and the cell of the routing table or the reason that set it.

    `doubt` is what lowered the placement, "" if nothing did; `because` ends with it. `from_backlog`: the item
    was older than the backlog when its feed was first polled.
    """

    placement: Placement
    because: str
    unconfirmed: bool = False
    doubt: str = ""
    from_backlog: bool = False
