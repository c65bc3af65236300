"""Copy a whole SQLite database into PostgreSQL, table by table, and compare both.

Rows are copied in the order of their primary key, a batch a transaction, so a copy that was interrupted
continues after the last row that arrived.
Until the end the target is marked as unfinished; no store opens it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
)

from monitor.errors import StoreError

from . import tables as t
from .database import Database
from .lock import service_lock
from .migrate import HEAD, UNFINISHED_KEY, create_tables, schema_version

_BATCH_ROWS = 500
_BATCH_BYTES = 8_000_000
_STREAMED = {"yield_per": 100}


@dataclass(frozen=True, slots=True)
class TableHash:
    """How many rows a table has, and the SHA-256 of all their values in order of the primary key."""

    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class TableCopy:
    """A table after it was copied: its rows, and how many of them were copied this time."""

    table: str
    rows: int
    copied: int


OnTable = Callable[[TableCopy], None]


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
                copied = _copy(reading, target, table)
                done.append(TableCopy(table.name, _count(reading, table), copied))
                on_table(done[-1])
            _compare(reading, target)
            _finish(reading, target)
        return tuple(done)


# ---------------------------------------------------------------- checks


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
        if origin is None and any(_count(connection, table) for table in _TABLES if table.name != "meta"):
            raise StoreError(f"{target.label} has rows already; name an empty database")
    if origin not in {None, source.label}:
        raise StoreError(f"{target.label} has a part of {origin}; drop it and create it again")
    return True


def _compare(reading: Connection, target: Database) -> None:
    with target.read_transaction() as there:
        for table in _TABLES:
            ours, theirs = table_hash(reading, table), table_hash(there, table)
            if ours != theirs:
                what = (
                    f"{ours.rows} rows here, {theirs.rows} there"
                    if ours.rows != theirs.rows
                    else "rows differ"
                )
                raise StoreError(
                    f"table {table.name!r} is not the same in {target.label}: {what};"
                    " drop that database, create it again, and start anew"
                )


def table_hash(connection: Connection, table: Table) -> TableHash:
    """Return rows and hash of a table of `plain_tables`; both databases sort its keys byte by byte."""
    hash, rows = sha256(), 0
    for row in connection.execute(_rows_after(table, None), execution_options=_STREAMED):
        rows += 1
        for value in row:
            hash.update(_bytes_of(value))
    return TableHash(rows, hash.hexdigest())


def _bytes_of(value: object) -> bytes:
    """Return the type and the content of a value; no two sequences of values give the same bytes."""
    if value is None:
        return b"-"
    if isinstance(value, bytes | memoryview):
        content = bytes(value)
        return b"b%d:%b" % (len(content), content)
    if isinstance(value, bool | int):
        return b"i%d:" % int(value)
    content = str(value).encode()
    return b"s%d:%b" % (len(content), content)


# ---------------------------------------------------------------- copying


def plain_tables() -> tuple[Table, ...]:
    """Return our tables with the values as they are stored, `meta` last, each after those it refers to."""
    plain = MetaData()
    ordered = [table for table in t.metadata.sorted_tables if table.name != "meta"]
    return tuple(
        Table(table.name, plain, *(_plain(column) for column in table.columns))
        for table in (*ordered, t.meta)
    )


def _plain(column: Column[Any]) -> Column[Any]:
    as_is = isinstance(column.type, LargeBinary | Boolean) or column.type.python_type is int
    return Column(column.name, column.type if as_is else Text(), primary_key=column.primary_key)


def _planned(reading: Connection, there: Connection | None, table: Table) -> TableCopy:
    rows = _count(reading, table)
    present = _count(there, table) if there is not None and table.name != "meta" else 0
    return TableCopy(table.name, rows, rows - present)


def _copy(reading: Connection, target: Database, table: Table) -> int:
    """Copy the rows after the last one that the target has, and return how many."""
    with target.read_transaction() as there:
        last = there.execute(_keys_of_last(table)).first() if table.name != "meta" else None
    copied = 0
    for batch in _batches(reading.execute(_rows_after(table, last), execution_options=_STREAMED)):
        rows = [row._asdict() for row in batch]
        with target.write_transaction() as connection:
            if table.name == "meta":
                connection.execute(delete(table).where(table.c.key != UNFINISHED_KEY))
            connection.execute(insert(table), rows)
        copied += len(rows)
    return copied


def _batches(rows: Any) -> Iterator[Sequence[Row[Any]]]:
    """Yield rows in parts that are small in number and in bytes."""
    batch: list[Row[Any]] = []
    room = _BATCH_BYTES
    for row in rows:
        batch.append(row)
        room -= sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(batch) == _BATCH_ROWS or room <= 0:
            yield batch
            batch, room = [], _BATCH_BYTES
    if batch:
        yield batch


def _rows_after(table: Table, last: Row[Any] | None) -> Select[Any]:
    keys = tuple(table.primary_key.columns)
    query = select(table).order_by(*keys)
    if table.name == "meta":
        query = query.where(table.c.key != UNFINISHED_KEY)
    return query if last is None else query.where(tuple_(*keys) > tuple_(*last))


def _keys_of_last(table: Table) -> Select[Any]:
    keys = tuple(table.primary_key.columns)
    return select(*keys).order_by(*(key.desc() for key in keys)).limit(1)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


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


_TABLES = plain_tables()
