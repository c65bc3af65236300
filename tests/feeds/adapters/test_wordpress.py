import pytest

from monitor.model import Kind
from tests.feeds.adapters.samples import read, refusal, sample


def test_posts_become_items():
    first, second = read(sample("wordpress.json"), Kind.WORDPRESS).items
    assert (first.guid, first.url) == ("wp:4711", "https://department.example/releases/relief/")
    assert first.title == "Licence 8A – wind-down extended"
    assert first.summary == "Transactions stay allowed until March."
    assert (first.published_at.hour, first.published_at.minute) == (8, 30)
    assert second.summary == "Four radars."


@pytest.mark.parametrize(
    ("body", "health", "words"),
    [
        ('{"code": "rest_no_route", "message": "no route"}', "gone", "/wp-json/wp/v2/types"),
        ('{"code": "rest_forbidden"}', "parse_error", "no list of WordPress posts"),
        ('[{"id": 1, "title": "plain"}]', "parse_error", "title.rendered"),
        ("<!doctype html><p>Just a moment", "html", "web page"),
        ("<rss version='2.0'><channel/></rss>", "parse_error", 'kind = "auto"'),
        ("", "empty", "nothing"),
    ],
)
def test_what_is_no_list_of_posts_is_refused(body, health, words):
    found, reason = refusal(body, Kind.WORDPRESS)
    assert found == health
    assert words in reason


def test_no_posts_are_an_empty_list():
    assert read("[]", Kind.WORDPRESS).items == ()
