"""Looking a name up."""

import pytest

from monitor.lists.find import find, other_scripts
from tests.lists.builders import party

EXPORT = party("1", "Zorvanexport JSC|Зорванэкспорт")
TRADE = party("2", "Société Zorvanexport Trade House")
MAN = party("3", "Ilo Brenn KARVEL|إيلو برين كارفيل")
FUND = party("4", "佐尔瓦尼亚基金会")
ALL = (EXPORT, TRADE, MAN, FUND)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Zorvanexport", ["1", "2"]),
        ("ZORVANEXPORT, OAO", ["1", "2"]),
        ("zorvan", []),
        ("karvel ilo", ["3"]),
        ("Karvel, Ilo Brenn", ["3"]),
        ("Karvel Other", []),
        ("societe zorvanexport", ["2"]),
        ("зорванэкспорт", ["1"]),
        ("كارفيل", ["3"]),
        ("佐尔瓦尼亚", ["4"]),
        ("", []),
        ("—", []),
    ],
)
def test_all_words_in_any_order(name: str, ids: list[str]) -> None:
    assert [found.entity.id for found in find([name], ALL)] == ids


def test_a_legal_form_says_nothing_unless_it_is_all_there_is() -> None:
    assert [found.exact for found in find(["Zorvanexport"], ALL)] == [True, False]
    assert [found.entity.id for found in find(["JSC"], ALL)] == []
    assert [found.entity.id for found in find(["JSC"], [party("9", "JSC")])] == ["9"]


def test_the_matching_names_are_returned() -> None:
    (found,) = find(["зорванэкспорт"], ALL)
    assert [name.text for name in found.names] == ["Зорванэкспорт"]


def test_spellings_in_other_scripts_are_those_of_exact_finds() -> None:
    assert other_scripts(find(["Zorvanexport"], ALL)) == ("Зорванэкспорт",)
    assert other_scripts(find(["зорванэкспорт"], ALL)) == ("Zorvanexport JSC",)
    assert other_scripts(find(["Trade House"], ALL)) == ()


def test_several_spellings_are_looked_for_at_once() -> None:
    assert [found.entity.id for found in find(["karvel", "佐尔瓦尼亚"], ALL)] == ["3", "4"]
