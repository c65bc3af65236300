"""The whole store in one SQL database."""

from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from monitor.store.protocols import Store

from .actions import SqlActions
from .archive import SqlArchive
from .articles import SqlArticles
from .channels import SqlChannels
from .cluster import SqlCluster
from .database import Database, database_at, database_for_reading
from .deadlines import SqlDeadlines
from .deals import SqlDeals
from .desk import SqlDesk
from .digests import SqlDigests
from .due_work import SqlDueWork
from .erasure import SqlErasure
from .export import SqlExport
from .feed_days import SqlFeedDays
from .feeds import SqlFeeds
from .figures import SqlFigures
from .history import SqlHistory
from .incidents import SqlIncidents
from .list_pages import SqlListPages
from .lock import MIGRATION_WAIT_MS, cluster_lock, service_lock
from .migrate import bring_up_to_date
from .outbox import SqlOutbox
from .overdue import SqlOverdue
from .past_digests import SqlPastDigests
from .poll_log import SqlPollLog
from .retention import SqlRetention
from .rule_files import SqlEvidence
from .shared_files import SqlSharedFiles
from .silences import SqlSilences
from .storms import SqlStorms
from .story_changes import SqlStoryChanges
from .story_list import SqlStoryList
from .tokens import SqlTokens
from .users import SqlUsers
from .websub import SqlHubs
from .word_index import SqlWordIndex

#: Reported to the operator when a path is wrong or a file was emptied.
NEW_DATABASE = "new database made: there was none, or an empty one"


class SqlStore(
    SqlDueWork,
    SqlFeeds,
    SqlArticles,
    SqlOutbox,
    SqlChannels,
    SqlOverdue,
    SqlStorms,
    SqlSilences,
    SqlDigests,
    SqlHistory,
    SqlIncidents,
    SqlArchive,
    SqlEvidence,
    SqlRetention,
    SqlActions,
    SqlDeadlines,
    SqlDeals,
    SqlUsers,
    SqlTokens,
    SqlDesk,
    SqlStoryChanges,
    SqlStoryList,
    SqlFeedDays,
    SqlHubs,
    SqlPastDigests,
    SqlPollLog,
    SqlListPages,
    SqlFigures,
    SqlWordIndex,
    SqlExport,
    SqlErasure,
    SqlCluster,
    SqlSharedFiles,
):
    """The `Store` of one database: parts, each complete in itself, that share only the database.

    `is_new` is set if opening it has created its tables: the file was missing or empty.
    """

    is_new = False

    def __init__(self, database: Database, resources: ExitStack | None = None) -> None:
        super().__init__(database)
        self._resources = resources or ExitStack()

    def for_reading(self) -> "SqlStore":
        resources = ExitStack()
        database = database_for_reading(self.database)
        resources.callback(database.close)
        return SqlStore(database, resources)

    def close(self) -> None:
        self._resources.close()


S = TypeVar("S", bound=SqlStore)


def open_store_as(made: type[S], url_or_path: str | Path, *, lock: bool) -> S:
    """Open the database at a path, or at ``postgresql://…``, and create or update its tables.

    With `lock` no other process can take the lock on it until `close`; without, it may be looked at and its
    outbox edited while another serves it.

    Raises:
        StoreError: it cannot be used; says why, and what helps.
    """
    with ExitStack() as resources:
        database = database_at(url_or_path)
        resources.callback(database.close)
        if lock:
            resources.enter_context(service_lock(database))
        is_new = bring_up_to_date(database, locked=lock)
        store = made(database, resources.pop_all())
        store.is_new = is_new
        return store


def open_cluster_store(url: str) -> SqlStore:
    """Open a database on a server that several processes serve, and create or update its tables.

    Tables are updated only while no process serves the database.

    Raises:
        StoreError: it cannot be used, or a service that is no member of a cluster serves it.
    """
    with ExitStack() as resources:
        database = database_at(url)
        resources.callback(database.close)
        is_new = bring_up_to_date(database, locked=False, wait_ms=MIGRATION_WAIT_MS)
        resources.enter_context(cluster_lock(database))
        bring_up_to_date(database, locked=False)  # a newer program may have changed the tables meanwhile
        store = SqlStore(database, resources.pop_all())
        store.is_new = is_new
        return store


def open_store(url_or_path: str | Path, *, lock: bool) -> SqlStore:
    """Open a database as `open_store_as` does, as a plain store."""
    return open_store_as(SqlStore, url_or_path, lock=lock)


_IMPLEMENTATION: type[Store] = SqlStore
