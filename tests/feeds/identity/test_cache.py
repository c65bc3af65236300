from dataclasses import replace

from monitor.feeds.identity.cache import DocumentCache
from tests.feeds.samples import state

SPANS = {f"{n:020x}": f"{n + 99:020x}" for n in range(3)}


def committed(before, **changes):
    """The state as the store hands it out after it took `before`."""
    return replace(before, version=before.version + 1, **changes)


def test_what_was_read_is_known_once_its_state_is_committed():
    known, first = DocumentCache(), state(version=4)
    assert known.get(first) == {}
    known.remember(first, SPANS)
    assert known.get(committed(first)) == SPANS
    assert known.get(committed(replace(first, feed="other"))) == {}


def test_nothing_is_known_after_a_commit_by_anybody_else():
    known, first = DocumentCache(), state(version=4)
    known.remember(first, SPANS)
    assert known.get(first) == {}
    assert known.get(committed(committed(first))) == {}


def test_a_later_document_replaces_what_is_known():
    known, first = DocumentCache(), state()
    known.remember(first, SPANS)
    known.remember(committed(first), {})
    assert known.get(committed(committed(first))) == {}


def test_the_feeds_not_polled_longest_are_forgotten_first():
    known = DocumentCache(max_bytes=120)
    feeds = [replace(state(), feed=name) for name in "abc"]
    for each in feeds:
        known.remember(each, SPANS)
    assert [len(known.get(committed(each))) for each in feeds] == [0, 3, 3]
