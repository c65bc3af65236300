"""The metadata of all tables, shared column types, and the table that identifies the database."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

from monitor.store.codec import Stored, Words

metadata = MetaData()

#: Numbers given by the database; SQLite counts only in a column of exactly this type.
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
#: In the `info` of an index: its condition on PostgreSQL. A parameter for it would load that dialect.
POSTGRESQL_WHERE = "postgresql_where"
NAMES = Stored(tuple[str, ...])

#: Facts about the database; `product` distinguishes it from those of other programs.
meta = Table(
    "meta",
    metadata,
    Column("key", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
