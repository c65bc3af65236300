from datetime import timedelta

import pytest

from monitor.errors import FeedError
from monitor.feeds.outage import Outage
from monitor.model import Feed
from tests.feeds.samples import NOW

DNS, PAGE = FeedError("…", "dns"), FeedError("…", "html")


def feed(host: str, scheme: str = "https") -> Feed:
    return Feed(name=host, url=f"{scheme}://{host}/feed", title=host, host=host)


def later(minutes: float):
    return NOW + timedelta(minutes=minutes)


def test_while_no_host_answers_no_feed_is_blamed():
    outage = Outage()
    for host in "abcd":
        outage.host_responded(feed(host), NOW)
    blamed = [outage.host_failed(feed(host), DNS, later(60)) for host in "abcd"]
    assert blamed == [False] * 4
    assert outage.since == later(60)


def test_one_that_fails_while_others_answer_is():
    outage = Outage()
    for host in "abc":
        outage.host_responded(feed(host), NOW)
    assert outage.host_failed(feed("d"), DNS, later(5))
    assert outage.since is None


def test_the_first_answer_ends_it():
    outage = Outage()
    for host in "abc":
        outage.host_failed(feed(host), DNS, NOW)
    assert outage.since == NOW
    outage.host_responded(feed("b"), later(9))
    assert outage.since is None
    assert outage.host_failed(feed("a"), DNS, later(10))


def test_an_answer_that_is_no_feed_is_an_answer():
    outage = Outage()
    for host in "abc":
        outage.host_failed(feed(host), DNS, NOW)
    assert outage.host_failed(feed("d"), PAGE, NOW)
    assert outage.since is None


def test_a_few_dead_hosts_among_many_are_no_outage():
    outage = Outage()
    for n in range(20):
        outage.host_responded(feed(f"h{n}"), NOW)
    for host in "abcd":
        outage.host_failed(feed(host), DNS, later(1))
    assert outage.since is None


@pytest.mark.parametrize("scheme", ["seed", "file"])
def test_a_file_of_this_machine_proves_no_network(scheme):
    outage = Outage()
    for host in "abc":
        outage.host_failed(feed(host), DNS, NOW)
    outage.host_responded(feed("x", scheme), NOW)
    assert outage.since == NOW


def test_failures_of_only_one_or_two_hosts_count_against_their_feeds():
    outage = Outage()
    assert [outage.host_failed(feed(host), DNS, NOW) for host in "ab"] == [True, True]
