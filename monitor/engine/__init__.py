"""Run jobs when they are kicked, and ticks at intervals.

A kick ``(kind, key)`` requests one run of a job. It carries no work: the run reads from the store what is
due, so a kick may be lost or repeated; the next sweep replaces a lost one. `base` is the protocol, `local`
the engine of one process, `cluster` that of several processes on PostgreSQL. Of the queue of the latter,
`queue_schema` makes the tables, and `queue_jobs` reads and writes them, also through an outage.

To add an engine:

1. Write a file beside ``local.py`` with one class that has the methods of `base.Engine`. Keep its promises:
   at most one queued and one running run for each kind and key on all machines, a limit for each kind, the
   runs of a dead worker given to another.
2. Write its tests after ``tests/engine/test_cluster.py``, on the real server.
3. Add it to ``EngineSettings.kind`` in ``config/engine.py`` and construct it in ``app/engines.py``.
"""
