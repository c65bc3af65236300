"""A full-text index of the words of stories, and an index of those that are only possible."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: As the index of items: folded words between spaces, kept by triggers in the same transaction.
_SQLITE_WORDS = (
    """CREATE VIRTUAL TABLE story_words
        USING fts5(words, content='story_rows', content_rowid='seq', tokenize='ascii')""",
    """CREATE TRIGGER story_words_new AFTER INSERT ON story_rows BEGIN
        INSERT INTO story_words(rowid, words) VALUES (new.seq, new.words);
    END""",
    """CREATE TRIGGER story_words_gone AFTER DELETE ON story_rows BEGIN
        INSERT INTO story_words(story_words, rowid, words) VALUES ('delete', old.seq, old.words);
    END""",
    """CREATE TRIGGER story_words_revised AFTER UPDATE OF seq, words ON story_rows BEGIN
        INSERT INTO story_words(story_words, rowid, words) VALUES ('delete', old.seq, old.words);
        INSERT INTO story_words(rowid, words) VALUES (new.seq, new.words);
    END""",
    "INSERT INTO story_words(story_words) VALUES ('rebuild')",
)
_POSTGRESQL_WORDS = (
    "CREATE INDEX story_words ON story_rows USING gin (to_tsvector('simple'::regconfig, words))",
)
_POSSIBLE = sa.text("NOT (sanctions OR arms)")


def upgrade() -> None:
    op.create_index(
        "story_rows_possible", "story_rows", ["seq"], sqlite_where=_POSSIBLE, postgresql_where=_POSSIBLE
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_WORDS if sqlite else _POSTGRESQL_WORDS:
        op.execute(statement)
