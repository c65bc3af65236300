"""Run jobs when they are kicked, and ticks at intervals.

A kick ``(kind, key)`` requests one run of a job. It carries no work: the run reads from the store what is
due, so a kick may be lost or repeated; the next sweep replaces a lost one. `base` is the protocol, `local`
the engine of one process.

To run on several machines over a task queue:

1. Write a file beside ``local.py`` with one class that has the methods of `base.Engine`. Keep its promises:
   at most one queued and one running run for each kind and key on all machines (a queueing lock and a
   lock, named after kind and key), a limit for each kind, the runs of a dead worker given to another.
2. Run ``tests/engine/test_local.py`` on it too. Ticks may fire on every machine: the sweeps are idempotent.
3. Construct it in ``cli/run.py`` in the place of `LocalEngine`.
4. In ``app/build.py`` open the database without the exclusive lock of one process, and call `store.recover`
   only for leases of workers that are gone: it releases every lease, as is right for a single process.
5. In ``app/service.py`` let the handler of ``poll`` await `finish` after `poll_shard`, so that a shard is not
   given to another worker while polls of it still run.
"""
