"""Examine a cluster: lost processes, and processes that run other files than this installation."""

from collections.abc import Iterator, Mapping
from contextlib import closing

from monitor.app.members import version_of
from monitor.app.rulebook import rulebook
from monitor.jobs.membership import SAME_FILES
from monitor.model import Worker, missing_workers
from monitor.store import open_store

from .base import Examination, Finding, ok, warn
from .database import is_usable

_START = "look for the reason in its log, and start `sanctions-monitor worker` again"


def examine_cluster(examination: Examination) -> Iterator[Finding]:
    """Yield what is wrong with the processes that serve the database."""
    settings = examination.settings
    if not is_usable(settings.database):
        return
    with closing(open_store(settings.database, lock=False)) as store:
        workers = store.known_workers()
    yield from compare(workers, {**rulebook(settings).engine.versions, "config": version_of(settings)})


def compare(workers: tuple[Worker, ...], own: Mapping[str, str]) -> Iterator[Finding]:
    """Yield which processes are lost, and which run another version of something than the `own` one."""
    living = tuple(each for each in workers if each.lost_at is None)
    working = sum(each.runs_jobs for each in living)
    if working:
        yield ok(f"{working} processes work")
    else:
        yield warn("no process works", "engine.kind", "start `sanctions-monitor worker`")
    for each in missing_workers(workers):
        yield warn(f"lost since {each.seen_at:%Y-%m-%d %H:%M} UTC, with no successor", each.process, _START)
    for each in living:
        for name, version in sorted(own.items()):
            if getattr(each, name) != version:
                theirs = getattr(each, name) or "none"
                what = f"runs {name} {theirs}, this installation has {version or 'none'}"
                yield warn(what, each.process, SAME_FILES)
