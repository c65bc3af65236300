"""The processes of a cluster as the desk, the metrics and the API show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import StuckShard, Worker, differing_workers, missing_workers
from monitor.store import Store

#: A shard is stuck when a feed of it could have been polled for so long.
STUCK_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The processes that are known, and what is wrong with them.

    `missing` are those that were lost and have no successor, `differing` what a process runs in another
    version than the rest, by its id.
    """

    workers: tuple[Worker, ...]
    missing: tuple[Worker, ...]
    differing: Mapping[str, tuple[str, ...]]
    stuck: tuple[StuckShard, ...]

    @property
    def living(self) -> tuple[Worker, ...]:
        """The processes that are not lost."""
        return tuple(each for each in self.workers if each.lost_at is None)

    @property
    def working(self) -> int:
        """How many processes run jobs."""
        return sum(each.runs_jobs for each in self.living)

    @property
    def is_well(self) -> bool:
        """Say whether there is nothing to look at."""
        return not (self.missing or self.differing or self.stuck)

    def state(self, worker: Worker) -> str:
        """Return in a word how a process is."""
        if worker in self.missing:
            return "missing"
        if worker.lost_at:
            return "replaced"
        return "working" if worker.runs_jobs else "desk only"

    def process_of(self, shard: int) -> str:
        """Return the process that polls a shard now; "" if none does."""
        for worker in self.living:
            for lane in worker.lanes:
                if lane.kind == "poll" and any(run.key == str(shard) for run in lane.runs):
                    return worker.process
        return ""


def cluster_of(store: Store, now: datetime) -> Cluster | None:
    """Return the processes of the cluster; None if one process serves the database."""
    workers = store.known_workers()
    if not workers:
        return None
    return Cluster(
        workers=workers,
        missing=missing_workers(workers),
        differing={each.id: names for each, names in differing_workers(workers)},
        stuck=store.stuck_shards(now - STUCK_AFTER, now),
    )
