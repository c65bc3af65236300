"""Who runs what when. The engine moves kicks ``(kind, key)``; what is due is written in the store.

A kick only says "look now": its run asks the store what is to be done, so a kick may be lost or repeated
without harm, and the next sweep makes good a lost one. `local` is the engine of one process.

To run on several machines, add another engine over a task queue:

1. A file beside ``local.py``, one class with the methods of `base.Engine`. Keep its promises: one queued and
   one running for each kind and key on all machines together (a queueing lock and a lock, named for kind and
   key), a lane for each kind, a dead worker's run given to another.
2. Ticks may fire on every machine: the sweeps they call are idempotent.
3. Let ``tests/engine/test_local.py`` run on it too.
4. Construct it where ``cli/run.py`` constructs `LocalEngine`. The service and the stories stay as they are.
"""
