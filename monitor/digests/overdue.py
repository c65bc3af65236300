"""Find what recipients did not receive in time, and add it to their next digest. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.model import Alert, Digest, OverdueDelivery


@dataclass(frozen=True, slots=True)
class MissedContent:
    """What one recipient did not receive: ids of alerts in the next digest, and of earlier digests."""

    alerts: frozenset[str]
    digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class OverdueContent:
    """The deliveries that the next digest replaces: those of `alerts`, and those of earlier `digests`.

    `digest_alerts` are the alerts of the earlier digests, by the digest's id.
    """

    alerts: tuple[OverdueDelivery, ...] = ()
    digests: tuple[OverdueDelivery, ...] = ()
    digest_alerts: Mapping[str, tuple[Alert, ...]] = field(default_factory=dict)

    @property
    def delivery_ids(self) -> tuple[str, ...]:
        """The ids of the deliveries that the next digest replaces."""
        return tuple(each.id for each in (*self.alerts, *self.digests))

    def missed_by(self, channel: str, recipient: str) -> MissedContent:
        """Return the ids of the alerts and the digests that a recipient did not receive."""
        target = (channel, recipient)
        alerts = [each.ref for each in self.alerts if (each.channel, each.recipient) == target]
        digests = [each.ref for each in self.digests if (each.channel, each.recipient) == target]
        return MissedContent(frozenset(alerts), frozenset(digests))

    def add_to(self, digest: Digest, missed: MissedContent) -> Digest:
        """Return the digest with what one recipient missed, in match order; those alerts are marked late."""
        if not (missed.alerts or missed.digests):
            return digest
        by_seq: dict[int, Alert] = {}
        for id in missed.digests:
            for alert in self.digest_alerts.get(id, ()):
                by_seq[alert.seq] = replace(alert, late=True)
        for alert in digest.alerts:
            by_seq[alert.seq] = replace(alert, late=alert.id in missed.alerts)
        return replace(
            digest,
            alerts=tuple(by_seq[seq] for seq in sorted(by_seq)),
            since=min([digest.since, *(alert.raised_at for alert in by_seq.values())]),
            from_seq=min([digest.from_seq, *(seq - 1 for seq in by_seq)]),
        )
