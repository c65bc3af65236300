"""Kinds, dates, cells and countries."""

from datetime import date

import pytest

from monitor.lists.base import kind_of, parse_date, split_cell
from monitor.lists.countries import code_of, codes_of
from monitor.model import EntityKind


def test_a_cell_is_split_at_semicolons_and_spaced_slashes_outside_brackets() -> None:
    assert split_cell(" a; b ;a / c;; d/e") == ("a", "b", "c", "d/e")
    assert split_cell("Zorva (ZA; ZB); Karvel") == ("Zorva (ZA; ZB)", "Karvel")


def test_a_kind_is_read_in_any_case_and_an_unknown_one_is_other() -> None:
    assert (kind_of(" Ship "), kind_of(None)) == (EntityKind.VESSEL, EntityKind.OTHER)


def test_a_date_is_read_in_the_first_format_that_fits() -> None:
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
