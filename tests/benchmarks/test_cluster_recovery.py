"""How long feeds waited after a kill is counted from their next poll."""

import pytest

from benchmarks.cluster_recovery import Kill, percentile, print_recovery, waits
from benchmarks.cluster_server import World

TIMES = {"1": [0.0, 10.0, 20.0], "2": [9.0, 12.5], "3": [1.0]}


def test_a_wait_ends_with_the_next_poll_and_never_if_there_is_none() -> None:
    polled = {int(feed): times for feed, times in TIMES.items()}
    assert waits(9.5, (1, 2), polled) == [0.5, 3.0]
    assert waits(9.5, (3, 4), polled) == [float("inf")] * 2


def test_percentiles_are_by_nearest_rank() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([7.0], 0.99)) == (51.0, 100.0, 7.0)


def test_each_kill_is_printed_and_all_of_them_against_the_lease(capsys: pytest.CaptureFixture[str]) -> None:
    print_recovery([Kill(9.5, True, (2,)), Kill(0.5, False, ())], {**TIMES, "3": [1.0, 30.0]}, 20)
    out = capsys.readouterr().out
    assert "killed a worker with the ticks that polled 1 feeds: these again after at most 3.0 s" in out
    assert "2 kills, all feeds: polled again within p50 8.5 s, p99 20.5 s, at most 20.5 s; lease 20 s" in out


def test_every_act_is_reported_by_two_feeds_of_different_hosts() -> None:
    world = World(feeds=6, hosts=3, acts_per_s=0, gap_s=1)
    world.acts_per_s, world.frozen_at = 1.0, world.begun + 4
    bodies = [world.document(feed, "").decode() for feed in range(6)]
    assert len(world.served) == 8
    assert sum(body.count("<item>") for body in bodies) == 8
    hosts = {
        act: {int(each.split("-")[0]) % 3 for each in world.served if each.endswith(f"-{act}")}
        for act in range(4)
    }
    assert all(len(each) == 2 for each in hosts.values())
