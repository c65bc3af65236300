"""What is remembered, and nothing else: feeds, items, alerts, what was told, what is owed, what was sent.

`base` is what the stories ask for, `sql` the one implementation, for SQLite and PostgreSQL: `feeds`,
`outbox`, `digests` and `archive` hold a protocol each, `commit` the one transaction of polling, `tables` the
tables.

To change a table:

1. change it in `tables`;
2. write ``migrations/versions/0006_what_changes.py`` after the pattern of ``0001_begin.py``, and say
   ``HEAD = "0006"`` in `migrate`. SQLite changes a table by remaking it: use ``op.batch_alter_table``, and
   for `items` make the triggers again;
3. ``tests/store/test_migrate.py`` compares what the migrations make with what `tables` says, on both.

To add another SQL database:

1. `database.database_at` knows its URLs and `database._TROUBLES` its errors;
2. `database.insert` has its INSERT … ON CONFLICT, `lookup.newest` its full-text search, `lock.service_lock`
   its exclusive lock, ``migrations/versions`` what only it needs;
3. add it to ``kind``, ``place`` and ``empty_url`` in ``tests/store/conftest.py``: the whole contract then
   runs on it.

To keep it somewhere else altogether: write a class with the methods of `Store`, let `open_store` return it,
and add it to ``kind`` and ``place``.
"""

from monitor.store.protocols.base import Store

from .sql import SqlStore, open_store, open_store_as

__all__ = ["SqlStore", "Store", "open_store", "open_store_as"]
