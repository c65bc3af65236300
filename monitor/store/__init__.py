"""The store: feeds, items, alerts, stories, deliveries, digests and what people did, in one SQL database.

`protocols` says what the store promises, a protocol per subject: `FeedStore`, `PollStore`, `ArticleStore`,
`Outbox`, `DeliveryStore`, `StormStore`, `OverdueStore`, `ChannelStore`, `CanaryStore`, `DigestStore`,
`DigestContentStore`, `HealthStore`, `Archive`, `EvidenceStore`, `RetentionStore`, `PreferenceStore`,
`ActionStore`, `UserStore`, `TokenStore`, `DeskStore`, `StoryChangeStore`, `StoryListStore`,
`FeedDayStore`, `HubStore`, `PastDigestStore`, `PollLogStore`, `ListPageStore`, `FigureStore`,
`ExportStore`, `ErasureStore`, `ClusterStore`, `SharedFileStore`, and `Store` for all of them. `sql` is the
one implementation, for SQLite and PostgreSQL: a module beside it per subject, `commit` for the transaction of
polling, `tables` for the tables. `backup` copies a SQLite database, `transfer` moves one to PostgreSQL.

To change a table:

1. change it in `tables`;
2. write ``migrations/versions/NNNN_what_changes.py`` with the next number, after the pattern of
   ``0001_begin.py``, and set `migrate.HEAD` to that number. SQLite changes a table by remaking it: use
   ``op.batch_alter_table``, and for `items` create the triggers again;
3. ``tests/store/test_migrate.py`` compares the tables that the migrations make with `tables`, and with what
   `empty_database` makes at once in an empty database, on both databases.

To add another SQL database:

1. `database.database_at` knows its URLs and `database._CAUSES` its errors;
2. `database.insert` has its INSERT … ON CONFLICT, `lookup.newest_items` its full-text search,
   `lock.service_lock` its exclusive lock, `empty_database` and
   ``migrations/versions`` what only it needs;
3. add it to ``kind``, ``place`` and ``empty_url`` in ``tests/store/conftest.py``: the contract tests then run
   on it.

To store everything elsewhere: write a class with the methods of `Store`, let `open_store` return it, and add
it to ``kind`` and ``place``.
"""

from monitor.store.protocols import Store

from .sql import NEW_DATABASE, SqlStore, open_cluster_store, open_store, open_store_as

__all__ = ["NEW_DATABASE", "SqlStore", "Store", "open_cluster_store", "open_store", "open_store_as"]
