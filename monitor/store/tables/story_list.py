"""Tables for the list of stories: a row for each, and the values by which it is found."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, text

from monitor.store.codec import Moment, Words

from .base import POSTGRESQL_WHERE, metadata

#: Neither topic is certain. A query must have the condition in these words, or the index is not used.
POSSIBLE = text("NOT (sanctions OR arms)")

#: One row for each story, by its newest alert; `words` are the folded words of its reports, which have a
#: full-text index (see the migrations).
story_rows = Table(
    "story_rows",
    metadata,
    Column("story", Words, primary_key=True),
    Column("seq", BigInteger, ForeignKey("alerts.seq"), nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("alerts", Integer, nullable=False),
    Column("sanctions", Boolean, nullable=False),
    Column("arms", Boolean, nullable=False),
    Column("answered_at", Moment),
    Column("words", Words, nullable=False),
    Index("story_rows_seq", "seq"),
    Index("story_rows_open", "answered_at", "seq"),
    Index("story_rows_possible", "seq", sqlite_where=POSSIBLE, info={POSTGRESQL_WHERE: POSSIBLE}),
)

#: Entities, feeds, languages, event types and so on of each story.
story_facets = Table(
    "story_facets",
    metadata,
    Column("kind", Words, primary_key=True),
    Column("value", Words, primary_key=True),
    Column("story", Words, primary_key=True),
)
