"""`migrate`: a SQLite database moves to PostgreSQL by one command."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store import open_store
from tests.conftest import delivery
from tests.store.postgres import Databases, postgres
from tests.support.commands import Cli
from tests.support.databases import prepare_database


@pytest.fixture
def url() -> Iterator[str]:
    with postgres() as server:
        databases = Databases(server)
        url = databases.create()
        yield url
        databases.drop(url)


def test_a_database_is_counted_moved_and_used(cli: Cli, tmp_path: Path, url: str) -> None:
    (tmp_path / "config.toml").write_text('database = "monitor.db"\n', "utf-8")
    prepare_database(tmp_path / "monitor.db")
    with closing(open_store(tmp_path / "monitor.db", lock=True)) as store:
        store.add_deliveries([delivery()])
        refused = cli("migrate", "--to", url)
        assert (refused.code, "is served by another sanctions-monitor" in refused.err) == (1, True)
    planned = cli("migrate", "--to", url, "--dry-run")
    assert (planned.code, "2 of 2 rows are to be copied to PostgreSQL" in planned.out) == (0, True)
    done = cli("migrate", "--to", url)
    assert (done.code, "has all 2 rows, compared by hash; set `database`" in done.out) == (0, True)
    (tmp_path / "config.toml").write_text(f'database = "{url}"\n', "utf-8")
    (listed,) = cli("outbox", "list", "--json").data
    assert listed["id"] == delivery().id


def test_a_place_that_is_no_server_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('database = "monitor.db"\n', "utf-8")
    prepare_database(tmp_path / "monitor.db")
    done = cli("migrate", "--to", "other.db")
    assert (done.code, "is a file; write postgresql://user@host/name" in done.err) == (1, True)
    assert not (tmp_path / "other.db").exists()
