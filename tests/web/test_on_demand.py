"""An application that its first request makes."""

import asyncio
from typing import Any

import pytest

from monitor.web.on_demand import OnDemand

pytestmark = pytest.mark.anyio


async def test_requests_that_come_together_are_answered_by_one_application() -> None:
    made: list[object] = []
    answered: list[str] = []

    def make() -> Any:
        made.append(object())

        async def application(scope: Any, receive: Any, send: Any) -> None:
            answered.append(scope["path"])

        return application

    late = OnDemand(make)
    assert made == []
    await asyncio.gather(*(late({"path": path}, None, None) for path in ("/", "/stories", "/healthz")))
    assert (len(made), sorted(answered)) == (1, ["/", "/healthz", "/stories"])


async def test_an_application_that_cannot_be_made_is_tried_again_at_the_next_request() -> None:
    tries: list[int] = []

    def make() -> Any:
        tries.append(len(tries))
        raise OSError("a file is missing")

    late = OnDemand(make)
    for _ in range(2):
        with pytest.raises(OSError, match="a file is missing"):
            await late({"path": "/"}, None, None)
    assert tries == [0, 1]
