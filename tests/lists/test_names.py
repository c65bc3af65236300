"""Names of lists as people write them: names.toml holds what publishers write and the names in it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.lists.names import collect_names, given_name_first, guess_strength
from monitor.model import EntityKind, Name, Strength

PERSON, ORGANISATION = EntityKind.PERSON, EntityKind.ORGANISATION
PRIMARY, ALIAS, WEAK = Strength
CASES = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_names_are_those_that_people_write(case):
    strength = ALIAS if case.get("alias") else PRIMARY
    found = collect_names((Name(case["text"], strength),), EntityKind(case["kind"]))
    written = [f"({name.text})" if name.strength is WEAK else name.text for name in found]
    assert written == case["names"]


@pytest.mark.parametrize(
    ("text", "kind", "strength"),
    [
        ("Karvel", PERSON, WEAK),
        ("Ilo Karvel", PERSON, ALIAS),
        ("Карвел", PERSON, WEAK),
        ("王", PERSON, WEAK),
        ("佐尔瓦尼亚出口", ORGANISATION, ALIAS),
        ("김정은", PERSON, ALIAS),
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
        ("Ilo KARVEL (Ило КАРВЕЛ)", [("Ило КАРВЕЛ", ALIAS)]),
        ("(Ilo) KARVEL", [("KARVEL", WEAK), ("Ilo", WEAK)]),
        ("Zorvania Trade (a note)", []),
        ('"Zorva Works"', []),
    ],
)
def test_a_name_in_brackets_is_a_name_too(text: str, more: list[tuple[str, Strength]]) -> None:
    names = collect_names((Name(text, PRIMARY),), PERSON if "KARVEL" in text else ORGANISATION)
    assert [(name.text, name.strength) for name in names[1:]] == more


def test_quotation_marks_around_a_whole_name_go() -> None:
    assert collect_names((Name("“Zorva Works”"),), ORGANISATION)[0].text == "Zorva Works"
    assert collect_names((Name("OOO “Zorva”"),), ORGANISATION)[0].text == "OOO “Zorva”"


SIGNS = '( ) [ ] ; , . / a.k.a. Russian: or and born b) Ltd Jr Zorva Ilo Ило 佐尔 " “ ”'.split()
TEXTS = st.text(max_size=20) | st.lists(st.sampled_from(SIGNS), max_size=12).map(" ".join)


@given(st.lists(st.builds(Name, TEXTS, st.sampled_from(Strength))), st.sampled_from(EntityKind))
def test_whatever_is_given_there_is_one_main_name_and_none_twice(names: list[Name], kind: EntityKind) -> None:
    found = collect_names(names, kind)
    assert len({name.text for name in found}) == len(found)
    assert [name.strength for name in found].count(PRIMARY) == bool(found)
    assert bool(found) == any(any(map(str.isalnum, name.text)) for name in names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_a_name_that_people_write_stays_as_it_is(case):
    for name in case["names"]:
        text = name[1:-1] if name.startswith("(") else name
        assert collect_names((Name(text, PRIMARY),), EntityKind(case["kind"]))[0].text == text


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


@pytest.mark.parametrize(
    "piece", ["(", "()", "((x)", "a.k.a. ", "A, B, ", "A or B ", "Russian: ", "and its x ", "b) ", "[x] "]
)
def test_a_hostile_text_stays_one_name_or_few(piece: str) -> None:
    text = f"Zorva {piece * 50_000}"
    assert [name.text for name in collect_names((Name(text),), ORGANISATION)] == [" ".join(text.split())]
