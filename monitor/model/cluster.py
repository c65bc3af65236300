"""The processes of a cluster, and what only one of them does at a time."""

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that serves the database, and what it runs.

    `id` is the name of its leases of deliveries, `process` names it to people. A process that does not run
    jobs serves the desk only. `config` is the hash of its settings without secrets, `rules`, `lexicon` and
    `lists` are the versions by which it judges.
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
