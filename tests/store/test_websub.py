"""Subscriptions at hubs, on every database."""

from dataclasses import replace
from datetime import timedelta

from monitor.feeds.websub.schedule import requested
from monitor.model import FeedState, HubOffer, HubState, HubSubscription, PollOutcome
from monitor.store import SqlStore
from tests.conftest import NOW
from tests.store.builders import feed

FEED = feed()
LATER, SOON = NOW + timedelta(days=1), NOW + timedelta(minutes=1)
OFFER = HubOffer("https://hub.example/", "https://news.example/feed.xml")


def poll(store: SqlStore, offer: HubOffer | None, **changes: object) -> None:
    """Commit a poll whose document names this hub."""
    (before,) = store.feed_states()
    state = replace(before, next_poll_at=LATER, polled_at=NOW, **changes)
    assert store.commit([PollOutcome(state=state, host=FEED.host, host_free_at=NOW, hub=offer)])


def subscribed(store: SqlStore) -> HubSubscription:
    store.enrol([FEED], NOW)
    poll(store, OFFER)
    (offered,) = store.due_hub_subscriptions(NOW, 9)
    request = requested(offered, NOW)
    assert store.record_hub_request(request)
    return request


def stored(store: SqlStore) -> HubSubscription:
    (found,) = store.hub_subscriptions()
    return found


def state_of(store: SqlStore) -> FeedState:
    (state,) = store.feed_states()
    return state


def test_a_poll_records_the_hub_that_its_document_names(store: SqlStore) -> None:
    store.enrol([FEED], NOW)
    poll(store, OFFER)
    assert stored(store) == HubSubscription(feed=FEED.name, hub=OFFER.hub, topic=OFFER.topic, due_at=NOW)
    poll(store, None)
    assert stored(store).hub == OFFER.hub
    poll(store, HubOffer())
    assert store.hub_subscription(FEED.name) is None


def test_a_request_is_written_unless_the_document_names_another_hub_by_now(store: SqlStore) -> None:
    request = subscribed(store)
    assert store.hub_subscription_by(request.token) == request
    poll(store, replace(OFFER, hub="https://other.example/"))
    assert not store.record_hub_request(request)
    assert store.hub_subscription_by(request.token) is None
    assert store.hub_subscription_by("") is None


def test_a_confirmation_ends_the_failures_and_a_refusal_leaves_it_in_force(store: SqlStore) -> None:
    request = subscribed(store)
    assert not store.due_hub_subscriptions(SOON, 9)
    store.confirm_hub(request.token, LATER, LATER)
    confirmed = replace(request, state=HubState.ACTIVE, failures=0, due_at=LATER, expires_at=LATER)
    assert stored(store) == confirmed
    assert store.record_hub_refusal(request.token, "the hub answers HTTP 500")
    assert stored(store) == replace(confirmed, reason="the hub answers HTTP 500")
    assert not store.record_hub_refusal("unknown", "")


def test_a_notice_makes_a_feed_due_sooner_and_never_later(store: SqlStore) -> None:
    request = subscribed(store)
    store.notify_hub(request.token, NOW, SOON)
    assert (state_of(store).next_poll_at, stored(store).notices, stored(store).notified_at) == (SOON, 1, NOW)
    store.notify_hub(request.token, NOW, LATER)
    assert (state_of(store).next_poll_at, stored(store).notices) == (SOON, 2)
    assert store.last_poll(FEED.name) == NOW


def test_a_notice_does_not_hasten_a_failing_feed_or_one_that_is_switched_off(store: SqlStore) -> None:
    request = subscribed(store)
    poll(store, None, failures=1)
    store.notify_hub(request.token, NOW, SOON)
    assert state_of(store).next_poll_at == LATER
    store.enrol([], NOW)
    assert not store.hub_subscriptions()
    assert not store.due_hub_subscriptions(LATER, 9)
