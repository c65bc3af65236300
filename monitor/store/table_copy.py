"""Copy the rows of one table from SQLite to PostgreSQL in batches, and hash the rows of a table."""

from collections.abc import Iterable, Iterator, Sequence
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
    select,
    tuple_,
)

from . import tables as t
from .database import Database
from .migrate import UNFINISHED_KEY

_BATCH_ROWS = 500
_BATCH_BYTES = 8_000_000
_STREAMED = {"yield_per": 100}


@dataclass(frozen=True, slots=True)
class TableHash:
    """How many rows a table has, and the SHA-256 of all their values in order of the primary key."""

    rows: int
    hash: str


def plain_tables() -> tuple[Table, ...]:
    """Return our tables with the values as they are stored, `meta` last, each after those it refers to."""
    plain = MetaData()
    ordered = [table for table in t.metadata.sorted_tables if table.name != "meta"]
    return tuple(
        Table(table.name, plain, *(_plain(column) for column in table.columns))
        for table in (*ordered, t.meta)
    )


def _plain(column: Column[Any]) -> Column[Any]:
    as_is = isinstance(column.type, LargeBinary | Boolean) or column.type.python_type in {int, float}
    return Column(column.name, column.type if as_is else Text(), primary_key=column.primary_key)


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


def copy_rows(reading: Connection, target: Database, table: Table) -> int:
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


def _batches(rows: Iterable[Row[Any]]) -> Iterator[Sequence[Row[Any]]]:
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


def count_rows(connection: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0
