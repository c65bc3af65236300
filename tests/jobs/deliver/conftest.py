"""Fixtures for the tests of delivery: a scripted channel, a job with a real store."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from monitor.channels import OnPhase
from monitor.executor import Executor
from monitor.jobs.deliver import DeliverJob
from monitor.jobs.outgoing import Outgoing
from monitor.model import Delivery
from monitor.store import SqlStore
from tests.conftest import FakeClock, delivery
from tests.support.policies import job_context

FORMS: Mapping[str, str] = {"desk": "mail", "hook": "json", "files": "files"}

Make = Callable[..., DeliverJob]


class ScriptedChannel:
    """A channel that gives scripted answers (an error, an event to wait for, None for success)."""

    def __init__(self, *answers: Exception | asyncio.Event | None, on_phase: bool = True) -> None:
        self.answers, self.on_phase = list(answers), on_phase
        self.sent: list[str] = []

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        if self.on_phase:
            await on_phase("data")
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            await answer.wait()
        self.sent.append(delivery.id)
        return "taken"


@pytest.fixture
def deliver_job(store: SqlStore, db: Executor, clock: FakeClock) -> Make:
    def make(**channels: Any) -> DeliverJob:
        context = job_context(store, db, clock, channels=channels, forms=FORMS)
        return DeliverJob(context=context, outgoing=Outgoing(context))

    return make


def add_deliveries(store: SqlStore, *ids: str, channel: str = "desk") -> None:
    """Owe deliveries of these ids, in this order."""
    store.add_deliveries([delivery(id=id, channel=channel, recipient="a@desk.example") for id in ids])


def load_delivery(store: SqlStore, id: str = "d1") -> Delivery:
    """Return a delivery as it stands."""
    found = store.delivery(id)
    assert found is not None
    return found[0]


async def killed(job: DeliverJob, store: SqlStore, phase: str, channel: str = "desk") -> None:
    """Cancel an attempt at ``d1`` when it has come to `phase`."""
    attempt = asyncio.create_task(job.send_due(channel))
    while (found := store.delivery("d1")) is None or not found[1] or found[1][-1].phase != phase:
        await asyncio.sleep(0)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
