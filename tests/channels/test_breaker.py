"""When a channel is paused, and when it counts as one that reaches nobody."""

from datetime import timedelta

import pytest

from monitor.channels.breaker import after_fault, fails_all, is_degraded
from monitor.errors import ChannelError
from monitor.model import AbandonedRun, ChannelState
from tests.conftest import NOW

DESK = ChannelState(channel="desk")


def faults(*errors: ChannelError) -> ChannelState:
    state = DESK
    for error in errors:
        state = after_fault(state, error, NOW)
    return state


def test_pauses_grow_with_each_fault_up_to_a_limit():
    states = [faults(*[ChannelError("no")] * number) for number in (1, 2, 3, 20, 2000)]
    assert [(state.paused_until - NOW).total_seconds() for state in states] == [2, 4, 8, 300, 300]
    assert [is_degraded(state, NOW) for state in states] == [False, False, False, True, True]


def test_a_permanent_fault_pauses_for_longer_and_degrades_at_once():
    state = faults(ChannelError("no"), ChannelError("wrong password", permanent=True))
    assert state.paused_until - NOW == timedelta(minutes=15)
    assert is_degraded(state, NOW)


def test_two_faults_over_an_hour_degrade_a_channel():
    state = faults(ChannelError("no"), ChannelError("no"))
    assert not is_degraded(state, NOW + timedelta(minutes=59))
    assert is_degraded(state, NOW + timedelta(hours=1))


RUNS = [
    # deliveries, their recipients, codes; recipients of the channel
    ((1, 1, 1), 1, False),
    ((2, 1, 1), 1, False),
    ((3, 1, 1), 1, True),
    ((3, 3, 3), 500, True),
    ((2, 2, 1), 2, True),
    ((2, 2, 2), 2, False),
    ((2, 2, 1), 3, False),
    ((2, 1, 1), 2, False),
]


@pytest.mark.parametrize(("run", "recipients", "expected"), RUNS)
def test_a_channel_reaches_nobody_if_several_or_all_are_given_up(run, recipients, expected):
    count, different, codes = run
    dead = AbandonedRun(channel="desk", count=count, recipients=different, codes=codes, reason="550")
    assert fails_all(dead, recipients) is expected
