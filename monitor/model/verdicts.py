"""What the engine says of an item, and where that belongs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Topic(StrEnum):
    """What an item may be news of."""

    SANCTIONS = "sanctions"
    ARMS = "arms"


class Placement(IntEnum):
    """Where an alert belongs; ordered, so that `max()` picks the most urgent."""

    ARCHIVE = 0
    TAIL = 1
    DIGEST = 2
    TOP = 3
    NOW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why we think so: the words, where they stand, what recognised them, and what that weighed."""

    field: str
    start: int
    stop: int
    quote: str
    because: str
    points: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, or is said to have happened.

    `stage` is the arms ladder's (``talks``, ``contract``, …) or "". `hedged`: "considers", "sources say";
    `negated`: "rules out". `amounts` are as written. `field`, `start`, `stop` and `quote` are the words.
    Of arms: `buyer`, `supplier` and `systems` are ids of entities (``country:SE``), `quantity` and `deadline`
    as written, empty where the sentence does not tell; `ceiling`: the amounts are the most it may come to.
    `status` is how far the act has come: done, future, wished, asked, threatened, denied or recalled.
    Of sanctions: `imposer` and `targets` are ids of entities, of whoever lifts and for whom as well.
    `status`: done, future, wished, asked, threatened, denied or recalled; only done is an act.
    """

    topic: str
    type: str
    stage: str
    polarity: str
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
    status: str = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A party, body, system, programme or country named in an item; `quote` is its first naming.

    `grade` is how far the name of a list proves who is meant (``A`` alone, ``B`` in company), `because` why.
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
    """How far the source carries: `score` 0-100, `letter` A-D, `reasons` in words."""

    letter: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The engine's answer for one item, with everything that led to it.

    `relevance` maps every topic to 0-100; `topics` are those at or above the flagging mark, `possible` those
    in the band beneath it. `event` is the main one, `background` the older or secondary facts it mentions.
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
    """Where a verdict goes and which cell of the routing table said so."""

    placement: Placement
    because: str
    unconfirmed: bool = False
