"""Fixtures of the jobs: a real store and the thread that works for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.executor import Executor
from monitor.store import SqlStore, open_store
from tests.support.databases import prepare_database


@pytest.fixture
def db() -> Iterator[Executor]:
    db = Executor("store")
    yield db
    db.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    prepare_database(tmp_path / "m.db")
    store = open_store(str(tmp_path / "m.db"), lock=False)
    yield store
    store.close()
