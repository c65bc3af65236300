"""The index of listed names in a file: built once, loaded again, rebuilt when stale or damaged."""

from pathlib import Path

import pytest

from monitor.app.names import names_index, word_statistics
from monitor.model import Entity, EntityKind, Name

PARTY = Entity(
    id="1",
    list="sdn",
    kind=EntityKind.PERSON,
    names=(Name("Karim Zubkovsky"),),
    countries=("IQ",),
    programmes=("IRAQ",),
)


def never():
    raise AssertionError("the parties were read again")
    yield


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def finds(names) -> list[tuple[int, int, int]]:
    return list(names.index.find([names.index.token(word) for word in ("a", "karim", "zubkovsky")]))


def test_a_restart_reads_what_was_saved_and_no_list(tmp_path):
    made = names_index([PARTY], "monday", tmp_path / "var")
    again = names_index(never(), "monday", tmp_path / "var")
    assert finds(made) == finds(again) == [(1, 3, 1)]
    assert again.index.parties_of(1, 9) == made.index.parties_of(1, 9)
    assert again.index.version == made.index.version
    assert files(tmp_path / "var") == [f"names-{made.index.version}.index"]


def test_other_lists_make_another_file_and_the_old_index_still_answers(tmp_path):
    before = names_index([PARTY], "monday", tmp_path)
    after = names_index([], "tuesday", tmp_path)
    assert (finds(before), finds(after)) == ([(1, 3, 1)], [])
    assert files(tmp_path) == [f"names-{after.index.version}.index"]


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-8], lambda data: data[:-9] + b"!" + data[-8:]]
)
def test_a_damaged_file_is_reported_and_made_anew(tmp_path, damage):
    names_index([PARTY], "monday", tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    notes: list[str] = []
    assert finds(names_index([PARTY], "monday", tmp_path, notes.append)) == [(1, 3, 1)]
    assert len(notes) == 1
    assert str(path) in notes[0]
    assert "rebuilt" in notes[0]
    assert finds(names_index(never(), "monday", tmp_path, notes.append)) == [(1, 3, 1)]
    assert len(notes) == 1


def test_where_nothing_can_be_saved_the_names_are_kept_in_memory_and_that_is_said(tmp_path):
    (tmp_path / "var").write_text("a file, no folder")
    notes: list[str] = []
    assert finds(names_index([PARTY], "monday", tmp_path / "var", notes.append)) == [(1, 3, 1)]
    assert "kept in memory only" in notes[-1]


def test_the_built_in_statistics_know_everyday_words():
    statistics = word_statistics()
    assert statistics.rank("the") < statistics.rank("minister") < statistics.rank("zubkovsky")
    assert "the" in statistics.everyday
