"""When subscriptions are requested again, and how long they hold."""

from datetime import timedelta

import pytest

from monitor.feeds.websub.schedule import lease_of, polled_at, renewed_at, requested
from monitor.model import HubState, HubSubscription
from tests.conftest import NOW

OFFERED = HubSubscription(feed="wire", hub="https://hub.example/", topic="https://news.example/", due_at=NOW)
TEN_DAYS = timedelta(days=10)


def test_the_first_request_makes_token_and_secret_and_a_renewal_keeps_them() -> None:
    first = requested(OFFERED, NOW)
    assert first.state is HubState.REQUESTED
    assert min(len(first.token), len(first.secret)) >= 32
    again = requested(first, NOW)
    assert (again.token, again.secret) == (first.token, first.secret)
    assert requested(OFFERED, NOW).token != first.token


def test_requests_without_confirmation_grow_rarer_up_to_a_day() -> None:
    subscription, waits = OFFERED, []
    for _ in range(7):
        subscription = requested(subscription, NOW)
        waits.append((subscription.due_at - NOW) / timedelta(hours=1))
    assert waits == [1, 2, 4, 8, 16, 24, 24]


@pytest.mark.parametrize(
    ("stated", "lease"),
    [
        ("86400", timedelta(days=1)),
        ("1", timedelta(minutes=5)),
        ("9" * 30, timedelta(days=30)),
        ("", TEN_DAYS),
        ("-5", TEN_DAYS),
        ("٣", TEN_DAYS),
    ],
)
def test_a_confirmation_holds_as_long_as_the_hub_says_within_limits(stated: str, lease: timedelta) -> None:
    assert lease_of(stated, TEN_DAYS) == lease


def test_a_subscription_is_renewed_before_it_expires() -> None:
    assert NOW < renewed_at(NOW, TEN_DAYS) < NOW + TEN_DAYS


def test_a_feed_is_polled_for_a_notice_at_once_but_not_twice_in_half_a_minute() -> None:
    assert polled_at(NOW, None) == NOW
    assert polled_at(NOW, NOW - timedelta(minutes=9)) == NOW
    assert polled_at(NOW, NOW - timedelta(seconds=10)) == NOW + timedelta(seconds=20)
