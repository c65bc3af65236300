"""Compiled and pure taggers find the same names at the same offsets."""

import tomllib
from array import array
from collections import Counter
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.names import word_statistics
from monitor.match.names.building import build
from monitor.match.names.index import NameIndex, from_buffer, to_bytes
from monitor.match.names.tagging import Tagger, _Pure
from monitor.model import Entity, EntityKind, Name
from monitor.text import fold, tokenize
from tests.compiled.test_text import HARD

pytestmark = pytest.mark.compiled

TEXTS = tomllib.loads((Path(__file__).parents[1] / "text" / "text.toml").read_text("utf-8"))["same"]

#: Pieces of names and of texts: apostrophes of every use, letters folded to none, one or many bytes, mixed alphabets.
PIECES = (
    "ali hassan karim петр петин 王 明 bank of the nile won't об'єкт l'embargo o'brien dell'oro nile's NİL’S ali＇s "
    "ali's's ali't an't д's é's éé's ﬁne ﷺ ÆGIR Straße ـــ ـs s's ss's аli pаypаl 'ali' ali' ''ali ali'ـ зapa ⓐli "
    "go\u0308rgu\u0308n \u0308n a\u200cb \u0645\u06cc\u200c\u0634\u0648\u062f abcdefgh abcdefghi abcdefghijklmnopq"
).split()
TEXT = st.lists(
    st.sampled_from([*PIECES, ", ", " ", ". ", "'", "’", "s", "S ", "-", "\n", "€", "“", "\u00ad", "\ud800"])
    | HARD,
    max_size=25,
).map("".join)


def index_of(*names: str) -> NameIndex:
    entities = [
        Entity(id=str(number), list="test", kind=EntityKind.PERSON, names=(Name(name),))
        for number, name in enumerate(names)
    ]
    return from_buffer(memoryview(b"".join(to_bytes("7", build(entities, word_statistics())))))


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """Every piece is a name, and so are some pairs of them."""
    pairs = [f"{one} {two}" for one, two in pairwise(PIECES)]
    return Tagger(index_of(*PIECES, *pairs, "Ali Hassan Karim", "x" * 300, "papa zapa paypal"))


def same(tagger: Tagger, raw: str) -> bool:
    return tagger.tag(raw) == tagger.tag_pure(raw)


@given(TEXT)
def test_a_text_has_the_same_names_at_the_same_offsets(tagger: Tagger, raw: str) -> None:
    assert same(tagger, raw)
    assert same(tagger, raw.upper())


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(0, 70))
def test_words_are_found_wherever_they_stand_in_a_long_text(
    tagger: Tagger, pieces: list[str], before: int
) -> None:
    for between in (" ", " – "):
        assert same(tagger, "." * before + between.join(pieces))


def test_known_texts_have_the_same_names() -> None:
    for case in TEXTS:
        tagger = Tagger(index_of(*case["texts"]))
        for raw in case["texts"]:
            assert same(tagger, raw)
            assert same(tagger, f"On Monday, {raw}'s {raw}")


def test_the_news_of_the_labelled_cases_has_the_same_names() -> None:
    news = [
        value
        for path in sorted((Path(__file__).parents[1] / "match").glob("*.toml"))
        for value in strings(tomllib.loads(path.read_text("utf-8")))
    ]
    counts = Counter(word for raw in news for word in tokenize(raw).words)
    tagger = Tagger(index_of(*(word for word, count in counts.items() if count < 9)))
    assert sum(len(tagger.tag(raw)) for raw in news) > 1_000
    for raw in news:
        assert same(tagger, raw)


def strings(value: Any) -> list[str]:
    """Return every text of a table."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def test_code_points_mean_the_same_in_a_word_alone_and_behind_an_apostrophe() -> None:
    tagger = Tagger(index_of("ab", "aab", "b", "a", "zz"))
    # Above are ideographs, tags and what is not assigned; `test_text` reads all of them.
    for first in (*range(0, 0x20000, 64), *range(0x20000, 0x110000, 0x1000)):
        chars = map(chr, range(first, first + 64))
        raw = "".join(f"a{char}b, {char} zz’{char} zz's{char} . " for char in chars)
        assert same(tagger, raw), hex(first)


def test_each_letter_of_the_first_plane_is_folded_alike() -> None:
    letters = [chr(code) for code in range(0x10000) if fold(chr(code)).isalnum()]
    for at in range(0, len(letters), 500):
        some = letters[at : at + 500]
        tagger = Tagger(index_of(*some))
        for char in some:
            assert same(tagger, f"{char} x{char} {char}s")


def test_long_and_empty_texts_are_read_alike(tagger: Tagger) -> None:
    for raw in ("", " ", "'" * 5_000, "x" * 300, "ali " * 20_000, "l'" * 5_000, "ﷺ" * 2_000, "王" * 3_000):
        assert same(tagger, raw)
        assert same(tagger, f"{raw}€")


def test_an_index_without_names_finds_none() -> None:
    assert Tagger(index_of()).tag("Ali’s ali") == []


@given(data=st.data())
def test_a_damaged_index_gives_names_or_an_error_and_nothing_else(
    data: st.DataObject, tagger: Tagger
) -> None:
    numbers = st.integers(0, 12) | st.integers(0, 2**32 - 1)
    damaged = {}
    for section in ("slots", "word_ends", "roots", "firsts", "labels", "names"):
        values = array("I", getattr(tagger.index, section))
        for _ in range(data.draw(st.integers(0, 4))):
            values[data.draw(st.integers(0, len(values) - 1))] = data.draw(numbers)
        shortened = section in {"roots", "firsts", "labels", "names"} and data.draw(st.booleans())
        damaged[section] = values[: data.draw(st.integers(0, len(values)))] if shortened else values
    compiled = import_module("sanctions_monitor_compiled.tagging").Tagger
    try:
        found = compiled(replace(tagger.index, **damaged), _Pure()).tag(" ".join(PIECES))
    except IndexError:
        return
    assert all(0 <= start < stop <= len(" ".join(PIECES)) for start, stop, _ in found)


def test_a_page_of_too_few_code_points_is_refused(tagger: Tagger) -> None:
    compiled = import_module("sanctions_monitor_compiled.tagging").Tagger
    pure = SimpleNamespace(**_Pure()._asdict() | {"page_of": lambda first: ()})
    with pytest.raises(ValueError, match="256 code points"):
        compiled(tagger.index, pure).tag("é")
