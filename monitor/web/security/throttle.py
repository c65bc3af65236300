"""Limit failed sign-ins by name and by address, before a password is checked. Pure."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: Failures within `WINDOW` after which a name or an address must wait.
MAX_FAILURES = {"name": 5, "address": 20}
WINDOW = timedelta(minutes=15)

#: Names and addresses remembered; beyond that the oldest are forgotten.
_MAX_KEYS = 10_000


@dataclass
class LoginThrottle:
    """Remembers failed sign-ins; `wait` says how long the next one must wait."""

    _failures: OrderedDict[tuple[str, str], list[datetime]] = field(default_factory=OrderedDict)

    def wait(self, name: str, address: str, now: datetime) -> timedelta:
        """Return how long this name at this address must wait; zero if it need not."""
        return max(self._wait(("name", name), now), self._wait(("address", address), now))

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Record a failed sign-in."""
        for key in (("name", name), ("address", address)):
            recent = [at for at in self._failures.pop(key, ()) if now - at < WINDOW]
            self._failures[key] = [*recent, now]
        while len(self._failures) > _MAX_KEYS:
            self._failures.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        self._failures.pop(("name", name), None)

    def _wait(self, key: tuple[str, str], now: datetime) -> timedelta:
        recent = [at for at in self._failures.get(key, ()) if now - at < WINDOW]
        most = MAX_FAILURES[key[0]]
        return recent[-most] + WINDOW - now if len(recent) >= most else timedelta()
