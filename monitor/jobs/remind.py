"""Remind of deadlines that come near: each once, by an alert that updates its story."""

from dataclasses import dataclass

import structlog

from monitor.alerts.reminders import reminder_of
from monitor.model import Deadline, Reminder

from .context import JobContext
from .outgoing import Outgoing, alert_deliveries
from .policy import Policy

log = structlog.get_logger()


@dataclass
class RemindJob:
    """Plans the reminders that are due. A deadline that was stated too late for one is marked as done."""

    context: JobContext
    outgoing: Outgoing

    async def run(self) -> int:
        """Plan every reminder that is due, and return how many."""
        context, now = self.context, self.context.clock()
        with context.current.use() as policy:
            times = policy.reminders
            if not times.days:
                return 0
            due = await context.db.run(context.store.deadlines, now.date(), times.last_day(now), True)
            return sum([await self._remind(policy, deadline) for deadline in due])

    async def _remind(self, policy: Policy, deadline: Deadline) -> bool:
        context, now = self.context, self.context.clock()
        if not policy.reminders.is_needed(deadline):
            await context.db.run(context.store.remind, Reminder(deadline), now)
            return False
        alert = reminder_of(deadline, now)
        deliveries = await context.cpu.run(alert_deliveries, policy, [alert])
        prepared = await self.outgoing.prepare(deliveries, [alert])
        reminder = Reminder(deadline, (alert,), prepared)
        if not await context.db.run(context.store.remind, reminder, now):
            return False
        log.info("reminder_planned", alert=alert.id, day=deadline.day.isoformat(), deliveries=len(prepared))
        return True
