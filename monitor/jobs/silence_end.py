"""Report the stories that are still open when a silence ends, once to each recipient it kept from them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from monitor.alerts.suppression import matching_silence, silence_reason
from monitor.digests.summary import Summary, summary_deliveries
from monitor.model import (
    Delivery,
    DeliveryKind,
    MessageForm,
    Silence,
    SilencedDelivery,
    SilenceReport,
    key_of,
)

from .context import JobContext
from .digest import RecipientKey
from .outgoing import Outgoing
from .policy import Policy

log = structlog.get_logger()


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
            summary = Summary(
                id=id,
                kind=DeliveryKind.SILENCE,
                target=target,
                recipient=recipient,
                since=silence.created_at,
                alerts=tuple(each.alert for each in theirs),
                silence=silence,
            )
            counts = await context.db.run(store.counts, summary.since, now)
            deliveries += await context.cpu.run(
                summary_deliveries, policy.renderer, policy.subscriptions, summary, counts, now
            )
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
