"""Escalate grave alerts that nobody acknowledges: step by step, each step once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from monitor.alerts.deliveries import deliveries_of_step
from monitor.model import Alert, Delivery

from .context import JobContext
from .outgoing import Outgoing
from .policy import Policy

log = structlog.get_logger()

#: An alert older than this when it is first considered is never escalated.
LATEST = timedelta(hours=24)


@dataclass
class EscalateJob:
    """Takes the steps of escalation that are due."""

    context: JobContext
    outgoing: Outgoing
    latest: timedelta = LATEST

    async def run(self) -> int:
        """Take every step that is due, and return how many."""
        context, now = self.context, self.context.clock()
        with context.current.use() as policy:
            escalation = policy.escalation
            if not escalation.steps:
                return 0
            until = now - escalation.after + timedelta.resolution
            waiting = await context.db.run(context.store.unanswered, now - self.latest, until)
            taken = 0
            for each in waiting:
                if step := escalation.due(each, now):
                    taken += await self._take(policy, each.alert, step, now)
            return taken

    async def _take(self, policy: Policy, alert: Alert, step: int, now: datetime) -> bool:
        context = self.context
        deliveries = await context.cpu.run(_deliveries, policy, alert, step, now)
        prepared = await self.outgoing.prepare(deliveries)
        if not await context.db.run(context.store.escalate, alert.id, step, prepared, now):
            return False
        channels = policy.escalation.steps[step - 1]
        log.warning("alert_escalated", alert=alert.id, step=step, channels=channels, deliveries=len(prepared))
        return True


def _deliveries(policy: Policy, alert: Alert, step: int, now: datetime) -> tuple[Delivery, ...]:
    """Return the deliveries of one step, which say how long nobody has acknowledged the alert."""
    minutes = f"{(now - alert.raised_at).total_seconds() / 60:.0f} min"
    because = f"{alert.decision.because}; nobody has acknowledged it in {minutes}"
    escalated = replace(alert, decision=replace(alert.decision, because=because))
    deliveries: list[Delivery] = []
    for name in policy.escalation.steps[step - 1]:
        target = policy.alerts.channel_targets[name]
        messages = policy.renderer.alert(escalated, target.form)
        deliveries += deliveries_of_step(alert, step, target, messages, now)
    return tuple(deliveries)
