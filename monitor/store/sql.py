"""The whole store in one SQL database."""

from contextlib import ExitStack
from pathlib import Path

from .archive import SqlArchive
from .base import Store
from .channels import SqlChannels
from .database import Database, database_at
from .digests import SqlDigests
from .fates import SqlFates
from .feeds import SqlFeeds
from .incidents import SqlIncidents
from .lock import service_lock
from .migrate import bring_up_to_date
from .outbox import SqlOutbox
from .pages import SqlPages
from .retention import SqlRetention


class SqlStore(
    SqlFeeds,
    SqlPages,
    SqlOutbox,
    SqlChannels,
    SqlFates,
    SqlDigests,
    SqlIncidents,
    SqlArchive,
    SqlRetention,
):
    """The `Store` of one database: eight parts, each complete in itself, that share only the database."""

    def __init__(self, database: Database, held: ExitStack | None = None) -> None:
        super().__init__(database)
        self._held = held or ExitStack()

    def close(self) -> None:
        self._held.close()


def open_store(url_or_path: str | Path, *, lock: bool) -> SqlStore:
    """Open the database at a path, or at ``postgresql://…``, and create or update its tables.

    With `lock` no other process can take the lock on it until `close`; without, it may be looked at and its
    outbox edited while another serves it.

    Raises:
        StoreError: it cannot be used; says why, and what helps.
    """
    with ExitStack() as held:
        database = database_at(url_or_path)
        held.callback(database.close)
        if lock:
            held.enter_context(service_lock(database))
        bring_up_to_date(database, locked=lock)
        return SqlStore(database, held.pop_all())


_KEEPS_EVERY_PROMISE: type[Store] = SqlStore
