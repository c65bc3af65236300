"""Everything that shows how an item was judged, and what was sent about it to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .actions import Action
from .alerts import Alert
from .deliveries import Attempt, Delivery
from .documents import Exhibit
from .polls import Judged
from .rule_files import RuleFile


@dataclass(frozen=True, slots=True)
class DeliveryHistory:
    """A delivery with its attempts, in order."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]


class ReplayOutcome(StrEnum):
    """The result of judging a stored item again by the files of its verdict's version."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_POSSIBLE = "not possible"


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcome of a replay, the fields of the verdict that differ, and why it may differ."""

    outcome: ReplayOutcome
    differs: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExcerpt:
    """A rule or event type that counted for a verdict, as its file states it."""

    kind: str
    id: str
    file: str
    when: str
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvidence:
    """An alert with its document, its deliveries and what recipients did about it."""

    exhibit: Exhibit
    deliveries: tuple[DeliveryHistory, ...] = ()
    actions: tuple[Action, ...] = ()
    replay: Replay = Replay(ReplayOutcome.NOT_POSSIBLE)

    @property
    def alert(self) -> Alert:
        return self.exhibit.alert


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePack:
    """An item as stored now, its alerts, and the files of the version of each verdict.

    `replay` is of the stored item, `excerpts` are the rules of all verdicts in it. `files` are by version:
    ``rules 1a2b…`` or ``lexicon 3c4d…``.
    """

    judged: Judged
    replay: Replay
    alerts: tuple[AlertEvidence, ...] = ()
    excerpts: tuple[RuleExcerpt, ...] = ()
    files: Mapping[str, tuple[RuleFile, ...]]
    program: str
