"""Compiled and pure spotters find the same patterns and names at the same words."""

import pickle
from array import array
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.names import word_statistics
from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.match.names.building import build
from monitor.match.names.index import NameIndex, from_buffer, to_bytes
from monitor.match.names.resolve import Names
from monitor.match.query.pattern import PERSIAN_ENDINGS
from monitor.match.spotting import Spotter
from monitor.model import Entity, EntityKind, Name
from monitor.text import tokenize

pytestmark = pytest.mark.compiled

ENTITIES = [
    Entity(id=str(number), list="test", kind=EntityKind.PERSON, names=(Name(name),))
    for number, name in enumerate(
        ["Ali Hassan", "Ali Hassan Karim", "Karim", "Пётр Петин", "王 明", "Bank of the Nile"]
    )
]


def compiled_finder(index: NameIndex) -> Any:
    """Return the compiled finder of names; only tests that run import the build, which may be missing."""
    return import_module("sanctions_monitor_compiled.spotting").Finder(index)


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return from_buffer(memoryview(b"".join(to_bytes("7", build(ENTITIES, word_statistics())))))


@pytest.fixture(scope="module")
def spotter(index: NameIndex) -> Spotter:
    """Everything that ships, with a few names."""
    return Spotter(indexes=rulebook(Settings()).engine.spotter.indexes, names=Names(index, word_statistics()))


@pytest.fixture(scope="module")
def words(spotter: Spotter) -> list[str]:
    """Words of the patterns that ship, of names, and others."""
    found = {
        element.value
        for _, pattern in spotter.patterns
        for element in pattern.elements
        if element.kind != "glob"
    }
    names = {word for entity in ENTITIES for name in entity.names for word in name.text.split()}
    return sorted(found | names | PERSIAN_ENDINGS | {"the", "of", "12", "3rd", "В", "制裁", "\ud800", "."})


@given(data=st.data())
def test_a_text_has_the_same_spans(data: st.DataObject, spotter: Spotter, words: list[str]) -> None:
    raw = data.draw(st.lists(st.sampled_from(words), max_size=25).map(" ".join))
    for written in (raw, raw.title(), raw.upper()):
        text = tokenize(written)
        assert spotter.spot("title", text) == spotter.spot_pure("title", text)


def test_patterns_that_ship_are_found_where_they_stand(spotter: Spotter) -> None:
    for _, pattern in spotter.patterns:
        raw = " ".join(
            element.value for element in pattern.elements if element.kind in {"word", "stem", "gap"}
        )
        for written in (raw, raw.capitalize(), f"X {raw.upper()} y"):
            text = tokenize(written)
            assert spotter.spot("title", text) == spotter.spot_pure("title", text)


def test_a_spotter_is_stored_without_its_compiled_part(spotter: Spotter) -> None:
    text = tokenize("Sanctions on Russia")
    bare = replace(spotter, names=None)
    found = bare.spot("title", text)
    assert found
    assert pickle.loads(pickle.dumps(bare)).spot("title", text) == found


@given(data=st.data())
def test_a_damaged_index_gives_names_or_an_error_and_nothing_else(
    data: st.DataObject, index: NameIndex
) -> None:
    numbers = st.integers(0, 12) | st.integers(0, 2**32 - 1)
    damaged = {}
    for section in ("roots", "firsts", "labels", "names"):
        values = array("I", getattr(index, section))
        for _ in range(data.draw(st.integers(0, 4))):
            if values:
                values[data.draw(st.integers(0, len(values) - 1))] = data.draw(numbers)
        damaged[section] = (
            values[: data.draw(st.integers(0, len(values)))] if data.draw(st.booleans()) else values
        )
    tokens = data.draw(st.lists(numbers, max_size=12))
    broken = replace(index, **damaged)
    try:
        found = compiled_finder(broken).find(tokens)
    except IndexError:
        return
    assert found == list(broken.find(tokens))


@given(
    st.lists(st.sampled_from("ali hassan karim петр петин 王 明 bank of the nile other".split()), max_size=12)
)
def test_the_same_names_are_found_in_a_sound_index(index: NameIndex, words: list[str]) -> None:
    tokens = [index.token(word) for word in words]
    assert compiled_finder(index).find(tokens) == list(index.find(tokens))
