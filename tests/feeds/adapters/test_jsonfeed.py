import pytest

from tests.feeds.adapters.samples import read, refusal, sample


def test_a_json_feed_becomes_items():
    parsed = read(sample("jsonfeed.json"))
    first, second = parsed.items
    assert (parsed.title, parsed.complete) == ("Export control notes", True)
    assert (first.guid, first.url) == ("note-7", "https://site.example/notes/7")
    assert first.title == "Nine firms added to the entity list"
    assert first.summary == "They shipped machine tools & bearings."
    assert (first.published_at.hour, first.published_at.minute, first.lang) == (8, 30, "en")
    assert (second.guid, second.url, second.title) == (
        "8",
        "https://other.example/8",
        "Lizenz für Ersatzteile widerrufen",
    )
    assert (second.summary, second.lang) == ("Lizenz für Ersatzteile widerrufen", "de")
    assert second.published_at.hour == 9


def test_version_1_0_is_read_too():
    body = '{"version": "https://jsonfeed.org/version/1", "title": "t", "items": [{"id": "1", "title": "x"}]}'
    assert [item.title for item in read(body).items] == ["x"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"error": "slow down"}', 'kind = "json"'),
        ('[{"title": {"rendered": "x"}}]', 'kind = "wordpress"'),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": {}}', "without a list of items"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id"', "cannot be read"),
        ("[" * 200_000, "cannot be read"),
        ("[" + "9" * 50_000 + "]", "cannot be read"),
    ],
    ids=["error", "wordpress", "no list", "broken off", "deep", "long number"],
)
def test_other_json_is_refused_with_what_would_read_it(body, words):
    health, reason = refusal(body)
    assert health == "parse_error"
    assert words in reason


def test_a_feed_without_items_is_empty_and_no_mistake():
    assert read('{"version": "https://jsonfeed.org/version/1.1", "items": []}').items == ()
