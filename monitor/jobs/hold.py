"""The store of a running program: nothing is owed or sent before all wishes were looked at.

Quiet hours, silences and farewells are looked at when a delivery is owed, whoever owes it, and once more when
one that has waited is to be sent. Each recipient's links are signed then, too.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.quiet_hours import QuietHours
from monitor.alerts.signed_links import SignedLinks
from monitor.alerts.suppression import Preferences, held
from monitor.clock import Clock, utc_now
from monitor.model import (
    Alert,
    ArticleOutcome,
    Delivery,
    DeliveryKind,
    DeliveryState,
    DigestPlan,
    Incident,
    PollOutcome,
)
from monitor.store import SqlStore

#: What is sent so soon after it was owed needs no second look.
FRESH = timedelta(minutes=1)


class HoldingStore(SqlStore):
    """A store that holds back what is not to go now; `quiets` and `links` may be swapped at any time."""

    clock: Clock = staticmethod(utc_now)
    quiet_hours: tuple[QuietHours, ...] = ()
    links: SignedLinks | None = None

    def commit(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        return super().commit([replace(each, deliveries=self._owed(each)) for each in outcomes])

    def commit_article(self, outcome: ArticleOutcome) -> bool:
        return super().commit_article(replace(outcome, deliveries=self._owed(outcome)))

    def plan_each(self, plans: Sequence[DigestPlan]) -> tuple[bool, ...]:
        return super().plan_each([replace(each, deliveries=self.held(each.deliveries)) for each in plans])

    def report(
        self, opened: Collection[Incident], closed: Collection[Incident], deliveries: Sequence[Delivery]
    ) -> None:
        super().report(opened, closed, self.held(deliveries))

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        super().add_deliveries(self.held(deliveries))

    def escalate(self, alert: str, step: int, deliveries: Sequence[Delivery], now: datetime) -> bool:
        return super().escalate(alert, step, self.held(deliveries), now)

    def lease(self, channel: str, now: datetime, until: datetime, limit: int = 1) -> tuple[Delivery, ...]:
        """What has waited is looked at again; what must wait on is given back, and its attempt says why.

        What somebody has released by hand goes: its note already says what it was held for.
        """
        while leased := super().lease(channel, now, until, limit):
            if going := tuple(each for each in leased if self._goes(each, now)):
                return going
        return ()

    def held(self, deliveries: Sequence[Delivery], alerts: Iterable[Alert] = ()) -> tuple[Delivery, ...]:
        """Return deliveries as they are to be owed; `alerts` are those not yet stored that they tell."""
        return tuple(map(self._signed, self._wished(deliveries, alerts))) if deliveries else ()

    def _wished(self, deliveries: Sequence[Delivery], alerts: Iterable[Alert] = ()) -> tuple[Delivery, ...]:
        known = {alert.id: alert for alert in alerts}
        for ref in {each.ref for each in deliveries if each.kind == DeliveryKind.ALERT} - known.keys():
            if stored := self.alert(ref):
                known[ref] = stored
        now = self.clock()
        return held(
            deliveries, Preferences(self.quiet_hours, self.silences(now), self.unsubscriptions()), now, known
        )

    def _owed(self, outcome: PollOutcome | ArticleOutcome) -> tuple[Delivery, ...]:
        return self.held(outcome.deliveries, outcome.alerts)

    def _signed(self, delivery: Delivery) -> Delivery:
        return self.links.signed(delivery) if self.links else delivery

    def _goes(self, delivery: Delivery, now: datetime) -> bool:
        if now - delivery.created_at < FRESH:
            return True
        (again,) = self._wished([replace(delivery, state=DeliveryState.OWED)])
        if again.reason == delivery.reason:
            return True
        if again.state == DeliveryState.SUPPRESSED:
            self.suppress_leased(delivery, now, again.reason)
        else:
            self.postpone(again, now)
        return False
