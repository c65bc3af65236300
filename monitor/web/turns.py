"""Bound the requests that do heavy work at the same time, and those that wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


class Turns:
    """Lets `at_once` requests do one kind of work and `most_waiting` others wait; more are refused."""

    def __init__(self, at_once: int = 1, most_waiting: int = 8) -> None:
        self._most = at_once + most_waiting
        self._places = asyncio.Semaphore(at_once)
        self._count = 0

    def check(self) -> None:
        """Refuse a request that could not even wait.

        Raises:
            HTTPException: 503, too many wait already.
        """
        if self._count >= self._most:
            from fastapi import HTTPException  # noqa: PLC0415  a desk loads it at its first request

            raise HTTPException(
                503, "Too many requests of this kind wait already; try again later.", {"Retry-After": "10"}
            )

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place and keep it until the end of the block.

        Raises:
            HTTPException: 503, too many wait already.
        """
        self.check()
        self._count += 1
        try:
            async with self._places:
                yield
        finally:
            self._count -= 1


@dataclass(slots=True, kw_only=True)
class WorkTurns:
    """The turns of each kind of heavy work, which pages and API share.

    `trials` evaluate queries, `replays` and `explanations` judge items, `list_searches` read sanctions lists
    from their beginning; each keeps a processor busy for seconds. `fetches`, `channel_tests` wait for others.
    """

    trials: Turns = field(default_factory=Turns)
    replays: Turns = field(default_factory=Turns)
    explanations: Turns = field(default_factory=lambda: Turns(at_once=2))
    list_searches: Turns = field(default_factory=Turns)
    fetches: Turns = field(default_factory=Turns)
    channel_tests: Turns = field(default_factory=Turns)
