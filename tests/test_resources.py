"""Everything that the program keeps is readable by its owner only."""

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.app.names import names_index
from monitor.channels import FileSettings, Tools
from monitor.lists.cache import ListCache
from monitor.resources import make_private_file, make_private_folder, private, raise_open_files
from monitor.store import open_store
from tests.conftest import NOW, delivery


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Let everybody read what does not say otherwise."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> set[str]:
    """Return the modes of all files and folders in a folder."""
    return {f"{path.stat().st_mode & 0o777:o}" for path in folder.rglob("*")}


async def nothing(phase: object) -> None:
    pass


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    assert modes(tmp_path) == {"700"}


def test_what_exists_keeps_its_mode_and_content(tmp_path: Path) -> None:
    folder, file = tmp_path / "shared", tmp_path / "shared" / "file"
    folder.mkdir(mode=0o750)
    file.write_text("kept")
    make_private_folder(folder)
    make_private_file(file)
    with open(file, "a", opener=private) as stream:
        stream.write(" too")
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o750, 0o644)
    assert file.read_text() == "kept too"


async def test_messages_in_files(tmp_path: Path) -> None:
    channel = FileSettings(path=tmp_path / "var" / "outbox").build(Tools(http=None))  # type: ignore[arg-type]
    await channel.send(delivery(), nothing)
    assert modes(tmp_path / "var") == {"700", "600"}


def test_the_database_and_the_files_beside_it(tmp_path: Path) -> None:
    store = open_store(tmp_path / "var" / "m.db", lock=True)
    store.add_deliveries([delivery()])
    with closing(sqlite3.connect(tmp_path / "var" / "m.db")) as other:
        other.execute("SELECT count(*) FROM deliveries").fetchone()
        assert {path.name for path in (tmp_path / "var").iterdir()} >= {"m.db", "m.db-wal", "m.db-shm"}
        assert modes(tmp_path) == {"700", "600"}
    store.close()


def test_an_empty_database_file_that_others_can_read_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "m.db").touch(0o640)
    open_store(tmp_path / "m.db", lock=False).close()
    assert (tmp_path / "m.db").stat().st_mode & 0o777 == 0o640


def test_the_names_of_the_lists(tmp_path: Path) -> None:
    names_index([], "monday", tmp_path / "var")
    assert modes(tmp_path) == {"700", "600"}


def test_the_copies_of_the_lists(tmp_path: Path) -> None:
    ListCache(tmp_path / "lists").record_check("own", NOW, problem="none")
    assert modes(tmp_path) == {"700", "600"}


def test_a_process_may_open_more_files_as_far_as_the_system_allows() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        assert raise_open_files(300) == 300
        assert raise_open_files(100) == 300
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (300, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
