"""Limit how fast a channel is used: a few messages at once, then one at each interval."""

import asyncio
from dataclasses import dataclass


@dataclass
class RateLimit:
    """A token bucket of `burst` tokens that gains one every `gap_s` seconds of real time."""

    gap_s: float
    burst: int = 3
    _full_at: float = float("-inf")

    async def acquire(self) -> None:
        """Take a token, and wait for it if there is none."""
        now = asyncio.get_running_loop().time()
        self._full_at = max(self._full_at, now) + self.gap_s
        wait = self._full_at - self.gap_s * self.burst - now
        if wait > 0:
            await asyncio.sleep(wait)
