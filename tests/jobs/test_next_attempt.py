"""Whether and when a delivery is tried again, without a store or a channel."""

from datetime import timedelta
from random import Random

import pytest

from monitor.errors import ChannelError, DeliveryError
from monitor.jobs.next_attempt import Failure, NextAttempt, next_attempt
from monitor.jobs.retry import RetryPolicy
from monitor.model import ChannelState, Delivery, DeliveryKind, Message
from tests.conftest import NOW

RETRY = RetryPolicy((timedelta(minutes=1), timedelta(minutes=5)), time_limit=timedelta(minutes=2))
UNCERTAIN_WAIT = timedelta(minutes=15)


def after(
    fault: DeliveryError, attempts: int = 0, channel: ChannelState | None = None, was_uncertain: bool = False
) -> NextAttempt:
    """Return what follows a failed attempt at a delivery that was due an hour ago."""
    delivery = Delivery(
        id="d1",
        kind=DeliveryKind.ALERT,
        ref="a1",
        channel="desk",
        recipient="a@desk.example",
        message=Message(subject="s", text="t"),
        created_at=NOW - timedelta(hours=1),
        due_at=NOW,
        attempts=attempts,
    )
    failure = Failure(
        delivery=delivery,
        fault=fault,
        channel=channel or ChannelState(channel="desk", sent_at=NOW),
        was_uncertain=was_uncertain,
    )
    return next_attempt(failure, RETRY, UNCERTAIN_WAIT, NOW, Random(1))


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 5)])
def test_each_wait_of_the_schedule_follows_one_attempt(attempts, minutes):
    found = after(DeliveryError("451 try later"), attempts)
    assert found.delivery.due_at == NOW + timedelta(minutes=minutes)
    assert found.delivery.attempts == attempts + 1


def test_after_the_last_wait_a_delivery_is_given_up():
    assert after(DeliveryError("451 try later"), 2) == NextAttempt(
        None, "given up after 3 attempts: 451 try later"
    )


def test_a_refusal_may_allow_fewer_attempts_than_the_schedule():
    assert after(DeliveryError("422", tries=1)).delivery is None


def test_a_permanent_refusal_ends_the_delivery_and_a_broken_channel_does_not():
    assert after(DeliveryError("550 no mailbox", permanent=True)).delivery is None
    assert after(ChannelError("535 wrong password", permanent=True)).delivery.due_at == NOW


def test_a_delivery_is_not_given_up_while_its_channel_sends_nothing_else():
    silent = ChannelState(channel="desk", sent_at=NOW - timedelta(hours=2))
    assert after(ChannelError("no connection"), 9, silent).delivery.due_at == NOW + RETRY.waits[-1]
    assert after(ChannelError("no connection"), 9).delivery is None


def test_an_attempt_without_an_answer_is_repeated_once():
    first = after(ChannelError("no answer", uncertain=True))
    assert (first.delivery.state, first.delivery.due_at) == ("uncertain", NOW + UNCERTAIN_WAIT)
    second = after(ChannelError("no answer", uncertain=True), 1, was_uncertain=True)
    assert second == NextAttempt(None, "given up, it may have arrived twice: no answer")


@pytest.mark.parametrize(("asked", "granted"), [(timedelta(minutes=20), 20), (timedelta(days=1), 60)])
def test_a_server_may_ask_for_a_longer_wait_of_an_hour_at_most(asked, granted):
    found = after(DeliveryError("HTTP 429", retry_after=asked))
    assert found.delivery.due_at == NOW + timedelta(minutes=granted)
