"""Tables by which the processes of a cluster know one another and take turns."""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table

from monitor.model import Lane
from monitor.store.codec import Moment, Stored, Words

from .base import metadata

#: The processes that serve the database, each with the versions that it runs; `seen_at` is its heartbeat, and
#: `lost_at` when another found that it had stopped. Those that end by themselves are removed.
workers = Table(
    "workers",
    metadata,
    Column("id", Words, primary_key=True),
    Column("process", Words, nullable=False),
    Column("runs_jobs", Boolean, nullable=False),
    Column("program", Words, nullable=False),
    Column("config", Words, nullable=False),
    Column("rules", Words, nullable=False),
    Column("lexicon", Words, nullable=False),
    Column("lists", Words, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("lanes", Stored(tuple[Lane, ...]), nullable=False, server_default="[]"),
    Column("lost_at", Moment),
)

#: What only one process does at a time; `epoch` counts the changes of its holder.
leases = Table(
    "leases",
    metadata,
    Column("name", Words, primary_key=True),
    Column("holder", Words, nullable=False),
    Column("until", Moment, nullable=False),
    Column("epoch", Integer, nullable=False),
)

#: When the bucket of messages of each channel is full again.
channel_rates = Table(
    "channel_rates",
    metadata,
    Column("channel", Words, primary_key=True),
    Column("full_at", Moment, nullable=False),
)

#: Files that every process needs and one has made, compressed and in parts; `version` is of their content.
shared_files = Table(
    "shared_files",
    metadata,
    Column("name", Words, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("version", Words, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
