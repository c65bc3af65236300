"""Who runs what when. The engine moves kicks ``(kind, key)``; what is due is written in the store.

A kick may be lost or repeated without harm: the sweep asks the store again. To run on several machines, write
a class with `base.Engine`'s methods over a task queue, keep its promises (one queued and one running for each
kind and key, a dead worker's run given to another), and let ``tests/engine/test_local.py`` run on it too.
"""
