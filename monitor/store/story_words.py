"""Turn a search for words into a condition on the full-text index of stories."""

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    column,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    true,
)

from monitor.model import WordSearch

from . import tables as t

#: SQLite's full-text index of the words of stories, maintained by triggers; a row has the number `seq`.
_index = table("story_words", column("rowid", Integer), column("story_words", Text))


def has_words(search: WordSearch, *, postgresql: bool) -> ColumnElement[bool]:
    """Return the condition that a story has these words."""
    if not _is_one_expression(search):
        parts = [has_words(part, postgresql=postgresql) for part in search.parts]
        found = (or_(*parts) if search.any else and_(*parts)) if parts else true()
        return not_(found) if search.never else found
    if postgresql:
        simple: ColumnElement[str] = literal_column("'simple'::regconfig")
        vector = func.to_tsvector(simple, t.story_rows.c.words)
        return vector.bool_op("@@")(func.to_tsquery(simple, _tsquery(search)))
    hits = select(_index.c.rowid).where(_index.c.story_words.bool_op("MATCH")(_fts5(search)))
    return t.story_rows.c.seq.in_(hits)


def _is_one_expression(search: WordSearch) -> bool:
    """Say whether the index answers a search at once: it asks for words, and excludes none."""
    if search.never or not (search.words or search.parts):
        return False
    return all(map(_is_one_expression, search.parts))


def _fts5(search: WordSearch) -> str:
    if search.parts:
        return "(" + (" OR " if search.any else " AND ").join(map(_fts5, search.parts)) + ")"
    return f'"{" ".join(map(_bare, search.words))}"' + ("*" if search.open else "")


def _tsquery(search: WordSearch) -> str:
    if search.parts:
        return "(" + (" | " if search.any else " & ").join(map(_tsquery, search.parts)) + ")"
    phrase = [f"'{_bare(word)}'" for word in search.words]
    return "(" + " <-> ".join(phrase) + (":*" if search.open else "") + ")"


def _bare(word: str) -> str:
    """Return a word without the characters that would end it in an expression; if none is left, U+FFFD."""
    return "".join(char for char in word if char not in "\"'\\") or "\ufffd"
