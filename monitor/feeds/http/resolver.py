"""Check every name that aiohttp resolves: its hook for resolvers, under the guard."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from .guard import Forbidden, Guard, forbidden


class GuardedResolver(AbstractResolver):
    """Resolves names and drops every address that may not be reached.

    Connections go to exactly the addresses returned here, so a name that resolves differently after the check
    gains nothing.
    """

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard = guard
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host` that may be reached.

        Raises:
            Forbidden: all of its addresses are refused.
            OSError: the name does not resolve.
        """
        found = await self._inner.resolve(host, port, family)
        if self._guard.allows(host, port):
            return found
        reasons = {result["host"]: forbidden(result["host"]) for result in found}
        reachable = [result for result in found if not reasons[result["host"]]]
        if not reachable and found:
            address, why = next(iter(reasons.items()))
            raise Forbidden(host, f"at {address}, {why}")
        return reachable

    async def close(self) -> None:
        """Close the wrapped resolver."""
        await self._inner.close()
