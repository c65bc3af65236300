import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.identity.naming import (
    MAX_GUID,
    NAMINGS,
    EntryIdentity,
    EntryNames,
    guid_of,
    name_entries,
)


def marks(guid="", link="", title="A title", summary="Some words"):
    return EntryIdentity(guid, link, title, summary)


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
    assert len(guid_of(marks("x" * 100_000))) <= MAX_GUID
    assert guid_of(marks("x" * 1_000)) != guid_of(marks("x" * 1_001))


LADDER = list(NAMINGS)


def sharing(count: int, *others: EntryIdentity) -> EntryNames:
    """The names of a long document with that many entries of one guid."""
    shared = [marks("0", f"https://e.example/{n}", f"Title {n}") for n in range(count)]
    own = [
        marks(f"n-{n}", f"https://e.example/own/{n}", f"Own {n}") for n in range(100 - count - len(others))
    ]
    return name_entries([*shared, *others, *own])


def test_entries_are_named_by_guids_that_are_their_own():
    assert name_entries([marks("a"), marks("b", title="B")]) == EntryNames(("a", "b"), "guid")
    assert name_entries([]) == EntryNames((), "guid")


def test_a_few_entries_of_one_guid_get_different_ids_and_the_feed_keeps_its_guids():
    names = sharing(5)
    assert len(set(names.guids)) == 100
    assert names.guids[5] == "n-0"
    assert (names.identity, names.weak) == ("guid", 5)


def test_many_entries_of_one_guid_and_names_are_made_of_links():
    names = sharing(6)
    assert len(set(names.guids)) == 100
    assert names.guids[6] == "https://e.example/own/0"
    assert (names.identity, names.weak) == ("link", 0)


def test_one_entry_without_a_guid_is_too_few_to_give_up_guids():
    entries = [marks("", "https://e.example/1"), marks("n-2", title="B")]
    assert name_entries(entries) == EntryNames(("https://e.example/1", "n-2"), "guid", weak=1)


@pytest.mark.parametrize("guid", ["", " ", "0", "https://ministry.example/"])
def test_guids_that_say_nothing_give_way_to_links(guid):
    entries = [marks(guid, f"https://e.example/{n}", f"Title {n}") for n in range(3)]
    assert name_entries(entries).guids == tuple(f"https://e.example/{n}" for n in range(3))


def test_entries_named_by_link_keep_their_names_when_scheme_and_titles_change():
    before = name_entries([marks("0", f"https://e.example/{n}", f"Title {n}") for n in range(3)])
    after = name_entries([marks("0", f"http://e.example/{n}", f"New {n}") for n in range(3)], before.identity)
    assert before == after


@pytest.mark.parametrize("guid", ["", "https://ministry.example/"])
def test_a_front_page_as_the_link_of_every_entry_gives_way_to_titles(guid):
    names = name_entries([marks(guid, "https://ministry.example/", f"Notice {n}") for n in range(4)])
    assert (len(set(names.guids)), names.identity) == (4, "title")


def test_entries_that_differ_only_in_their_text_are_named_by_it():
    names = name_entries([marks("", "https://e.example/", "Progress report", f"Part {n}") for n in range(3)])
    assert (len(set(names.guids)), names.identity) == (3, "words")


def test_fragments_distinguish_the_notices_of_one_page():
    names = name_entries([marks("", f"https://e.example/index.html#{n}", f"Notice {n}") for n in range(3)])
    assert (len(set(names.guids)), names.identity) == (3, "link")


def test_an_entry_listed_twice_is_one_item_and_no_reason_to_give_up_guids():
    entries = [marks("n-1", "https://e.example/1"), marks("n-1", "https://e.example/1")]
    assert name_entries(entries) == EntryNames(("n-1", "n-1"), "guid")


ENTRIES = st.lists(
    st.builds(
        EntryIdentity,
        guid=st.sampled_from(["", " ", "0", "1", "2", "https://e.example/1"]),
        link=st.sampled_from(
            ["", "https://e.example/", "https://e.example/1", "http://e.example/1#a", "https://e.example/2"]
        ),
        title=st.sampled_from(["", "A", "B", "C"]),
        summary=st.sampled_from(["", "x", "y"]),
    ),
    max_size=8,
)
IDENTITIES = st.sampled_from(LADDER)


@given(ENTRIES, IDENTITIES)
def test_entries_of_different_words_never_have_one_name(entries, identity):
    said = {}
    for guid, entry in zip(name_entries(entries, identity).guids, entries, strict=True):
        assert said.setdefault(guid, (entry.title, entry.summary)) == (entry.title, entry.summary)


@given(st.lists(ENTRIES, max_size=6))
def test_what_names_are_made_of_never_flips_back(documents):
    identity = "guid"
    for entries in documents:
        before, identity = identity, name_entries(entries, identity).identity
        assert LADDER.index(identity) >= LADDER.index(before)


@given(ENTRIES, st.integers(0, 7), IDENTITIES)
def test_names_that_stand_alone_do_not_depend_on_other_entries(entries, left_out, identity):
    whole = name_entries(entries, identity)
    remaining = entries[:left_out] + entries[left_out + 1 :]
    if not whole.weak:
        assert (
            name_entries(remaining, whole.identity).guids
            == whole.guids[:left_out] + whole.guids[left_out + 1 :]
        )


@given(ENTRIES, IDENTITIES, st.randoms())
def test_the_order_of_entries_changes_no_name(entries, identity, random):
    names = name_entries(entries, identity)
    order = list(range(len(entries)))
    random.shuffle(order)
    shuffled = name_entries([entries[n] for n in order], identity)
    assert shuffled.guids == tuple(names.guids[n] for n in order)
    assert shuffled.identity == names.identity
