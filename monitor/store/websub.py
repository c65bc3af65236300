"""Subscriptions at WebSub hubs, in SQL."""

from datetime import datetime

from sqlalchemy import Connection, Select, delete, select, update

from monitor.model import HubOffer, HubState, HubSubscription

from . import tables as t
from .database import SqlPart, insert
from .rows import columns_of, row_of, value_of

_SUBSCRIPTION = columns_of(t.hub_subscriptions, HubSubscription)


class SqlHubs(SqlPart):
    """The `HubStore` of one database."""

    def hub_subscriptions(self) -> tuple[HubSubscription, ...]:
        return self._found(_of_enrolled().order_by(t.hub_subscriptions.c.feed))

    def hub_subscription(self, feed: str) -> HubSubscription | None:
        found = self._found(select(*_SUBSCRIPTION).where(t.hub_subscriptions.c.feed == feed))
        return found[0] if found else None

    def due_hub_subscriptions(self, now: datetime, limit: int) -> tuple[HubSubscription, ...]:
        h = t.hub_subscriptions.c
        return self._found(_of_enrolled().where(h.due_at <= now).order_by(h.due_at, h.feed).limit(limit))

    def hub_subscription_by(self, token: str) -> HubSubscription | None:
        named = t.hub_subscriptions.c.token == token
        found = self._found(select(*_SUBSCRIPTION).where(named)) if token else ()
        return found[0] if found else None

    def record_hub_request(self, requested: HubSubscription) -> bool:
        h = t.hub_subscriptions.c
        same = (h.feed == requested.feed, h.hub == requested.hub, h.topic == requested.topic)
        names = ("state", "token", "secret", "due_at", "failures")
        row = row_of(requested)
        with self.database.write_transaction() as connection:
            changes = update(t.hub_subscriptions).where(*same).values({name: row[name] for name in names})
            return connection.execute(changes).rowcount == 1

    def record_hub_refusal(self, token: str, reason: str) -> bool:
        h = t.hub_subscriptions.c
        with self.database.write_transaction() as connection:
            named = update(t.hub_subscriptions).where(h.token == token)
            connection.execute(named.where(h.state == HubState.REQUESTED).values(state=HubState.REFUSED))
            return connection.execute(named.values(reason=reason)).rowcount == 1

    def confirm_hub(self, token: str, expires_at: datetime, due_at: datetime) -> None:
        h = t.hub_subscriptions.c
        confirmed = {"state": HubState.ACTIVE, "expires_at": expires_at, "due_at": due_at}
        with self.database.write_transaction() as connection:
            named = update(t.hub_subscriptions).where(h.token == token)
            connection.execute(named.values({**confirmed, "failures": 0, "reason": ""}))

    def notify_hub(self, token: str, now: datetime, poll_at: datetime) -> None:
        h, f = t.hub_subscriptions.c, t.feeds.c
        with self.database.write_transaction() as connection:
            named = update(t.hub_subscriptions).where(h.token == token)
            connection.execute(named.values(notices=h.notices + 1, notified_at=now))
            of_token = select(h.feed).where(h.token == token).scalar_subquery()
            waiting = (f.feed == of_token, f.enrolled, f.failures == 0, f.next_poll_at > poll_at)
            connection.execute(update(t.feeds).where(*waiting).values(next_poll_at=poll_at))

    def last_poll(self, feed: str) -> datetime | None:
        with self.database.read_transaction() as connection:
            at: datetime | None = connection.scalar(select(t.feeds.c.polled_at).where(t.feeds.c.feed == feed))
        return at

    def _found(self, query: Select[tuple[object, ...]]) -> tuple[HubSubscription, ...]:
        with self.database.read_transaction() as connection:
            return tuple(value_of(HubSubscription, row) for row in connection.execute(query))


def _of_enrolled() -> Select[tuple[object, ...]]:
    of_feed = t.feeds.c.feed == t.hub_subscriptions.c.feed
    return select(*_SUBSCRIPTION).join_from(t.hub_subscriptions, t.feeds, of_feed).where(t.feeds.c.enrolled)


def write_offer(connection: Connection, feed: str, offer: HubOffer, now: datetime) -> None:
    """Write the hub that the document of a feed names now, as a new subscription; forget the one before."""
    connection.execute(delete(t.hub_subscriptions).where(t.hub_subscriptions.c.feed == feed))
    if offer:
        subscription = HubSubscription(feed=feed, hub=offer.hub, topic=offer.topic, due_at=now)
        connection.execute(insert(connection, t.hub_subscriptions), [row_of(subscription)])
