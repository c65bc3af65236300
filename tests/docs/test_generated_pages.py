"""The generated pages are not stale, and the configuration reference explains every key."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
REMEDY = "run `make docs`, which writes it again"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return imported("configuration_page")


def imported(name: str) -> ModuleType:
    """Return a script of packaging/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses need it there
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_starter_pack_is_what_the_seeds_say() -> None:
    starter_pack = imported("starter_pack_page")
    current = starter_pack.PAGE.read_text("utf-8")
    assert current == starter_pack.page(current), REMEDY


def test_the_page_is_what_the_settings_classes_and_the_example_say(script: ModuleType) -> None:
    current = script.PAGE.read_text("utf-8")
    assert current == script.page(current), REMEDY


def test_every_key_has_a_meaning_and_an_example(script: ModuleType) -> None:
    lacking = [
        f"{table.header} {row.key}"
        for table, rows in script.all_rows()
        for row in rows
        if not (row.meaning and row.example)
    ]
    assert lacking == [], "show each in config.example.toml as `key = value  # meaning`"


def test_every_table_of_the_example_is_of_a_settings_class(script: ModuleType) -> None:
    shown = [id(each) for table in script.tables() for each in table.shown]
    assert len(shown) == len(set(shown))
    assert all(rows for table, rows in script.all_rows() if table.model.model_fields.keys() - {"type"})


def test_a_comment_that_goes_on_in_the_next_line_is_read_whole_and_a_sign_in_quotes_begins_none(
    script: ModuleType,
) -> None:
    text = '[feeds.a]\nurl = "https://a.example/#top"  # the address,\n                 # whole\n\n             # else\n'
    shown = script.read_example(text)["feeds.a"]
    assert shown.examples == {"url": '"https://a.example/#top"'}
    assert shown.meanings == {"url": "the address, whole"}
