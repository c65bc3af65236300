"""Select the alerts of a digest by its window, and build the digest. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from monitor.model import (
    Alert,
    Counts,
    Deadline,
    Digest,
    EmptyDigest,
    Occasion,
    StorySoFar,
    Subscription,
    Tally,
    key_of,
)

from .occasions import next_after
from .overdue import OverdueContent


@dataclass(frozen=True, slots=True)
class Window:
    """The time that one digest covers: everything new in [since, until), or all that waits if `last`."""

    occasion: Occasion
    since: datetime
    until: datetime
    last: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """The alerts that a digest accounts for, those it shows, and the window as match sequence.

    Silenced alerts are accounted for and not shown.
    """

    alerts: tuple[Alert, ...]
    shown: tuple[Alert, ...]
    from_seq: int
    to_seq: int

    @property
    def silenced(self) -> int:
        """The number of alerts that a silence keeps out."""
        return len(self.alerts) - len(self.shown)


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """What a digest reports besides its alerts; `so_far` is by story, `history` the alerts of each day."""

    counts: Counts
    so_far: Mapping[str, StorySoFar]
    history: tuple[Tally, ...]
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest to be planned; `seqs` are of all alerts that it accounts for."""

    digest: Digest
    seqs: tuple[int, ...]
    overdue: OverdueContent = field(default_factory=OverdueContent)

    @property
    def skipped(self) -> bool:
        """Whether recipients who missed nothing get no message."""
        return not self.seqs and self.digest.subscription.empty == EmptyDigest.SKIP


def windows(occasions: Sequence[Occasion], since: datetime, now: datetime) -> Iterator[Window]:
    """Yield a window for each occasion; together they leave no gap, and the last reaches to now."""
    for occasion in occasions:
        last = occasion is occasions[-1]
        until = now if last else occasion.due_at
        yield Window(occasion, min(since, until), until, last)
        since = until


def selected(window: Window, waiting: Sequence[Alert], upto_seq: int, end_seq: int) -> Selection:
    """Return the waiting alerts of a window, all if it is the last, after `upto_seq`."""
    alerts = tuple(waiting)
    if not window.last:
        alerts, end_seq = tuple(takewhile(lambda alert: alert.raised_at < window.until, alerts)), upto_seq
    to_seq = max((end_seq, *(alert.seq for alert in alerts)))
    return Selection(alerts, alerts, upto_seq, to_seq)


def digest_of(sub: Subscription, window: Window, selection: Selection, facts: DigestFacts) -> Digest:
    """Return the digest of a subscription for a window."""
    return Digest(
        id=key_of("digest", sub.name, window.occasion.key),
        subscription=sub,
        occasion=window.occasion,
        planned_at=window.until,
        since=window.since,
        from_seq=selection.from_seq,
        to_seq=selection.to_seq,
        alerts=selection.shown,
        counts=facts.counts,
        next_due_at=next_after(sub, window.until),
        so_far=facts.so_far,
        history=facts.history,
        deadlines=facts.deadlines,
    )
