"""Protocols by which the processes of a cluster know one another and take turns."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model import LeaseName, LostWorkers, SharedKind, StuckShard, Worker


class ClusterStore(Protocol):
    """The processes that serve one database, their leases, and what they tell each other."""

    def report_worker(self, worker: Worker) -> None:
        """Add a process, or write what it runs and that it lives."""

    def remove_worker(self, id: str, now: datetime) -> None:
        """Remove a process that ends, end its leases and free the hosts that it had reserved."""

    def workers(self, since: datetime) -> tuple[Worker, ...]:
        """Return the processes seen since then, the oldest first."""

    def known_workers(self) -> tuple[Worker, ...]:
        """Return all processes, those too that were lost within a day, the oldest first."""

    def forget_workers(
        self, since: datetime, now: datetime, uncertain_until: datetime, repeatable: Collection[str] = ()
    ) -> LostWorkers:
        """Mark the processes not seen since then as lost, end their leases, and free the hosts they reserved.

        Release the deliveries of processes that are not known, as `recover` does.
        """

    def stuck_shards(self, since: datetime, now: datetime) -> tuple[StuckShard, ...]:
        """Return the shards with a feed that could have been polled since then, the longest stuck first."""

    def take_lease(self, name: LeaseName, holder: str, now: datetime, until: datetime) -> int | None:
        """Take or renew a lease; return its epoch, or None while another holder has it.

        The epoch grows each time the holder changes, so a holder that was replaced can be refused.
        """

    def end_lease(self, name: LeaseName, holder: str, now: datetime) -> None:
        """End a lease early, if the holder still has it."""

    def take_message_turn(self, channel: str, now: datetime, gap: timedelta, burst: int) -> timedelta:
        """Count a message of a channel in all processes; return how long it must wait.

        A channel sends `burst` messages at once, then one at each `gap`.
        """

    def enrolment(self) -> str:
        """Return the version of the feeds that were enrolled last."""

    def record_enrolment(self, version: str) -> None:
        """Write the version of the feeds that were enrolled."""

    def reload_count(self) -> int:
        """Return how often a reload of all processes was requested."""

    def request_reload(self) -> int:
        """Request a reload of all processes; return the new count."""


class SharedFileStore(Protocol):
    """Files that every process of a cluster needs and one has made, apart for each kind."""

    def shared_versions(self, kind: SharedKind) -> Mapping[str, str]:
        """Return the version of each file by name."""

    def shared_file(self, kind: SharedKind, name: str) -> tuple[str, bytes]:
        """Return the version and the content of a file; ("", b"") if there is none."""

    def share_file(self, kind: SharedKind, name: str, version: str, body: bytes) -> None:
        """Replace a file."""

    def unshare_files(self, kind: SharedKind, names: Collection[str]) -> None:
        """Remove files."""
