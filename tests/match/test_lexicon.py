"""The lexicon: how its mistakes are named, and that the one that ships holds together."""

import re
import tomllib

import pytest

from monitor.errors import ConfigError
from monitor.lists.countries import country_codes
from monitor.match.disambiguate import CUE
from monitor.match.lexicon import KINDS, load, watched
from monitor.model import COUNTRY_ALIASES
from monitor.resources import SEEDS
from tests.match.seeds import LEXICON, SMALL, texts

FILES = texts("lexicon")

#: Concepts that the guards of a clause ask for by name.
ASKED_BY_CODE = {CUE, "negation", "hedge", "unsourced", "retrospective"}


def mistakes(*files: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load({f"{number}.toml": text for number, text in enumerate(files)})
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[concept.x]\nen = ['a*']", "0.toml: concept.x: 'a*': a wildcard needs at least two letters beside it"),
        ("[concept.x]\nen = ['...']", "0.toml: concept.x: '...' begins or ends with a gap"),
        ("[concept.x]\nen = ['—']", "0.toml: concept.x: '—' has no word to look for"),
        ("[concept.x]\nen = ['=']", "0.toml: concept.x: '=' has no word to look for"),
        ("[concept.x]\nxx = ['a']", "0.toml: concept.x: no language xx; known: ISO 639 codes"),
        ("[concept.x]\nen = 'arms'", "0.toml: concept.x: en is a list of texts"),
        ("[concept.x]\nen = [1]", "0.toml: concept.x: en is a list of texts"),
        ("[concept.x]\nen = ['']", "0.toml: concept.x: en is a list of texts"),
        ("[ship.x]\nname = 'X'", "0.toml: ship.x: no kind 'ship'; known: concept, weapon, maker"),
        ("[weapon.x]\nnick = 'X'", "0.toml: weapon.x: no key nick; known: ambiguous, category"),
        ("[weapon.x]\ncategory = 'tank'", "0.toml: weapon.x: no name to look for; give name, names or ambiguous"),
        ("[weapon.x]\nnames = 'Leopard'", "0.toml: weapon.x: names is a list of texts"),
        ("[weapon.x]\nname = 7", "0.toml: weapon.x: name is a text"),
        ("[maker.x]\nname = 'X Y'\ncountries = 'TR'", "0.toml: maker.x: countries is a list of texts"),
        ("weapon = 3", "0.toml: weapon: write a table [weapon.name], not a value"),
        ("[concept]\nen = ['arms']", "0.toml: concept: write a table [concept.name], not a value"),
        ("[[weapon]]\nname = 'X'", "0.toml: weapon: write a table [weapon.name], not a value"),
        ("[concept.x", "0.toml: Expected"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_table(text, says):
    (mistake,) = mistakes(text)
    assert mistake.startswith(says)


def test_every_mistake_of_every_file_is_reported_in_one_error():
    reported = mistakes("[concept.x]\nen = ['a*']\n[ship.y]\nname = 'Y'", "[broken", "[weapon.z]\n", SMALL)
    assert [line.split(": ")[0] for line in reported] == ["0.toml", "0.toml", "1.toml", "2.toml"]


def test_a_concept_grows_over_files_and_languages():
    lexicon = load(
        {"a": "[concept.arms]\nen = ['arms']\nde = ['Waffen']", "b": "[concept.arms]\nen = ['guns']"}
    )
    assert [pattern.elements[0].value for pattern in lexicon.concepts["arms"]] == ["arms", "waffen", "guns"]


def test_a_later_file_replaces_a_thing():
    first, second = "[weapon.x]\nnames = ['Old Name']", "[weapon.x]\nnames = ['New Name']"
    entry = load({"a": first, "b": second}).entries["weapon:x"]
    assert [element.value for element in entry.patterns[0].elements] == ["new", "name"]


def test_a_name_alone_is_looked_for_and_names_replace_it():
    alone = load({"a": "[maker.x]\nname = 'Steel Works'"}).entries["maker:x"]
    named = load({"a": "[maker.x]\nname = 'Steel Works (SW)'\nnames = ['Steel Works']"}).entries["maker:x"]
    assert alone.patterns == named.patterns
    assert named.name == "Steel Works (SW)"


def test_a_country_stands_for_itself():
    assert LEXICON.entries["country:TR"].countries == ("TR",)
    assert LEXICON.entries["programme:us-caatsa"].countries == ()


def test_queries_may_name_concepts_kinds_things_and_what_is_worked_out():
    tags = {"buy", "weapon", "weapon:patriot", "country:TR", "country", "amount", "arms", "listed", "pair"}
    assert tags <= LEXICON.tags
    assert "weapon:patriot?" not in LEXICON.tags


def test_a_watch_list_is_an_entry_by_its_name():
    (entry,) = watched({"clients": ("Acme Shipping", "Borealis")}).values()
    assert (entry.tag, entry.kind, entry.lists, len(entry.patterns)) == (
        "watch:clients",
        "watch",
        (),  # somebody's own list is no sanctions list
        2,
    )


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_ships_loads_alone(name):
    lexicon = load({name: FILES[name]})
    assert lexicon.concepts or lexicon.entries


def test_no_two_files_define_the_same_entry():
    tables = [
        f"{kind}.{id}" for text in FILES.values() for kind, rows in tomllib.loads(text).items() for id in rows
    ]
    assert sorted(tables) == sorted(set(tables))


def test_every_kind_has_its_things():
    lexicon = load(FILES)
    assert {entry.kind for entry in lexicon.entries.values()} == set(KINDS) - {"watch"}


def test_every_concept_is_used_or_says_what_it_is_for():
    rules = "".join(path.read_text("utf-8") for path in (SEEDS / "rules").glob("*.toml"))
    used = set(re.findall(r"@([\w-]+)", rules)) | ASKED_BY_CODE
    concepts = {
        id: row for text in FILES.values() for id, row in tomllib.loads(text).get("concept", {}).items()
    }
    assert [id for id, row in concepts.items() if id not in used and not row.get("note")] == []
    assert set(concepts) >= ASKED_BY_CODE


def test_every_country_of_a_thing_is_one_that_the_lexicon_knows():
    lexicon = load(FILES)
    named = {code for entry in lexicon.entries.values() for code in entry.countries}
    assert {code for code in named if f"country:{code}" not in lexicon.entries} == set()


def test_every_country_has_its_iso_code():
    lexicon = load(FILES)
    codes = {entry.tag.partition(":")[2] for entry in lexicon.entries.values() if entry.kind == "country"}
    assert codes - country_codes() == {"EU", "UN", "NATO"}
    assert not codes & COUNTRY_ALIASES.keys()


def test_an_own_file_may_write_an_alias_of_a_country_code():
    lexicon = load(
        {"own.toml": "[country.UK]\nnames = ['Albion']\n[maker.x]\nname = 'X'\ncountries = ['EL']"}
    )
    assert lexicon.entries["country:GB"].countries == ("GB",)
    assert lexicon.entries["maker:x"].countries == ("GR",)
