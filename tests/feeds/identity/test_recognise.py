"""Entries that are stored already: found by their ids or by other names, never by similarity alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.feeds.identity.edits import MAX_REVISIONS
from monitor.feeds.identity.naming import guid_with_link
from monitor.feeds.identity.recognise import MAX_VERSIONS, Recognition, recognise_items
from monitor.model import Decision, Event, Item, Judged, KnownItem, KnownItems, Placement, Verdict
from tests.conftest import NOW, item, verdict

SUBJECTS = ("tankers", "frigates", "banks", "drones", "missiles", "radars", "mines")


QUIET = verdict(event=None, evidence=(), entities=())
ARCHIVED = Decision(Placement.ARCHIVE, "")


class StoredFeed:
    """What is remembered of one feed: all of it may be what an entry is."""

    def __init__(self, *items: Item, said: Verdict = QUIET) -> None:
        self.items = {
            each.id: KnownItem(Judged(each, said, ARCHIVED), 0, frozenset({each.id})) for each in items
        }

    def recall_items(self, items: Iterable[Item]) -> KnownItems:
        words = {name: each.judged.item.content_hash for each in self.items.values() for name in each.names}
        same = (item.id for item in items if words.get(item.id) == item.content_hash)
        return KnownItems(frozenset(same), tuple(self.items.values()))

    def poll(self, *items: Item, present: tuple[str, ...] = (), lax: bool = False) -> Recognition:
        """Recognise a document and remember it."""
        found = recognise_items(items, self.recall_items(items), present, lax=lax)
        self.items |= StoredFeed(*found.new).items
        for revised in found.revised:
            was = self.items[revised.id]
            judged = found.with_versions(replace(was.judged, item=revised))
            self.items[revised.id] = KnownItem(judged, was.revisions + 1, was.names)
        for alias, id in found.aliases:
            self.items[id] = replace(self.items[id], names=self.items[id].names | {alias})
        return found


def notice(number: int, **changes: Any) -> Item:
    """One of many notices that have little in common."""
    subject = SUBJECTS[number % 7]
    plain: dict[str, Any] = {
        "guid": f"n-{number}",
        "url": f"https://news.example/notice/{number}",
        "title": f"Ministry tells of {subject} in case {number}",
        "summary": f"What it says of {subject} number {number}.",
        "published_at": NOW - timedelta(hours=number, minutes=7),
    }
    return item(**plain | changes)


NOTICES = [notice(number) for number in range(50)]


def only_aliases(found: Recognition, count: int) -> bool:
    """Say whether nothing is new but so many names."""
    return (found.new, found.revised, len(found.aliases)) == ((), (), count)


# ---------------------------------------------------------------- by its id


def test_what_is_not_stored_is_new_and_what_is_stored_is_seen():
    profile = StoredFeed()
    assert profile.poll(*NOTICES).new == tuple(NOTICES)
    assert profile.poll(*NOTICES) == Recognition(new=(), seen=tuple(each.id for each in NOTICES))


def test_an_edit_is_a_revision_of_the_item_it_always_was():
    profile = StoredFeed(notice(1))
    edit = notice(
        1,
        title="Ministry corrects its word of frigates",
        first_seen_at=NOW + timedelta(days=1),
        published_at=None,
    )
    found = profile.poll(edit)
    (revised,) = found.revised
    assert revised == replace(edit, first_seen_at=NOW, published_at=notice(1).published_at)
    assert found.before == {revised.id: Judged(notice(1), QUIET, ARCHIVED)}
    assert (found.new, found.aliases, found.seen) == ((), (), (revised.id,))


def test_versions_that_take_turns_are_no_edits():
    profile, versions = (
        StoredFeed(notice(1)),
        [notice(1), notice(1, title="Ministry tells more of frigates in case 1")],
    )
    assert [len(profile.poll(versions[n % 2]).revised) for n in range(1, 9)] == [1, 0, 0, 0, 0, 0, 0, 0]


def test_the_last_versions_are_remembered():
    profile = StoredFeed(notice(1))
    for number in range(MAX_VERSIONS + 4):
        profile.poll(notice(1, summary=f"Version {'x' * number}"))
    assert len(profile.items[notice(1).id].judged.earlier) == MAX_VERSIONS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Read 1,204 times.", "Read 98,210 times."),
        ("Updated at 10:31 on 23.11.2026", "Updated at 11:02 on 23.11.2026"),
        ("Ships listed.", "Ships   LISTED"),
    ],
)
def test_counters_times_and_punctuation_are_no_edits(before, after):
    assert StoredFeed(notice(1, summary=before)).poll(notice(1, summary=after)).revised == ()


def test_a_figure_of_the_title_is_an_edit():
    profile = StoredFeed(item(title="Ministry orders 12 howitzers"))
    assert len(profile.poll(item(title="Ministry orders 24 howitzers")).revised) == 1


@pytest.mark.parametrize(
    "said",
    [
        {
            "event": Event(
                topic="arms",
                type="contract",
                stage="contract",
                polarity="acquire",
                severity=4,
                amounts=("$80 million",),
            )
        },
        {
            "event": Event(
                topic="arms",
                type="contract",
                stage="contract",
                polarity="acquire",
                severity=4,
                quote="worth $80 million",
            )
        },
    ],
)
def test_a_changed_figure_that_the_verdict_uses_is_an_edit(said):
    profile = StoredFeed(
        item(summary="The contract is worth $80 million. Read 12 times."), said=verdict(**said)
    )
    assert profile.poll(item(summary="The contract is worth $80 million. Read 99 times.")).revised == ()
    assert len(profile.poll(item(summary="The contract is worth $90 million. Read 99 times.")).revised) == 1


def test_a_ticker_is_judged_no_more_and_named():
    profile = StoredFeed(notice(1))
    polls = [profile.poll(notice(1, title=f"Ministry tells {'more ' * n}of frigates")) for n in range(1, 40)]
    assert [len(each.revised) for each in polls] == [1] * MAX_REVISIONS + [0] * (39 - MAX_REVISIONS)
    assert polls[-1].tickers == (notice(1).id,) == polls[-1].seen


# ---------------------------------------------------------------- by another name


def test_a_feed_that_changes_all_its_guids_gives_no_new_items():
    profile = StoredFeed(*NOTICES)
    assert only_aliases(profile.poll(*(replace(each, guid=f"anew {each.guid}") for each in NOTICES)), 50)


def test_a_feed_that_moved_by_redirect_gives_no_new_items():
    profile = StoredFeed(*NOTICES)
    moved = [
        replace(each, guid=each.url.replace("news", "gov"), url=each.url.replace("news", "gov"))
        for each in NOTICES
    ]
    assert only_aliases(profile.poll(*moved), 50)


def test_guids_that_are_links_may_change_their_scheme():
    links = [replace(each, guid=each.url) for each in NOTICES]
    profile = StoredFeed(*links)
    flipped = [replace(each, guid=(url := each.url.replace("https", "http")), url=url) for each in links]
    assert only_aliases(profile.poll(*flipped), 50)
    assert profile.poll(*links) == Recognition(new=(), seen=tuple(each.id for each in links))


def test_a_headline_in_a_guid_may_be_edited():
    profile = StoredFeed(notice(1, guid="ministry-tells-of-frigates-in-case-1"))
    edited = notice(
        1, guid="ministry-tells-of-two-frigates", title="Ministry tells of two frigates in case 1"
    )
    found = profile.poll(edited)
    assert [each.title for each in found.revised] == [edited.title]
    assert found.aliases == ((edited.id, found.revised[0].id),)
    assert found.revised[0].guid == "ministry-tells-of-frigates-in-case-1"


def test_a_link_and_a_guid_with_the_headline_may_be_edited_with_the_summary():
    first = notice(1, guid="a", url="https://news.example/a")
    second = notice(1, guid="b", url="https://news.example/b", summary="Said otherwise.")
    assert len(StoredFeed(first).poll(second).revised) == 1


def test_entries_of_a_front_page_named_anew_are_the_same():
    front = [notice(n, url="https://ministry.example/", title="Notice") for n in range(5)]
    profile = StoredFeed(*front)
    assert only_aliases(profile.poll(*(replace(each, guid=f"{each.guid}b") for each in front)), 5)


def test_an_article_listed_twice_is_one_item_after_both_guids_change():
    twice = [notice(1), notice(1, guid="second")]
    profile = StoredFeed(*twice)
    found = profile.poll(*(replace(each, guid=f"{each.guid}b") for each in twice))
    assert only_aliases(found, 2)
    assert {id for _, id in found.aliases} == {each.id for each in twice}


def test_an_article_repeated_word_for_word_is_the_one_that_is_there():
    assert only_aliases(StoredFeed(notice(1)).poll(notice(1), notice(1, guid="second")), 1)


# ---------------------------------------------------------------- never by similarity alone

OFAC = "Counter Terrorism Designations"
DAILY = {"title": "Daily briefing", "url": "https://news.example/daily"}
HOUR = NOW.replace(minute=0)


@pytest.mark.parametrize(
    ("stored", "entry"),
    [
        (notice(1, title=OFAC), notice(2, title=OFAC)),
        (notice(1, title=OFAC, summary=""), notice(2, title=OFAC, summary="")),
        (notice(1, title=OFAC, published_at=HOUR), notice(2, title=OFAC, published_at=HOUR)),
        (notice(1, title=OFAC, published_at=None), notice(2, title=OFAC, published_at=None)),
        (notice(1), notice(2, url=notice(1).url, published_at=notice(1).published_at, title="Navy buys subs")),
        (notice(1, **DAILY), notice(2, published_at=NOW + timedelta(days=1), **DAILY)),
        (notice(1, url="https://e.example/"), notice(2, url="https://e.example/", title=notice(1).title)),
        (notice(1, title="", summary=""), notice(2, title="", summary="")),
    ],
    ids=["title", "no words", "the hour", "no date", "link", "series", "front page", "nothing"],
)  # fmt: skip
def test_an_item_that_is_only_similar_is_new(stored: Item, entry: Item):
    found = StoredFeed(stored).poll(entry)
    assert (found.new, found.aliases) == ((entry,), ())


def test_an_item_that_is_in_the_document_is_no_other_entry():
    first, second = notice(1), notice(1, guid="second", summary="Something else.")
    assert StoredFeed(first).poll(first, second).new == (second,)
    assert StoredFeed(first).poll(second, present=(first.id,)).new == (second,)


def test_a_link_that_two_entries_have_names_neither():
    stored = notice(1)
    entries = [notice(1, guid=guid, summary=guid, published_at=None) for guid in ("a", "b")]
    assert len(StoredFeed(stored).poll(*entries).new) == 2


def test_a_link_that_two_items_have_names_neither():
    stored = [notice(1, guid=guid, summary=guid, published_at=None) for guid in ("a", "b")]
    assert len(StoredFeed(*stored).poll(notice(1, published_at=None)).new) == 1


# ---------------------------------------------------------------- recycled


def test_a_guid_given_to_another_article_is_a_new_item_that_the_next_poll_knows():
    profile = StoredFeed(notice(1, guid="latest"))
    other = notice(2, guid="latest", title="Navy buys four submarines from abroad")
    found = profile.poll(other)
    (new,) = found.new
    assert new == replace(other, guid=guid_with_link("latest", other.url))
    assert found.recycled == {other.id}
    assert found.stable_spans({"span": other.id, "another": "x"}) == {"another": "x"}
    again = profile.poll(other)
    assert (again.new, again.revised, again.seen) == ((), (), (new.id,))
    assert len(profile.poll(replace(other, title="Navy buys five submarines from abroad")).revised) == 1


def test_every_issue_of_a_series_under_one_guid_is_an_item():
    profile = StoredFeed()
    for week in range(5):
        issue = notice(
            week, guid="latest", title=f"Weekly report {week}", published_at=NOW + timedelta(days=7 * week)
        )
        assert len(profile.poll(issue).new) == 1
        assert profile.poll(issue).new == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Navy buys four submarines from abroad"},
        {
            "url": "https://news.example/ministry-tells-more",
            "title": "Ministry tells more of frigates in case 1",
        },
        {"url": "https://gov.example/notice/1", "title": "Navy buys four submarines from abroad"},
        {"url": "", "title": "Navy buys four submarines from abroad"},
    ],
    ids=["title", "slug", "host", "no link"],
)
def test_a_guid_with_the_same_page_or_a_similar_title_is_not_recycled(changes: dict[str, str]):
    found = StoredFeed(notice(1)).poll(notice(1, **changes))
    assert (len(found.revised), found.new, found.recycled) == (1, (), frozenset())


# ---------------------------------------------------------------- lax


def test_where_too_much_is_new_an_equal_title_is_enough():
    profile = StoredFeed(*NOTICES)
    dated = [
        replace(
            each, guid=f"{each.guid}b", url=f"{each.url}/b", published_at=NOW + timedelta(days=1), summary=""
        )
        for each in NOTICES
    ]
    assert len(recognise_items(dated, profile.recall_items(dated)).new) == 50
    found = profile.poll(*dated, lax=True)
    assert (found.new, {id for _, id in found.aliases}) == ((), {each.id for each in NOTICES})


def test_each_stored_item_is_one_entry_even_then():
    stored = [notice(n, title=OFAC, summary=f"Case {SUBJECTS[n]}.") for n in range(3)]
    moved = [replace(each, guid=f"{each.guid}b", url=f"{each.url}/b", published_at=None) for each in stored]
    found = StoredFeed(*stored).poll(*moved, notice(9, title=OFAC, summary=""), lax=True)
    assert dict(found.aliases) == {new.id: old.id for new, old in zip(moved, stored, strict=True)}
    assert [new.guid for new in found.new] == ["n-9"]


def test_summaries_that_differ_and_titles_too_many_stay_new_even_then():
    profile = StoredFeed(notice(1, title=OFAC, summary="Twelve banks and their directors."))
    other = notice(2, title=OFAC, summary="Some tankers of a hidden fleet.")
    same = [notice(n, title=OFAC, summary="", published_at=None) for n in (3, 4)]
    found = profile.poll(other, *same, lax=True)
    assert other in found.new
    assert (len(found.new), len(found.aliases)) == (2, 1)


def test_an_entry_that_repeats_what_another_one_was_before_is_new():
    profile = StoredFeed(notice(1))
    moved = notice(1, url="https://news.example/", title="Central bank warns of forged notes", summary="Two.")
    copy = notice(1, guid="copy")
    found = profile.poll(moved, copy)
    assert (found.new, found.revised, found.aliases) == ((copy,), (moved,), ())
    assert profile.poll(moved, copy) == Recognition(new=(), seen=(moved.id, copy.id))


# ---------------------------------------------------------------- night after night


def test_thirty_nights_of_new_guids_are_one_item_each():
    profile = StoredFeed(*NOTICES)
    for night in range(30):
        assert only_aliases(
            profile.poll(*(replace(each, guid=f"{night} {each.guid}") for each in NOTICES)), 50
        )
    assert len(profile.items) == 50


# ---------------------------------------------------------------- algebra

ENTRIES = st.lists(
    st.builds(
        item,
        guid=st.sampled_from("abcdef"),
        url=st.sampled_from(["", "https://e.example/", "https://e.example/1", "http://www.e.example/1", "https://f.example/1", "https://e.example/2"]),
        title=st.sampled_from(["", "Notice", "Sanctions on ten banks", "Sanctions on twelve banks", "Navy buys two submarines"]),
        summary=st.sampled_from(["", "One thing.", "Another thing."]),
        published_at=st.sampled_from([None, NOW, NOW + timedelta(minutes=7), NOW + timedelta(days=3)]),
    ).filter(lambda entry: bool(entry.title or entry.summary)),  # adapters drop entries without words
    max_size=6,
    unique_by=lambda item: item.guid,
)  # fmt: skip


REPLACED = [
    [item(guid="a", url="https://e.example/1", title="Notice", summary="One thing.")],
    [
        item(guid="a", url="https://e.example/", title="Sanctions on ten banks", summary="Another thing."),
        item(guid="b", url="https://e.example/1", title="Notice", summary="One thing."),
    ],
]


#: The last entry has the title of a stored item, and neither its page nor its date.
SAME_TITLE = [
    [item(guid="b", url="", title="Notice", summary="", published_at=NOW + timedelta(days=3))],
    [item(guid="b", url="https://e.example/", title="Notice", summary="One thing.", published_at=None)],
    [item(guid="a", url="https://e.example/1", title="Notice", summary="", published_at=NOW)],
]


@given(st.lists(ENTRIES, min_size=1, max_size=4), st.booleans())
@example(REPLACED, False)
@example(SAME_TITLE, True)
def test_a_document_read_again_brings_nothing(documents: list[list[Item]], lax: bool):
    profile = StoredFeed()
    for document in documents:
        profile.poll(*document, lax=lax)
    again = profile.poll(*documents[-1], lax=lax)
    assert (again.new, again.aliases) == ((), ())


@given(ENTRIES, ENTRIES, st.booleans(), st.randoms())
def test_the_order_of_entries_never_matters(before: list[Item], after: list[Item], lax: bool, random: Any):
    known_items = (profile := StoredFeed(*before)).recall_items(after)
    shuffled = random.sample(after, len(after))
    one, other = (recognise_items(each, known_items, lax=lax) for each in (after, shuffled))
    assert profile.recall_items(shuffled).same == known_items.same
    for name in ("new", "revised", "seen", "aliases", "tickers"):
        assert set(getattr(one, name)) == set(getattr(other, name))
    assert (one.before, one.recycled) == (other.before, other.recycled)


@given(ENTRIES, ENTRIES, st.booleans())
def test_each_entry_is_exactly_one_item(before: list[Item], after: list[Item], lax: bool):
    profile = StoredFeed(*before)
    found = profile.poll(*after, lax=lax)
    names = [*(new.id for new in found.new), *found.seen]
    assert len(names) == len(set(names))
    assert len(found.revised) == len({each.id for each in found.revised}) <= len(found.seen)
    holders = [[id for id, each in profile.items.items() if name in each.names] for name in names]
    assert all(len(each) == 1 for each in holders)
    assert {alias for alias, _ in found.aliases} <= set(found.seen)


def test_a_chain_of_edits_is_one_item():
    titles = [f"Ministry tells of {' and '.join(SUBJECTS[:n])} in case 1" for n in range(2, 7)]
    profile = StoredFeed(notice(1, title=titles[0], guid=titles[0]))
    for _, title in pairwise(titles):
        assert profile.poll(notice(1, title=title, guid=title)).new == ()
    assert len(profile.items) == 1
