"""The UK list: names in another script."""

import io

from monitor.lists import parse_list
from monitor.model import Entity

HEADER = (
    "Unique ID,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Name non-latin script,"
    "Non-latin script language,Regime Name,Designation Type,Date Designated,Nationality(/ies),Address Country"
)


def entities(*rows: str) -> list[Entity]:
    return list(parse_list("uk", [io.BytesIO("\n".join(("Report Date", HEADER, *rows)).encode())], "uk"))


def test_a_single_word_in_another_script_is_as_weak_as_one_in_latin_letters() -> None:
    (entity,) = entities(
        "Z1,ZORVIN,Ilo,,,,,Primary Name,,Ило,Russian,Zorvania,Individual,,,",
        "Z1,Зорвин,,,,,,Alias,,,,Zorvania,Individual,,,",
        "Z1,Zorvin,,,,,,Alias,,,,Zorvania,Individual,,,",
        "Z1,Зорвин,Ило,,,,,Alias,,王,Chinese,Zorvania,Individual,,,",
    )
    assert [(name.text, name.strength.value) for name in entity.names] == [
        ("Ilo ZORVIN", "primary"),
        ("Ило", "weak"),
        ("Зорвин", "weak"),
        ("Zorvin", "weak"),
        ("Ило Зорвин", "alias"),
        ("王", "weak"),
    ]
