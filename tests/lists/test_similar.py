"""Similar names: suggestions by spelling and sound, which are never matches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.lists.similar import MOST, edit_distance, similar_names, sound_of, word_distance
from monitor.model import Entity
from tests.lists.builders import party


def named(*names: str) -> Entity:
    return party(names[0], "|".join(names))


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Demir Ismail", "İsmail Demir"),
        ("Rosoboronexprot", "Rosoboronexport"),
        ("Rosoboroneksport", "Rosoboronexport"),
        ("Mohamed Yousef", "Muhammad Yusuf"),
        ("Gaddafi", "Qadhafi"),
        ("Karvel Ilo", "Ilo Brenn Karvell"),
        ("Acme Shiping", "ACME SHIPPING CO., LTD."),
        ("Карвел Ило", "Ило Карвель"),
    ],
)
def test_names_that_are_similar_in_spelling_or_sound_are_suggested(asked: str, listed: str) -> None:
    found = similar_names(asked, [named(listed), named("Somebody Else Entirely")])
    exact = asked == "Demir Ismail"
    assert [each.name for each in found] == ([] if exact else [listed])


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Ilo Karvel", "Ilo Karvel"),  # a match, and not similar
        ("Karvel", "Harbin"),
        ("Ali", "Eli"),  # short words must be equal
        ("Ilo Karvel", "Karvell"),  # a word asked for is missing
        ("Karvel", "Karvell of the Great Northern River Shipping Office"),
        ("", "Ilo"),
        ("...", "Ilo"),
    ],
)
def test_names_too_far_apart_are_not_suggested(asked: str, listed: str) -> None:
    assert similar_names(asked, [named(listed)]) == ()


def test_the_nearest_come_first_each_entry_once_and_not_too_many() -> None:
    others = [named(f"Karvell {word}") for word in "abcdefghijklm"]
    found = similar_names("Karvel", [*others, named("Karvell", "Karvelll")])
    assert found[0].name == "Karvell"
    assert len(found) == MOST


def test_an_entry_that_has_the_name_itself_is_left_out() -> None:
    assert similar_names("Ilo Karvel", [named("Ilo Karvell", "Ilo Karvel")]) == ()


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("karvel", "karvel", 0), ("karvel", "kravel", 1), ("karvel", "karvell", 1), ("karvel", "arvel", 1), ("abcd", "badc", 2), ("", "abc", 3)],
)  # fmt: skip
def test_letters_are_counted(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_the_distance_is_the_same_in_both_directions_and_bounded(one: str, other: str) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) <= max(len(one), len(other))


def test_the_quick_test_before_counting_leaves_nothing_out() -> None:
    assert word_distance("rosoboronexport", "rosoboronexprot") == 1
    assert word_distance("karvel", "karvex") == 1


def test_a_sound_is_that_of_latin_letters_only() -> None:
    assert sound_of("muhammad") == sound_of("mohamed") == "mmd"
    assert sound_of("карвел") == ""
