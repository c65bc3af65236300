"""Makes the tables in an empty database as they are after all migrations, without running these."""

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert

from . import tables as t
from .database import PRODUCT
from .tables.base import POSTGRESQL_WHERE

VERSION_TABLE = "schema_version"

#: As Alembic makes it, which reads and writes it at migrations.
_version = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)

#: Full-text indexes: the table of each, its column of words, and its key.
_WORDS = (("items", "items_words", "number"), ("story_rows", "story_words", "seq"))

#: The planner finds the right index only if it knows how many rows are owed, which changes within minutes.
_POSTGRESQL = (
    "ALTER TABLE deliveries SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000,"
    " autovacuum_vacuum_scale_factor = 0.02)",
    *(
        f"CREATE INDEX {index} ON {table} USING gin (to_tsvector('simple'::regconfig, words))"
        for table, index, _ in _WORDS
    ),
)


def create(connection: Connection, version: str) -> None:
    """Create all tables, indexes and triggers, and say whose they are and of which version."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        _give_conditions()
    t.metadata.create_all(connection, checkfirst=False)
    for statement in _sqlite() if sqlite else _POSTGRESQL:
        connection.exec_driver_sql(statement)
    connection.execute(insert(t.meta).values(key="product", value=PRODUCT))
    _version.create(connection, checkfirst=False)
    connection.execute(insert(_version).values(version_num=version))


def _give_conditions() -> None:
    """Give indexes their conditions on PostgreSQL."""
    for index in (each for table in t.metadata.tables.values() for each in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.info.get(POSTGRESQL_WHERE)


def _sqlite() -> tuple[str, ...]:
    """Return the statements for indexes of words, which triggers keep in the transaction that changes a row.

    The words are folded and stand between spaces: no tokenizer has to know any script.
    """
    return tuple(statement for each in _WORDS for statement in _index_of_words(*each))


def _index_of_words(table: str, index: str, key: str) -> tuple[str, ...]:
    gone = f"INSERT INTO {index}({index}, rowid, words) VALUES ('delete', old.{key}, old.words);"  # noqa: S608 - our names
    new = f"INSERT INTO {index}(rowid, words) VALUES (new.{key}, new.words);"  # noqa: S608 - our names
    revised = "words" if table == "items" else f"{key}, words"  # the numbers of items never change
    return (
        f"CREATE VIRTUAL TABLE {index}"
        f" USING fts5(words, content='{table}', content_rowid='{key}', tokenize='ascii')",
        f"CREATE TRIGGER {index}_new AFTER INSERT ON {table} BEGIN {new} END",
        f"CREATE TRIGGER {index}_gone AFTER DELETE ON {table} BEGIN {gone} END",
        f"CREATE TRIGGER {index}_revised AFTER UPDATE OF {revised} ON {table} BEGIN {gone} {new} END",
    )
