"""Copies of lists made by one process are used by all."""

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.executor import Executor
from monitor.jobs.shared_lists import SharedLists
from monitor.lists.base import SanctionsList
from monitor.lists.cache import ListCache
from monitor.lists.records import ListDocument
from monitor.model import Entity, EntityKind, Name, SharedKind
from monitor.store import SqlStore
from tests.conftest import NOW, FakeClock
from tests.support.policies import job_context

LIST = SanctionsList(
    name="own", title="own list", authority="Newsroom", format="plain", urls=("https://own.example/list",)
)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "ours", tmp_path / "theirs"


def shared(store: SqlStore, db: Executor, clock: FakeClock, folder: Path) -> SharedLists:
    folder.mkdir()
    context = job_context(store, db, clock, lists={"own": LIST}, list_cache=ListCache(folder))
    return SharedLists(context, folder)


def save(folder: Path, text: bytes, name: str) -> str:
    cache = ListCache(folder)
    cache.prepare(LIST)
    entity = Entity(id=f"own:{name}", list="own", kind=EntityKind.OTHER, names=(Name(name),))
    document = ListDocument(url=LIST.urls[0], sha256=sha256(text).hexdigest(), size=len(text), proved_at=NOW)
    return cache.save(LIST, [text], [document], [entity], NOW).version


async def test_a_copy_that_one_process_made_is_fetched_by_another(
    store: SqlStore, db: Executor, clock: FakeClock, places: tuple[Path, Path]
) -> None:
    ours, theirs = (shared(store, db, clock, folder) for folder in places)
    version = save(places[0], b"Acme\n", "acme")
    (places[0] / "names-1.index").write_bytes(b"index")
    assert await ours.publish() == 5
    assert await ours.publish() == 0
    assert not await ours.fetch()
    assert await theirs.fetch()
    assert ListCache(places[1]).record("own").version == version
    assert (places[1] / "own" / version / "0").read_bytes() == b"Acme\n"
    assert (places[1] / "names-1.index").read_bytes() == b"index"
    assert not await theirs.fetch()


async def test_a_newer_copy_replaces_the_one_before(
    store: SqlStore, db: Executor, clock: FakeClock, places: tuple[Path, Path]
) -> None:
    ours, theirs = (shared(store, db, clock, folder) for folder in places)
    older = save(places[0], b"Acme\n", "acme")
    await ours.publish()
    await theirs.fetch()
    newer = save(places[0], b"Bravo\n", "bravo")
    await ours.publish()
    clock.advance(days=2)
    past = (NOW - timedelta(days=3)).timestamp()
    os.utime(places[1] / "own" / older, (past, past))
    assert await theirs.fetch()
    assert ListCache(places[1]).record("own").version == newer
    assert not (places[1] / "own" / older).exists()
    assert {
        name.split("/")[1] for name in store.shared_versions(SharedKind.LISTS) if name.count("/") == 2
    } == {newer}


async def test_a_check_without_a_change_puts_no_other_names_in_force(
    store: SqlStore, db: Executor, clock: FakeClock, places: tuple[Path, Path]
) -> None:
    ours, theirs = (shared(store, db, clock, folder) for folder in places)
    save(places[0], b"Acme\n", "acme")
    await ours.publish()
    await theirs.fetch()
    ListCache(places[0]).record_check("own", NOW + timedelta(hours=1))
    assert await ours.publish() == 1
    assert not await theirs.fetch()
    assert ListCache(places[1]).record("own").checked_at == NOW + timedelta(hours=1)


async def test_a_name_that_leads_out_of_the_folder_is_not_written(
    store: SqlStore, db: Executor, clock: FakeClock, places: tuple[Path, Path]
) -> None:
    theirs = shared(store, db, clock, places[1])
    store.share_file(SharedKind.LISTS, "../outside", "v1", b"text")
    assert not await theirs.fetch()
    assert not (places[1].parent / "outside").exists()
