"""Compiled and pure functions build the same file of names, byte for byte."""

import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.names import word_statistics
from monitor.match.names.building import build, build_pure
from monitor.match.names.forms import LONGEST, PATRONYMICS
from monitor.match.names.index import to_bytes
from monitor.model import Entity, EntityKind, Name, Strength

pytestmark = pytest.mark.compiled

KNOWN = word_statistics()

#: Words of every kind that a form or a grade asks about, in capitals or not.
WORDS = (
    "Ali Hassan KARIM Zubkovsky Brigade of the River nile 12 3rd x A.B Al-Qa'ida Qa`ida O’Brien 王 明王 石油公司 Пётр "
    "Петрович ПЕТИН Ivan Ivanovich ovich Xovich Ivanovna Hаssan ООО Ltd. LLC JSC MV MT tanker Monday january ﷺ ـ Straße"
).split()
TEXT = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join) | st.text(
    st.sampled_from(string.ascii_letters + " '`-.’é王П\u200d\ud800"), max_size=12
)
NAME = st.builds(Name, TEXT, st.sampled_from(Strength))
ENTITY = st.builds(
    Entity,
    id=st.text(max_size=3),
    list=st.sampled_from(["ofac", "watch:suppliers", "\ud800"]),
    kind=st.sampled_from(EntityKind),
    names=st.lists(NAME, min_size=1, max_size=5).map(tuple),
    countries=st.lists(st.sampled_from(["RU", "IR"]), max_size=2).map(tuple),
    programmes=st.lists(st.sampled_from(["SDGT", "é"]), max_size=2).map(tuple),
)


def is_same(entities: list[Entity]) -> bool:
    compiled, pure = build(iter(entities), KNOWN), build_pure(iter(entities), KNOWN)
    return b"".join(to_bytes("7", compiled)) == b"".join(to_bytes("7", pure))


def people(*names: str, kind: EntityKind = EntityKind.PERSON) -> list[Entity]:
    return [
        Entity(id=str(number), list="test", kind=kind, names=(Name(name),))
        for number, name in enumerate(names)
    ]


@given(st.lists(ENTITY, max_size=12))
def test_the_same_entities_give_the_same_file(entities: list[Entity]) -> None:
    assert is_same(entities)


@given(st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=6).map(" ".join), max_size=60))
def test_many_names_of_the_same_words_are_sorted_alike(names: list[str]) -> None:
    assert is_same(people(*names))


def test_no_entity_gives_the_file_of_no_name() -> None:
    assert is_same([])
    assert is_same(people("", "' `", "..."))


def test_a_word_of_very_many_names_is_shared() -> None:
    assert is_same(people(*(f"Abdulrahman Zubk{number}" for number in range(70)), "Abdulrahman Abdulrahman"))


def test_names_with_every_ending_of_a_patronymic_are_shortened_alike() -> None:
    for ending in PATRONYMICS:
        assert is_same(people(*(f"Ivan {start}{ending} Petin" for start in ("", "a", "ab", "abc"))))
        assert is_same(people(f"Ivan Petin Ab{ending}", f"Ab{ending} Ab{ending} Ab{ending}"))


def test_names_of_more_words_than_are_indexed_are_read_alike() -> None:
    for kind in EntityKind:
        for count in range(LONGEST - 1, LONGEST + 3):
            assert is_same(
                people(" ".join(["Word"] * count), " ".join(["Ltd"] * 2 + ["Firm"] * count), kind=kind)
            )


def test_a_party_of_very_many_names_has_each_once() -> None:
    names = tuple(Name(f"Name {number % 150}") for number in range(300))
    assert is_same([Entity(id="1", list="test", kind=EntityKind.OTHER, names=names)])


def test_thousands_of_made_up_names_give_the_same_file() -> None:
    assert is_same(people(*made_up(5_000)))


def made_up(count: int) -> Iterator[str]:
    parts = ("al", "ba", "Ce", "DI", "du", "ovich", "é", "П")
    for number in range(count):
        digits = f"{number:06o}"
        yield "".join(parts[int(digit)] + " " * (place % 3 == 1) for place, digit in enumerate(digits))
