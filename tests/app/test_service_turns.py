"""What the service does of itself: reloads in turn, and follows a clock that is set back."""

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from monitor.app.service import Service
from monitor.config import Settings
from monitor.engine.local import LocalEngine
from tests.conftest import FakeClock


class Program:
    """A program whose reload takes until it is let go, and which has nothing to poll or to send."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.let_go = clock, asyncio.Event()
        self.reloads = self.followed = 0
        self.poll = self.fulltext = self.deliver = self
        self.membership = self.shared_lists = None
        self.policy = SimpleNamespace(alerts=SimpleNamespace(feeds={}))

    async def reload(self, settings: Settings) -> None:
        self.reloads += 1
        await self.let_go.wait()

    async def follow_clock_back(self) -> None:
        self.followed += 1

    async def nothing(self) -> tuple[str, ...]:
        return ()

    due_kinds = due_shards = due_channels = resume_channels = nothing


@pytest.fixture
async def program(clock: FakeClock) -> Program:
    return Program(clock)


@pytest.fixture
def service(program: Program, tmp_path: Path) -> Service:
    path = tmp_path / "config.toml"
    path.write_text('[channels.desk]\ntype = "console"\n')
    return Service(app=cast(Any, program), engine=LocalEngine(), config_path=path)


async def test_twelve_requests_to_reload_are_one_reload_that_runs_and_one_that_waits(
    service: Service, program: Program
) -> None:
    service.request_reload()
    while program.reloads == 0:
        await asyncio.sleep(0)
    for _ in range(11):
        service.request_reload()
    program.let_go.set()
    await service.idle()
    assert program.reloads == 2
    service.request_reload()
    await service.idle()
    assert program.reloads == 3


async def test_a_sweep_after_the_clock_was_set_back_makes_due_what_the_old_clock_put_off(
    service: Service, program: Program, clock: FakeClock
) -> None:
    await service.sweep()
    clock.advance(seconds=-10)
    await service.sweep()
    assert program.followed == 0  # the time service corrects a few seconds all the time
    clock.now -= timedelta(hours=2)
    with capture_logs() as logs:
        await service.sweep()
    assert program.followed == 1
    assert [(each["event"], each["seconds"]) for each in logs] == [("clock_set_back", 7200)]
    await service.sweep()
    assert program.followed == 1
