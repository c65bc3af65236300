"""Prepare deliveries for the store: render alerts, apply preferences, sign links."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.deliveries import deliveries_of_alert
from monitor.alerts.routing import channel_targets_for
from monitor.alerts.signed_links import SignedLinks
from monitor.alerts.suppression import Preferences
from monitor.model import (
    Alert,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
)
from monitor.store import Store

from .context import JobContext
from .policy import Policy


def alert_deliveries(policy: Policy, alerts: Iterable[Alert]) -> tuple[Delivery, ...]:
    """Return the deliveries of new alerts; each alert is rendered once per form and language."""
    return tuple(delivery for alert in alerts for delivery in _deliveries(policy, alert))


def _deliveries(policy: Policy, alert: Alert) -> Iterator[Delivery]:
    context = policy.alerts
    messages: dict[tuple[str, str], Sequence[Message]] = {}
    for target in channel_targets_for(alert, context.routes, context.recipients, context.channel_targets):
        wording = (target.form, target.language)
        if wording not in messages:
            messages[wording] = policy.renderer.alert(alert, *wording)
        yield from deliveries_of_alert(alert, target, messages[wording])


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Applies preferences and signs links, where deliveries are planned and again before they are sent."""

    context: JobContext

    async def prepare(
        self, deliveries: Sequence[Delivery], alerts: Iterable[Alert] = ()
    ) -> tuple[Delivery, ...]:
        """Return deliveries as they are to be stored; `alerts` are those not yet stored."""
        if not deliveries:
            return ()
        context, policy = self.context, self.context.policy
        known = {alert.id: alert for alert in alerts}
        now = context.clock()
        preferences, stored = await context.db.run(
            _read, context.store, policy, now, _refs(deliveries) - known.keys()
        )
        known.update(stored)
        return await context.cpu.run(_applied, deliveries, preferences, known, policy.links, now)

    async def check(self, delivery: Delivery, now: datetime) -> Delivery:
        """Return a leased delivery as it is to go now: unchanged, due later, or suppressed.

        A delivery that an operator released by hand already carries its reason and goes.
        """
        context = self.context
        preferences, stored = await context.db.run(
            _read, context.store, context.policy, now, _refs([delivery])
        )
        if not preferences.need_check(delivery, now):
            return delivery
        planned = replace(delivery, state=DeliveryState.OWED)
        checked = preferences.apply(planned, stored.get(delivery.ref), now)
        return delivery if checked.reason == delivery.reason else checked


def _applied(
    deliveries: Iterable[Delivery],
    preferences: Preferences,
    alerts: Mapping[str, Alert],
    links: SignedLinks | None,
    now: datetime,
) -> tuple[Delivery, ...]:
    applied = [preferences.apply(each, alerts.get(each.ref), now) for each in deliveries]
    return tuple(map(links.signed, applied)) if links else tuple(applied)


def _refs(deliveries: Iterable[Delivery]) -> set[str]:
    return {each.ref for each in deliveries if each.kind == DeliveryKind.ALERT}


def _read(
    store: Store, policy: Policy, now: datetime, refs: Iterable[str]
) -> tuple[Preferences, Mapping[str, Alert]]:
    """Read the preferences in force and the alerts of these ids."""
    preferences = Preferences(policy.quiet_hours, store.silences(now), store.unsubscriptions())
    found = {ref: store.alert(ref) for ref in sorted(refs)}
    return preferences, {ref: alert for ref, alert in found.items() if alert}
