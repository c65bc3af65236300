"""Copy a whole SQLite database into PostgreSQL, table by table, and compare both.

Rows are copied in the order of their primary key, a batch a transaction, so a copy that was interrupted
continues after the last row that arrived.
Until the end the target is marked as unfinished; no store opens it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, func, insert, inspect, select, text

from monitor.errors import StoreError

from . import tables as t
from .database import Database
from .lock import service_lock
from .migrate import HEAD, UNFINISHED_KEY, create_tables, schema_version
from .table_copy import copy_rows, count_rows, plain_tables, table_hash


@dataclass(frozen=True, slots=True)
class TableCopy:
    """A table after it was copied: its rows, and how many of them were copied this time."""

    table: str
    rows: int
    copied: int


OnTable = Callable[[TableCopy], None]

_TABLES = plain_tables()


def plan_transfer(source: Database, target: Database) -> tuple[TableCopy, ...]:
    """Return for each table how many rows are still to copy; changes nothing.

    Raises:
        StoreError: one of both cannot be used for a transfer; says why, and what helps.
    """
    _check_source(source)
    found = _check_target(source, target)
    with source.read_transaction() as reading, target.read_transaction() as there:
        return tuple(_planned(reading, there if found else None, table) for table in _TABLES)


def transfer(source: Database, target: Database, on_table: OnTable) -> tuple[TableCopy, ...]:
    """Copy what the target lacks, compare every table, and open the target for use.

    Raises:
        StoreError: a service uses one of both, one cannot be used, or they differ after the copy.
    """
    with ExitStack() as stack:
        stack.enter_context(service_lock(source))
        stack.enter_context(service_lock(target))
        _check_source(source)
        _check_target(source, target)
        create_tables(target)
        _mark(target, source)
        done: list[TableCopy] = []
        with source.read_transaction() as reading:
            for table in _TABLES:
                copied = copy_rows(reading, target, table)
                done.append(TableCopy(table.name, count_rows(reading, table), copied))
                on_table(done[-1])
            _compare(reading, target)
            _finish(reading, target)
        return tuple(done)


def _check_source(source: Database) -> None:
    if source.path is None:
        raise StoreError(f"{source.label} is on a server; only a SQLite database can be moved")
    found = schema_version(source) if source.path.exists() else None
    if found != HEAD:
        state = f"has schema {found}, this program {HEAD}" if found else "is not there, or empty"
        raise StoreError(f"{source.label} {state}; run `sanctions-monitor once` first, which updates it")


def _check_target(source: Database, target: Database) -> bool:
    """Return whether the target has tables already: those of an unfinished transfer from this source."""
    if target.path is not None:
        raise StoreError(f"{target.label} is a file; write postgresql://user@host/name")
    with target.read_transaction() as connection:
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise StoreError(f"{target.label} has encoding {encoding}; create it with encoding UTF8")
    found = schema_version(target)
    if found is None:
        return False
    if found != HEAD:
        raise StoreError(f"{target.label} has schema {found}, not {HEAD}; drop it and create it again")
    with target.read_transaction() as connection:
        origin = connection.scalar(select(t.meta.c.value).where(t.meta.c.key == UNFINISHED_KEY))
        if origin is None and any(count_rows(connection, table) for table in _TABLES if table.name != "meta"):
            raise StoreError(f"{target.label} has rows already; name an empty database")
    if origin not in {None, source.label}:
        raise StoreError(f"{target.label} has a part of {origin}; drop it and create it again")
    return True


def _compare(reading: Connection, target: Database) -> None:
    with target.read_transaction() as there:
        for table in _TABLES:
            ours, theirs = table_hash(reading, table), table_hash(there, table)
            if ours != theirs:
                counts = f"{ours.rows} rows here, {theirs.rows} there"
                what = counts if ours.rows != theirs.rows else "rows differ"
                raise StoreError(
                    f"table {table.name!r} is not the same in {target.label}: {what};"
                    " drop that database, create it again, and start anew"
                )


def _planned(reading: Connection, there: Connection | None, table: Table) -> TableCopy:
    rows = count_rows(reading, table)
    present = count_rows(there, table) if there is not None and table.name != "meta" else 0
    return TableCopy(table.name, rows, rows - present)


def _mark(target: Database, source: Database) -> None:
    with target.write_transaction() as connection:
        connection.execute(delete(t.meta).where(t.meta.c.key == UNFINISHED_KEY))
        connection.execute(insert(t.meta).values(key=UNFINISHED_KEY, value=source.label))


def _finish(reading: Connection, target: Database) -> None:
    """Let the target count on from where the source is, and open it for use."""
    with target.write_transaction() as connection:
        for name, number in reading.execute(text("SELECT name, seq FROM sqlite_sequence")).all():
            for column in _serial_columns(connection, name):
                sequence = func.pg_get_serial_sequence(name, column)
                connection.execute(select(func.setval(sequence, max(int(number), 1), number > 0)))
        connection.execute(delete(t.meta).where(t.meta.c.key == UNFINISHED_KEY))


def _serial_columns(connection: Connection, table: str) -> Iterator[str]:
    if table in t.metadata.tables:
        for column in inspect(connection).get_columns(table):
            if "nextval" in str(column.get("default") or "") or column.get("identity"):
                yield column["name"]
