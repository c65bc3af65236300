"""Report the stories that are still open when a silence ends, once to each recipient it kept from them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from monitor.alerts.suppression import matching_silence, silence_reason
from monitor.digests.occasions import next_after
from monitor.model import (
    Alert,
    ChannelTarget,
    Delivery,
    DeliveryKind,
    Digest,
    MessageForm,
    Occasion,
    Silence,
    SilencedDelivery,
    SilenceReport,
    Subscription,
    key_of,
)

from .context import JobContext
from .outgoing import Outgoing
from .policy import Policy

log = structlog.get_logger()

#: The subscription that the report stands for.
REPORT = Subscription(name="silence", at="00:00", zone="UTC", channels=())

RecipientKey = tuple[str, str]


@dataclass
class SilenceEndJob:
    """Reports what ended silences have left open: one summary to each recipient of suppressed alerts.

    A channel that rings a telephone gets no summary. Where another silence still applies to an alert, it is
    reported when that one ends.
    """

    context: JobContext
    outgoing: Outgoing

    async def run(self) -> int:
        """Write the reports that are due, and return how many deliveries they have."""
        context, now = self.context, self.context.clock()
        with context.current.use() as policy:
            ended = await context.db.run(context.store.ended_silences, now)
            return sum([await self._report(policy, silence, now) for silence in ended])

    async def _report(self, policy: Policy, silence: Silence, now: datetime) -> int:
        context, store = self.context, self.context.store
        suppressed = await context.db.run(store.silenced, silence)
        others = await context.db.run(store.silences, now)
        passed_on = _still_silenced(suppressed, others, now)
        covered_by: dict[str, str] = {}
        deliveries: list[Delivery] = []
        for (channel, recipient), theirs in _by_recipient(suppressed, passed_on).items():
            target = policy.alerts.channel_targets.get(channel)
            if target is None or target.form is MessageForm.PAGERDUTY:
                continue
            id = key_of("silence", silence.id, channel, recipient)
            digest = await self._digest(policy, target, silence, (id, [each.alert for each in theirs], now))
            deliveries += await context.cpu.run(_deliveries, policy, digest, target, recipient)
            covered_by |= {each.id: id for each in theirs}
        report = SilenceReport(
            silence=silence.id,
            deliveries=await self.outgoing.prepare(deliveries),
            covered_by=covered_by,
            passed_on=passed_on,
        )
        if not await context.db.run(store.report_silence, report, now):
            return 0
        log.info("silence_ended", silence=silence.id, open=len(covered_by), deliveries=len(deliveries))
        return len(deliveries)

    async def _digest(
        self,
        policy: Policy,
        target: ChannelTarget,
        silence: Silence,
        reported: tuple[str, Sequence[Alert], datetime],
    ) -> Digest:
        """Return the summary as a digest of the open alerts; its window is that of the silence."""
        id, alerts, now = reported
        zones = (sub.zone for sub in policy.subscriptions if target.name in sub.channels)
        sub = replace(
            REPORT, zone=next(zones, REPORT.zone), channels=(target.name,), language=target.language
        )
        counts = await self.context.db.run(self.context.store.counts, silence.created_at, now)
        return Digest(
            id=id,
            subscription=sub,
            occasion=Occasion(sub.name, "silence", now),
            planned_at=now,
            since=silence.created_at,
            from_seq=alerts[0].seq - 1,
            to_seq=alerts[-1].seq,
            alerts=tuple(alerts),
            counts=counts,
            next_due_at=next_after(sub, now),
            silence=silence,
        )


def _still_silenced(
    suppressed: Sequence[SilencedDelivery], silences: Sequence[Silence], now: datetime
) -> dict[str, str]:
    """Return the reason of another silence by delivery, for those to which one applies now."""
    found = ((each.id, matching_silence(silences, each.alert, now, each)) for each in suppressed)
    return {id: silence_reason(other) for id, other in found if other}


def _by_recipient(
    suppressed: Sequence[SilencedDelivery], passed_on: Mapping[str, str]
) -> dict[RecipientKey, list[SilencedDelivery]]:
    """Return the deliveries by channel and recipient, without those that another silence suppresses."""
    found: dict[RecipientKey, list[SilencedDelivery]] = defaultdict(list)
    for each in suppressed:
        if each.id not in passed_on:
            found[each.channel, each.recipient].append(each)
    return dict(found)


def _deliveries(
    policy: Policy, digest: Digest, target: ChannelTarget, recipient: str
) -> tuple[Delivery, ...]:
    messages = policy.renderer.digest(digest, target.form)
    return tuple(
        Delivery(
            id=digest.id if part == 0 else key_of("silence", digest.id, str(part)),
            kind=DeliveryKind.SILENCE,
            ref=digest.id,
            channel=target.name,
            recipient=recipient,
            message=target.taken(message),
            created_at=digest.planned_at,
            due_at=digest.planned_at,
        )
        for part, message in enumerate(messages)
    )
