"""Cancel several tasks at once."""

import asyncio
from collections.abc import Iterable
from typing import Any


async def cancel_all(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until each has ended, however it ends."""
    several = tuple(tasks)
    for task in several:
        task.cancel()
    await asyncio.gather(*several, return_exceptions=True)
