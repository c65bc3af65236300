"""The difference of two versions of a list."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.lists.diff import ListChange, compare
from monitor.model import Entity, EntityKind
from tests.lists.builders import party

ARMS, BANK, SHIP = (
    party("1", "Zorva Arms|ZA", "P1"),
    party("2", "Zorva Bank", "P1"),
    party("3", "Sea Lantern", "P2"),
)


def test_two_equal_copies_have_no_change() -> None:
    change = compare([ARMS, BANK], [ARMS, BANK])
    assert not change
    assert change == ListChange()


def test_added_and_removed_parties_are_found() -> None:
    assert compare([ARMS, BANK], [SHIP, BANK]) == ListChange(added=(SHIP,), removed=(ARMS,))


def test_what_is_said_of_a_party_changes() -> None:
    after = party("1", "Zorva Arms|ZA|Zorvaexport", "P1")
    assert compare([ARMS], [after]) == ListChange(changed=((ARMS, after),))


def test_the_order_of_names_and_programmes_says_nothing() -> None:
    before = party("1", "Zorva Arms|A|B", "P1", "P2", countries=("KP", "RU"))
    after = party("1", "Zorva Arms|B|A", "P2", "P1", countries=("RU", "KP"))
    assert not compare([before], [after])


def test_a_party_under_another_id_has_stayed() -> None:
    assert not compare([ARMS, BANK], [replace(ARMS, id="77"), BANK])


def test_a_party_under_another_id_may_have_changed_too() -> None:
    after = replace(party("77", "ZORVA ARMS", "P9"))
    assert compare([ARMS], [after]) == ListChange(changed=((ARMS, after),))


def test_a_renumbered_party_is_paired_with_one_namesake_only() -> None:
    twin = replace(ARMS, id="9")
    assert compare([ARMS, twin], [replace(ARMS, id="10")]).removed == (twin,)


def test_a_person_is_no_ship_of_the_same_name() -> None:
    person = party("8", "Sea Lantern", "P2", kind=EntityKind.PERSON)
    assert compare([SHIP], [person]) == ListChange(added=(person,), removed=(SHIP,))


PARTIES = st.lists(
    st.builds(party, st.sampled_from("abcdef"), st.sampled_from(["X Y", "Z", "W|V"])),
    unique_by=lambda e: e.id,
)


@given(PARTIES, PARTIES)
def test_the_way_back_is_the_way_there_reversed(before: list[Entity], after: list[Entity]) -> None:
    there, back = compare(before, after), compare(after, before)
    assert len(after) - len(before) == len(there.added) - len(there.removed)
    assert (len(there.added), len(there.removed)) == (len(back.removed), len(back.added))
