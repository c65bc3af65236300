"""What a round of polls did, in numbers."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollCounts:
    """The result of a round of polls."""

    polled: int = 0
    failed: int = 0
    items: int = 0
    alerts: int = 0

    def __add__(self, other: "PollCounts") -> "PollCounts":
        return PollCounts(
            polled=self.polled + other.polled,
            failed=self.failed + other.failed,
            items=self.items + other.items,
            alerts=self.alerts + other.alerts,
        )


def counts_of(done: Iterable[asyncio.Task[PollCounts]]) -> PollCounts:
    """Return the sum of polls that have ended, or raise the first of their errors."""
    ended = tuple(done)
    errors = [error for task in ended if (error := task.exception())]  # asyncio logs those nobody asks for
    if errors:
        raise errors[0]
    return sum((task.result() for task in ended), PollCounts())
