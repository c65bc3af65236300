"""Which feeds belong to one publisher."""

import pytest

from monitor.stories.publishers import publisher, publisher_of
from tests.conftest import item
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


def test_two_feeds_of_one_publisher_count_once():
    hosts = ["world.example.com", "politics.example.com", "other.example.net"]
    assert {publisher_of(feed(host, host=host), item()) for host in hosts} == {"example.com", "example.net"}


@pytest.mark.parametrize(
    ("title", "summary", "who"),
    [
        ("Denmark orders F-35", "COPENHAGEN (Reuters) - The ministry signed.", "reuters.com"),
        ("Denmark orders F-35 | AFP", "", "afp.com"),
        ("Дания заказала F-35", "Копенгаген. /ТАСС/. Контракт подписан.", "tass.com"),
        ("Denmark orders F-35", "The contract was signed, Reuters said of its rival.", "example.com"),
    ],
)
def test_an_agency_that_is_credited_speaks_itself(title, summary, who):
    assert publisher_of(feed("paper", host="paper.example.com"), item(title=title, summary=summary)) == who
