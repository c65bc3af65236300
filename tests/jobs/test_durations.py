"""Durations are counted as a histogram: by upper bound, each bound with all below it."""

from monitor.jobs.durations import Durations


def test_each_bound_counts_everything_up_to_it() -> None:
    durations = Durations((1.0, 5.0))
    for seconds in (0.5, 1.0, 3.0, 60.0, -2.0):
        durations.add(seconds)
    assert durations.buckets() == [("1.0", 3), ("5.0", 4), ("+Inf", 5)]
    assert durations.sum_s == 64.5
