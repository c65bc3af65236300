"""The job manager of a cluster's queue, which goes on through an outage of the database.

That of Procrastinate ends a worker when a statement fails, and leaves a run whose end could not be written
running forever. Its key is locked then, while the process that had run it lives.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import structlog
from procrastinate import exceptions
from procrastinate.connector import BaseAsyncConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback

from monitor.errors import StoreError

log = structlog.get_logger()

#: How soon what failed in an outage is tried again.
RETRY_S = 1.0

#: Ends a run, unless it was given to another worker meanwhile.
_END = """
SELECT procrastinate_finish_job_v1(id, %(status)s::procrastinate_job_status, %(delete_job)s)
FROM procrastinate_jobs
WHERE id = %(job_id)s AND status = 'doing' AND worker_id IS NOT DISTINCT FROM %(worker_id)s
"""


@dataclass(frozen=True, slots=True)
class _EndedRun:
    """A run that has ended, which the queue does not know yet."""

    job: Job
    status: Status
    delete_job: bool


class QueueJobs(JobManager):
    """Reads and writes the runs of the queue. In an outage no run is found, and ends are written later."""

    def __init__(self, connector: BaseAsyncConnector) -> None:
        super().__init__(connector)
        self._ended: list[_EndedRun] = []
        self._is_out = False

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Return the next run of a lane, which is its own then; None if there is none."""
        try:
            job = await super().fetch_job(queues=queues, worker_id=worker_id)
        except exceptions.ConnectorException as error:
            if not _is_outage(error):
                raise  # such as that of a lane that was thought lost: it begins again
            self._outage_begins(error)
            return None
        self._outage_ends()
        return job

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End a run, or let `finish_late` do so if that fails."""
        ended = _EndedRun(job, status, delete_job)
        try:
            await self._end(ended)
        except exceptions.ConnectorException as error:
            self._outage_begins(error)
            self._ended.append(ended)

    async def finish_late(self) -> None:
        """End the runs whose end could not be written before."""
        while self._ended:
            try:
                await self._end(self._ended[0])
            except exceptions.ConnectorException:
                return
            job = self._ended.pop(0).job
            log.info("engine_run_ended_late", kind=job.queue, key=job.task_kwargs.get("key"))

    async def update_heartbeat(self, worker_id: int) -> None:
        """Report that a lane works."""
        try:
            await super().update_heartbeat(worker_id)
        except exceptions.ConnectorException as error:
            self._outage_begins(error)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Call `on_notification` for each new kick, until cancelled."""
        while True:
            listening = asyncio.create_task(
                super().listen_for_jobs(on_notification=on_notification, queues=queues)
            )
            try:
                await asyncio.wait([listening])
            finally:
                await _cancelled(listening)
            error = listening.exception()
            if isinstance(error, exceptions.ConnectorException):
                self._outage_begins(error)
            await asyncio.sleep(RETRY_S)

    async def _end(self, ended: _EndedRun) -> None:
        job = ended.job
        await self.connector.execute_query_async(
            _END,
            job_id=job.id,
            worker_id=job.worker_id,
            status=ended.status.value,
            delete_job=ended.delete_job,
        )

    def _outage_begins(self, error: exceptions.ConnectorException) -> None:
        if not self._is_out:
            log.warning("queue_lost", reason=reason_of(error))
        self._is_out = True

    def _outage_ends(self) -> None:
        if self._is_out:
            log.info("queue_found")
        self._is_out = False


@contextmanager
def queue_errors() -> Iterator[None]:
    """Translate errors of the queue.

    Raises:
        StoreError: the queue cannot be used; says why.
    """
    try:
        yield
    except exceptions.ConnectorException as error:
        raise StoreError(f"the queue of the cluster cannot be used: {reason_of(error)}") from error


def reason_of(error: exceptions.ProcrastinateException) -> str:
    """Return in words why a statement failed."""
    return str(error.__cause__ or error).strip()


def _is_outage(error: exceptions.ConnectorException) -> bool:
    """Say whether the database did not answer, rather than refuse."""
    return isinstance(error.__cause__, psycopg.OperationalError)


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended: in Python 3.11 a wait for the database may swallow that."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=RETRY_S)
