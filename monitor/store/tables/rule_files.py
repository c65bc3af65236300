"""The table of the files by which items were judged."""

from sqlalchemy import Column, LargeBinary, Table

from monitor.model import FileRole
from monitor.store.codec import Choice, Moment, Words

from .base import metadata

#: `kind` is ``rules`` or ``lexicon``; `texts` is compressed JSON of all files of a version.
rule_files = Table(
    "rule_files",
    metadata,
    Column("kind", Choice(FileRole), primary_key=True),
    Column("version", Words, primary_key=True),
    Column("stored_at", Moment, nullable=False),
    Column("texts", LargeBinary, nullable=False),
)
