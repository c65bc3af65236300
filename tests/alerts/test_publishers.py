"""Who speaks with one voice."""

import pytest

from monitor.alerts.publishers import publisher, publishers
from tests.store.builders import feed


@pytest.mark.parametrize(
    ("host", "who"),
    [
        ("news.example.com", "example.com"),
        ("Example.com:8443", "example.com"),
        ("rss.daily.co.uk", "daily.co.uk"),
        ("press.ministry.gov.tr", "ministry.gov.tr"),
        ("gov.uk", "gov.uk"),
        ("localhost", "localhost"),
        ("127.0.0.1:9000", "127.0.0.1"),
        ("seed:", "seed:"),
    ],
)
def test_a_publisher_is_its_registered_domain(host, who):
    assert publisher(feed(host=host)) == who


def test_two_feeds_of_one_publisher_are_one_voice():
    hosts = ["world.example.com", "politics.example.com", "other.example.net"]
    assert publishers(feed(host, host=host) for host in hosts) == 2
    assert publishers([]) == 0
