import pytest

from monitor.feeds.identity import LONGEST, Marks, guid_of, guids


def marks(guid="", link="", title="A title", summary="Some words"):
    return Marks(guid, link, title, summary)


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        (marks("n-1", "https://e.example/1"), "n-1"),
        (marks("  n-1\n"), "n-1"),
        (marks("https://e.example/1?utm_source=rss"), "https://e.example/1?utm_source=rss"),
        (marks("", "http://e.example/1?utm_source=rss"), "https://e.example/1"),
        (marks(" \n ", "https://e.example/1"), "https://e.example/1"),
    ],
)
def test_an_entry_is_known_by_its_guid_else_by_its_link(given, identity):
    assert guid_of(given) == identity


def test_an_entry_without_guid_and_link_is_known_by_its_words():
    one, same, other = (guid_of(marks(title=title)) for title in ("A", "A", "B"))
    assert one == same != other


def test_a_guid_of_any_length_becomes_a_key():
    assert len(guid_of(marks("x" * 100_000))) <= LONGEST
    assert guid_of(marks("x" * 1_000)) != guid_of(marks("x" * 1_001))


def test_a_guid_that_all_entries_share_names_none_of_them():
    entries = [marks("0", f"https://e.example/{n}", f"Title {n}") for n in range(3)]
    assert len(set(guids(entries))) == 3


def test_entries_told_apart_by_link_keep_their_identity_when_titles_change():
    before = guids([marks("0", f"https://e.example/{n}", f"Title {n}") for n in range(3)])
    after = guids([marks("0", f"http://e.example/{n}", f"New title {n}") for n in range(3)])
    assert before == after


@pytest.mark.parametrize("guid", ["", "https://ministry.example/"])
def test_a_front_page_as_the_link_of_every_entry_loses_none(guid):
    entries = [marks(guid, "https://ministry.example/", f"Notice {n}") for n in range(4)]
    assert len(set(guids(entries))) == 4


def test_entries_that_differ_only_in_their_text_are_kept_apart():
    entries = [marks("", "https://e.example/", "Progress report", f"Part {n}") for n in range(3)]
    assert len(set(guids(entries))) == 3


def test_fragments_tell_notices_of_one_page_apart():
    entries = [marks("", f"https://e.example/index.html#{n}", f"Notice {n}") for n in range(3)]
    assert len(set(guids(entries))) == 3


def test_an_entry_listed_twice_is_one_item():
    assert len(set(guids([marks("n-1", "https://e.example/1"), marks("n-1", "https://e.example/1")]))) == 1


def test_entries_with_guids_of_their_own_are_left_alone():
    entries = [marks("a"), marks("b", title="B"), marks("0", title="C"), marks("0", title="D")]
    assert guids(entries)[:2] == ("a", "b")
    assert guids([]) == ()
