"""Compiled statements that the databases of a process share."""

from contextlib import closing
from pathlib import Path

from monitor.store import open_store
from monitor.store.statements import SQLITE_STATEMENTS
from tests.conftest import NOW, delivery
from tests.support.databases import prepare_database


def use(path: Path) -> list[str]:
    """Store a delivery in a new file, and return the ids that it holds."""
    prepare_database(path)
    with closing(open_store(path, lock=False)) as store:
        store.add_deliveries([delivery(id=path.stem, created_at=NOW)])
        return [each.id for each in store.deliveries()]


def test_a_second_file_compiles_no_statement_again_and_has_its_own_rows(tmp_path: Path) -> None:
    assert use(tmp_path / "first.db") == ["first"]
    kept = len(SQLITE_STATEMENTS)
    assert kept > 0
    assert use(tmp_path / "second.db") == ["second"]
    assert len(SQLITE_STATEMENTS) == kept
