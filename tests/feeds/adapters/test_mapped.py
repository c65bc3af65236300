import pytest

from monitor.model import Kind
from tests.feeds.adapters.samples import read, refusal, sample

PATHS = {
    "items": "data.results",
    "title": "names.0.text",
    "link": "href",
    "date": "signed",
    "summary": "about",
    "id": "ref",
}


def test_paths_lead_to_items():
    first, second = read(sample("mapped.json"), Kind.JSON, **PATHS).items
    assert (first.guid, first.url) == ("17", "https://site.example/decrees/17")
    assert first.title == "Decree 17: restrictions renewed"
    assert (first.published_at.isoformat(), first.summary) == ("2026-11-23T08:30:00+00:00", "")
    assert (second.summary, second.published_at.day) == ("Two banks", 23)


def test_the_items_may_be_the_document_itself_or_the_entries_of_an_object():
    assert [item.title for item in read('[{"t": "a"}]', Kind.JSON, title="t").items] == ["a"]
    found = read('{"all": {"x": {"t": "a"}, "y": {"t": "b"}}}', Kind.JSON, items="all", title="t").items
    assert [item.title for item in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"items": "data.rows"}, "no list at json.items = 'data.rows'"),
        ({"items": "data.results.9.x"}, "no list at"),
        ({"title": "name"}, "nothing at json.title = 'name' in any of 2 items"),
        ({"title": "names"}, "nothing at json.title"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(changes, words):
    health, reason = refusal(sample("mapped.json"), Kind.JSON, **PATHS | changes)
    assert health == "parse_error"
    assert words in reason


def test_an_empty_list_is_empty():
    assert read('{"data": {"results": []}}', Kind.JSON, **PATHS).items == ()
