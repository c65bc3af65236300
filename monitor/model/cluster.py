"""The processes of a cluster, and what only one of them does at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ClusterRole(StrEnum):
    """What a process of a cluster does."""

    ALL = "all"
    DESK = "desk"
    WORKER = "worker"


class LeaseName(StrEnum):
    """What only one process of a cluster does at a time."""

    #: Calls what is due at intervals for all processes.
    TICKS = "ticks"

    #: Groups reports into stories and raises alerts.
    STORIES = "stories"


class SharedKind(StrEnum):
    """What a file is that every process of a cluster needs."""

    LISTS = "lists"
    RULES = "rules"
    LEXICON = "lexicon"
    SCORING = "scoring"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How often a process reports that it lives, and after how long a silence it is lost.

    What a lost process did is taken over within `lease`, which is that silence and the time until another
    process finds out.
    """

    lease: timedelta

    @property
    def beat_s(self) -> float:
        """The seconds between two reports."""
        return self.lease.total_seconds() / 12

    @property
    def limit(self) -> timedelta:
        """The longest silence of a process that is not lost."""
        return self.lease * 2 / 3

    @property
    def limit_s(self) -> float:
        """The same in seconds."""
        return self.limit.total_seconds()


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a job that goes on: the key of its kind, such as a shard, and when it began."""

    key: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """The runs of a kind of job in a process, at most `limit` at once."""

    kind: str
    limit: int
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that serves the database, and what it runs.

    `id` is the name of its leases of deliveries, `process` names it to people. A process that does not run
    jobs serves the desk only. `config` is the hash of its settings without secrets, `rules`, `lexicon` and
    `lists` are the versions by which it judges. A process that ended without leaving is lost since `lost_at`.
    """

    id: str
    process: str
    runs_jobs: bool
    program: str
    config: str
    rules: str
    lexicon: str
    lists: str
    started_at: datetime
    seen_at: datetime
    lanes: tuple[Lane, ...] = ()
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LostWorkers:
    """The processes that were found lost, and how many deliveries were released."""

    processes: tuple[str, ...]
    deliveries: int


@dataclass(frozen=True, slots=True)
class StuckShard:
    """A shard whose due feeds are not polled; the first of them could have been polled `since` then."""

    shard: int
    feeds: int
    since: datetime


#: What all processes of a cluster should have in common; fields of `Worker`.
VERSIONS = ("config", "rules", "lexicon", "lists")


def missing_workers(workers: Iterable[Worker]) -> tuple[Worker, ...]:
    """Return the lost processes in whose place none of the same kind was started, the longest lost first."""
    known = tuple(workers)
    starts = sorted((each for each in known if each.lost_at is None), key=lambda each: each.started_at)
    missing = []
    for lost in sorted((each for each in known if each.lost_at), key=lambda each: each.seen_at):
        same_kind = (each for each in starts if each.runs_jobs == lost.runs_jobs)
        if successor := next((each for each in same_kind if each.started_at > lost.seen_at), None):
            starts.remove(successor)
        else:
            missing.append(lost)
    return tuple(missing)


def differing_workers(workers: Iterable[Worker]) -> tuple[tuple[Worker, tuple[str, ...]], ...]:
    """Return the processes that run other versions than most, with the names of what differs.

    They are compared with a process that serves the desk alone, or else with what most run.
    """
    known = tuple(each for each in workers if each.lost_at is None)
    desks = tuple(each for each in known if not each.runs_jobs)
    usual = {name: _most_common([getattr(each, name) for each in desks or known]) for name in VERSIONS}
    differing = []
    for each in known:
        names = tuple(name for name in VERSIONS if getattr(each, name) != usual[name])
        if names:
            differing.append((each, names))
    return tuple(differing)


def _most_common(versions: Sequence[str]) -> str:
    return max(versions, key=versions.count, default="")
