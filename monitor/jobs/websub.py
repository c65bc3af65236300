"""Request the subscriptions of feeds at their WebSub hubs, and renew them."""

from dataclasses import dataclass

import structlog

from monitor.feeds.websub.base import Subscribe
from monitor.feeds.websub.schedule import requested
from monitor.model import HubSubscription

from .context import JobContext

log = structlog.get_logger()

#: The most requests of one run.
MAX_REQUESTS = 20


@dataclass
class WebSubJob:
    """Requests what is due; each subscription is stored before its request is sent.

    The hub may confirm it before it has answered, so the answer changes nothing but a refusal.
    """

    context: JobContext

    async def run(self) -> int:
        """Send the requests that are due, and return how many hubs took them."""
        context = self.context
        with context.current.use() as policy:
            if policy.subscribe is None:
                return 0
            due = await context.db.run(context.store.due_hub_subscriptions, context.clock(), MAX_REQUESTS)
            known = [each for each in due if each.feed in policy.alerts.feeds]
            return sum([await self._request(policy.subscribe, each) for each in known])

    async def _request(self, subscribe: Subscribe, subscription: HubSubscription) -> bool:
        context, store = self.context, self.context.store
        request = requested(subscription, context.clock())
        if not await context.db.run(store.record_hub_request, request):
            return False
        if reason := await subscribe(request):
            await context.db.run(store.record_hub_refusal, request.token, reason)
            log.warning("hub_refused", feed=request.feed, reason=reason)
            return False
        log.info("hub_requested", feed=request.feed)
        return True
