"""What readers were not told in time, and what the next digest tells them of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.model import Alert, Digest, OverdueDelivery


@dataclass(frozen=True, slots=True)
class Behind:
    """What one reader missed: ids of alerts in the digest to come, and of earlier digests."""

    alerts: frozenset[str]
    digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class Missed:
    """What readers were not told in time: alerts that are `late`, and digests to be merged into the next.

    `earlier` are the alerts of those digests.
    """

    late: tuple[OverdueDelivery, ...] = ()
    merged: tuple[OverdueDelivery, ...] = ()
    earlier: Mapping[str, tuple[Alert, ...]] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The deliveries whose content is told now."""
        return tuple(each.id for each in (*self.late, *self.merged))

    def by(self, channel: str, recipient: str) -> Behind:
        """Return the digests and the alerts that a reader missed, by id."""
        late, merged = (
            frozenset(each.ref for each in several if (each.channel, each.recipient) == (channel, recipient))
            for several in (self.late, self.merged)
        )
        return Behind(late, merged)

    def covered_by(self, digest: Digest, behind: Behind) -> Digest:
        """Return a digest for a reader who is behind: it tells what they missed too, in match order."""
        if not (behind.alerts or behind.digests):
            return digest
        earlier = (alert for each in behind.digests for alert in self.earlier.get(each, ()))
        told = {alert.seq: replace(alert, late=True) for alert in earlier}
        told |= {each.seq: replace(each, late=each.id in behind.alerts) for each in digest.alerts}
        since = min((alert.raised_at for alert in told.values()), default=digest.since)
        first = min((digest.from_seq, *(seq - 1 for seq in told)))
        alerts = tuple(told[seq] for seq in sorted(told))
        return replace(digest, alerts=alerts, since=min(digest.since, since), from_seq=first)
