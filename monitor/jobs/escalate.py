"""A grave alert that nobody acknowledges is told to others: step by step, each step once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.alerts.routing import deliveries_of_step
from monitor.clock import Clock
from monitor.executor import Executor
from monitor.model import Alert, ChannelTarget, Delivery, Escalation, Message, Placement
from monitor.store.protocols.preferences import ActionStore

log = structlog.get_logger()

#: An alert that is older when this is first looked at concerns nobody at night any more.
LATEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class EscalationSteps:
    """Which channels are told at each step, how long each step waits for a reader, and from what severity."""

    steps: tuple[tuple[str, ...], ...] = ()
    after: timedelta = timedelta(minutes=30)
    min_severity: int = 5

    def due(self, waiting: Escalation, now: datetime) -> int | None:
        """Return the step that is due now, 1 or more; None if none is."""
        alert, taken = waiting.alert, len(waiting.steps)
        since = max((alert.raised_at, *waiting.steps))
        told_at_once = alert.decision.placement is Placement.NOW
        grave = told_at_once and alert.verdict.severity >= self.min_severity
        return taken + 1 if grave and taken < len(self.steps) and now - since >= self.after else None


@dataclass
class EscalateJob:
    """Takes the steps that are due. All but the store may be swapped between two calls."""

    escalation: EscalationSteps
    channel_targets: Mapping[str, ChannelTarget]
    render: Callable[[Alert, str], Sequence[Message]]
    store: ActionStore
    db: Executor
    clock: Clock
    latest: timedelta = field(default=LATEST)

    async def look(self) -> int:
        """Take every step that is due, and return how many."""
        if not self.escalation.steps:
            return 0
        now, taken = self.clock(), 0
        waiting = await self.db.run(
            self.store.unanswered, now - self.latest, now - self.escalation.after + timedelta.resolution
        )
        for each in waiting:
            if step := self.escalation.due(each, now):
                taken += await self._take(each.alert, step, now)
        return taken

    async def _take(self, alert: Alert, step: int, now: datetime) -> bool:
        owed = self._owed(alert, step, now)
        if not await self.db.run(self.store.escalate, alert.id, step, owed, now):
            return False
        channels = self.escalation.steps[step - 1]
        log.warning("alert_escalated", alert=alert.id, step=step, channels=channels, deliveries=len(owed))
        return True

    def _owed(self, alert: Alert, step: int, now: datetime) -> tuple[Delivery, ...]:
        why = f"{alert.decision.because}; nobody has acknowledged it in {_minutes(now - alert.raised_at)}"
        said = replace(alert, decision=replace(alert.decision, because=why))
        channel_targets = [self.channel_targets[name] for name in self.escalation.steps[step - 1]]
        return tuple(
            owed
            for target in channel_targets
            for owed in deliveries_of_step(alert, step, target, self.render(said, target.form), now)
        )


def _minutes(passed: timedelta) -> str:
    return f"{passed.total_seconds() / 60:.0f} min"
