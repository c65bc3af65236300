"""Decide which digest carries each overdue delivery. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from monitor.model import DeliveryKind, DeliveryState, OverdueDelivery

from .digest import RecipientKey


@dataclass(frozen=True, slots=True)
class OverdueOutcomes:
    """What becomes of overdue deliveries, by id.

    Those of `covered_by` expire; each has the id of the digest that carries it, "" until that is planned.
    Those `uncarried` expired, but no digest will carry them: they are owed again.
    """

    covered_by: Mapping[str, str]
    uncarried: tuple[str, ...]


def outcomes_of(
    overdue: Iterable[OverdueDelivery],
    recipients: Mapping[str, Collection[RecipientKey]],
    waiting: Mapping[str, Collection[str]],
) -> OverdueOutcomes:
    """Return what becomes of overdue deliveries; what is owed and carried by no digest stays owed.

    `recipients` are those of the digests, `waiting` the ids of the alerts of the next digest; both are by
    subscription.
    """
    covered_by: dict[str, str] = {}
    uncarried: list[str] = []
    for each in overdue:
        digest = _carrier(each, recipients, waiting)
        if digest is None:
            if each.state == DeliveryState.EXPIRED:
                uncarried.append(each.id)
        elif digest or each.state == DeliveryState.OWED:
            covered_by[each.id] = digest
    return OverdueOutcomes(covered_by, tuple(uncarried))


def _carrier(
    delivery: OverdueDelivery,
    recipients: Mapping[str, Collection[RecipientKey]],
    waiting: Mapping[str, Collection[str]],
) -> str | None:
    """Return the id of the digest that carries a delivery; "" until it is planned, None if none does."""
    recipient = (delivery.channel, delivery.recipient)
    subscriptions = [name for name in recipients if recipient in recipients[name]]
    planned = dict(delivery.digests)
    if delivery.kind == DeliveryKind.DIGEST:
        return "" if planned.keys() & set(subscriptions) else None
    for name in subscriptions:
        if name in planned:
            return planned[name]
    return "" if any(delivery.ref in waiting[name] for name in subscriptions) else None
