"""Retry a delivery, for pages and API."""

from datetime import datetime

from monitor.model import AuditEntry, Delivery
from monitor.store import Store


def retry_delivery(store: Store, delivery: Delivery, who: str, now: datetime) -> bool:
    """Make a delivery due now, under the same id, and resume its channel; False if it is sent or leased."""
    if not store.requeue(delivery.id, now):
        return False
    store.resume_channels({delivery.channel})
    store.add_audit(AuditEntry(at=now, who=who, what="delivery retried", subject=delivery.id))
    return True
