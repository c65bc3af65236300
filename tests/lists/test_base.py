"""Names by strength, kinds, dates and countries."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.lists.base import (
    collect_names,
    given_name_first,
    guess_strength,
    kind_of,
    parse_date,
    split_cell,
)
from monitor.lists.countries import code_of, codes_of
from monitor.model import EntityKind, Name, Strength

PERSON, ORGANISATION = EntityKind.PERSON, EntityKind.ORGANISATION
PRIMARY, ALIAS, WEAK = Strength


@pytest.mark.parametrize(
    ("text", "kind", "strength"),
    [
        ("Karvel", PERSON, WEAK),
        ("Ilo Karvel", PERSON, ALIAS),
        ("Карвел", PERSON, ALIAS),
        ("ZAE", ORGANISATION, WEAK),
        ("ZORVAX", ORGANISATION, WEAK),
        ("Zorva", ORGANISATION, WEAK),
        ("Zorvan", ORGANISATION, ALIAS),
        ("ZORVANEXPORT", ORGANISATION, ALIAS),
        ("ZAE LLC", ORGANISATION, ALIAS),
    ],
)
def test_a_short_single_word_is_weak(text: str, kind: EntityKind, strength: Strength) -> None:
    assert guess_strength(text, kind) is strength


def test_the_main_name_stands_first_and_none_twice() -> None:
    names = (Name("Zorva Trade"), Name("Zorva"), Name("Zorvania  Trade", PRIMARY), Name("Zorva Trade", WEAK))
    assert collect_names(names, ORGANISATION) == (
        Name("Zorvania Trade", PRIMARY),
        Name("Zorva Trade"),
        Name("Zorva"),
    )


def test_of_two_strengths_of_a_name_the_stronger_counts() -> None:
    assert collect_names((Name("A B", PRIMARY), Name("C D", WEAK), Name("C D")), PERSON)[1] == Name("C D")


def test_without_a_main_name_the_first_is_it() -> None:
    assert collect_names((Name("ZAE", WEAK), Name("Zorva")), ORGANISATION)[0] == Name("ZAE", PRIMARY)


def test_a_second_main_name_is_an_alias() -> None:
    names = collect_names((Name("A B", PRIMARY), Name("C D", PRIMARY)), PERSON)
    assert [name.strength for name in names] == [PRIMARY, ALIAS]


def test_what_has_no_letter_is_no_name() -> None:
    assert collect_names((Name("---", PRIMARY), Name("  "), Name("«»")), PERSON) == ()


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Zorvania Trade (ZTR)", [("Zorvania Trade", ALIAS), ("ZTR", WEAK)]),
        ("Ilo KARVEL (Ило КАРВЕЛ)", [("Ilo KARVEL", ALIAS), ("Ило КАРВЕЛ", ALIAS)]),
        ("(Ilo) KARVEL", [("KARVEL", WEAK), ("Ilo", WEAK)]),
        ("(a note)", []),
        ('"Zorva Works"', []),
    ],
)
def test_a_name_in_brackets_is_a_name_too(text: str, more: list[tuple[str, Strength]]) -> None:
    names = collect_names((Name(text, PRIMARY),), PERSON if "KARVEL" in text else ORGANISATION)
    assert [(name.text, name.strength) for name in names[1:]] == more


def test_quotation_marks_around_a_whole_name_go() -> None:
    assert collect_names((Name("“Zorva Works”"),), ORGANISATION)[0].text == "Zorva Works"
    assert collect_names((Name("OOO “Zorva”"),), ORGANISATION)[0].text == "OOO “Zorva”"


@given(st.lists(st.builds(Name, st.text(max_size=20), st.sampled_from(Strength))))
def test_gathering_what_was_gathered_changes_nothing(names: list[Name]) -> None:
    once = collect_names(names, ORGANISATION)
    assert collect_names(once, ORGANISATION) == once
    assert len({name.text for name in once}) == len(once)
    assert [name.strength for name in once].count(PRIMARY) == bool(once)


def test_surnames_go_to_the_end() -> None:
    assert (
        given_name_first("KARVEL, Ilo Brenn"),
        given_name_first("KARVEL"),
        given_name_first("KARVEL,"),
    ) == (
        "Ilo Brenn KARVEL",
        "KARVEL",
        "KARVEL,",
    )


def test_cells_of_several() -> None:
    assert split_cell(" a; b ;a / c;; d/e") == ("a", "b", "c", "d/e")


def test_kinds_and_dates() -> None:
    assert (kind_of(" Ship "), kind_of(None)) == (EntityKind.VESSEL, EntityKind.OTHER)
    assert parse_date("2022-03-15") == parse_date("15.03.2022", "%Y", "%d.%m.%Y") == date(2022, 3, 15)
    assert parse_date("unknown") is parse_date(None) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Korea, North", "KP"),
        ("Democratic People's Republic of Korea (North Korea)", "KP"),
        ("Korea, South", "KR"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Republic of the Congo", "CG"),
        ("TURKEY", "TR"),
        ("Türkiye", "TR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Bahamas, The", "BS"),
        ("Region: Gaza", "PS"),
        ("ru", "RU"),
        ("UK", "GB"),
        ("el", "GR"),
        ("Zorvania", "Zorvania"),
        ("formerly  Zorvania", "formerly Zorvania"),
    ],
)
def test_countries_are_known_by_the_names_that_lists_use(said: str, code: str) -> None:
    assert code_of(said) == code


def test_codes_stand_once_and_blanks_not_at_all() -> None:
    assert codes_of("Iran", "", None, "ir", "Turkey") == ("IR", "TR")
