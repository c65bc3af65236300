"""The index of names finds what a plain search finds, and is the same once written and read."""

from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.app.names import word_statistics
from monitor.match.names.building import build
from monitor.match.names.index import (
    MAGIC,
    BrokenIndex,
    NameIndex,
    Party,
    from_buffer,
    packed,
    to_bytes,
    unpacked,
)
from monitor.model import Entity, EntityKind, Name, Strength

KNOWN = word_statistics()
WORDS = "ali hassan karim zubkovsky brigade of the river nile ltd 王 петин"
NAMES = st.lists(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=4).map(" ".join), max_size=12)
TEXTS = st.lists(st.sampled_from(f"{WORDS} other words".split()), max_size=20)


def party(id: int, *names: str, list: str = "test") -> Entity:
    return Entity(
        id=str(id),
        list=list,
        kind=EntityKind.OTHER,
        names=tuple(Name(each, Strength.ALIAS) for each in names),
    )


def data_of(entities: Iterable[Entity]) -> bytes:
    return b"".join(to_bytes("7", build(entities, KNOWN)))


def index_of(*entities: Entity) -> NameIndex:
    return from_buffer(memoryview(data_of(entities)))


def found(index: NameIndex, words: Iterable[str]) -> list[tuple[int, int, list[str]]]:
    tokens = [index.token(word) for word in words]
    return [
        (start, stop, [p.id for p in index.parties_of(name, 99)]) for start, stop, name in index.find(tokens)
    ]


@given(NAMES, TEXTS)
def test_what_is_found_is_what_a_plain_search_finds(names, words):
    index = index_of(*(party(number, name) for number, name in enumerate(names)))
    forms = {}
    for number, name in enumerate(names):
        whole = bare = tuple(name.split())
        while bare and bare[-1] == "ltd":
            bare = bare[:-1]
        while bare and bare[0] == "ltd":
            bare = bare[1:]
        usable = len(bare) > 1 or (bare and len(bare[0]) > 3)
        for form in dict.fromkeys((whole, bare if usable else whole)):
            forms.setdefault(form, set()).add(str(number))
    spans = [(a, b) for a in range(len(words)) for b in range(a + 1, len(words) + 1)]
    wanted = [(a, b, forms[tuple(words[a:b])]) for a, b in spans if tuple(words[a:b]) in forms]
    hits = found(index, words)
    assert [(a, b) for a, b, _ in hits] == [(a, b) for a, b, _ in wanted]
    assert all(set(ids) <= owners and ids for (_, _, ids), (_, _, owners) in zip(hits, wanted, strict=True))


@given(NAMES)
def test_every_word_has_its_id_and_no_other_has_one(names):
    index = index_of(*(party(number, name) for number, name in enumerate(names)))
    used = {word for name in names for word in name.split()}
    assert {word for word in f"{WORDS} other".split() if index.token(word)} == used
    assert sorted(index.token(word) for word in used) == list(range(1, len(used) + 1))


def test_an_index_without_names_finds_nothing():
    index = index_of()
    assert (len(index), found(index, ["ali"])) == (0, [])


def test_the_same_name_leads_to_all_whose_it_is_and_to_the_surest_only():
    index = index_of(
        party(1, "Karim Zubkovsky"),
        party(2, "Karim Zubkovsky", "Zubkovsky"),
        Entity(id="3", list="test", kind=EntityKind.PERSON, names=(Name("Karim Zubkovsky", Strength.WEAK),)),
    )
    assert found(index, ["karim", "zubkovsky"]) == [(0, 2, ["1", "2"]), (1, 2, ["2"])]
    assert len(index) == 2


@example(noise=b"0", at=110)
@given(st.binary(max_size=30), st.integers(0, 400))
def test_a_file_that_is_cut_or_changed_is_refused(noise, at):
    data = data_of([party(1, "Karim Zubkovsky")])
    at = min(at, len(data) - 1)
    changed = data[:at] + noise + data[at + len(noise) :]
    for broken in (data[:at], *([changed] if changed != data else [])):
        try:
            index = from_buffer(memoryview(broken))
        except BrokenIndex:
            continue
        # Only the head's white space and the version are not covered by the check sum.
        assert found(index, ["karim", "zubkovsky"]) == [(0, 2, ["1"])]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no file of names"),
        (MAGIC + b"{}\n", "head cannot be read"),
        (MAGIC + b"nothing\n", "head cannot be read"),
        (MAGIC + b'{"version":"1","order":"middle","check":0,"lengths":[]}\n', "another kind of machine"),
    ],
)
def test_what_is_no_index_is_refused_with_its_reason(data, said):
    with pytest.raises(BrokenIndex, match=said):
        from_buffer(memoryview(data))


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\x1e\x1f", exclude_categories=["Cs"]), min_size=1),
        min_size=4,
        max_size=4,
    ),
    st.lists(st.text("AB", min_size=1)),
)
def test_a_party_is_kept_as_it_is(fields, codes):
    whole = Party(*fields, tuple(codes), tuple(reversed(codes)))
    assert unpacked(packed(whole)) == whole


def test_the_arrays_are_as_large_as_the_file_but_for_its_head():
    data = data_of([party(1, "Karim Zubkovsky")])
    assert 0 < index_of(party(1, "Karim Zubkovsky")).size < len(data)
