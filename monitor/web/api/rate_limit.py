"""Limit requests by token or address within a minute. Pure."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: Requests of one token, user or address within `WINDOW`.
MAX_REQUESTS = 600

#: Requests of one address with a token that is not valid.
MAX_REFUSED = 30

WINDOW = timedelta(minutes=1)

#: Tokens and addresses remembered; beyond that the oldest are forgotten.
_MAX_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether a request is allowed, how many are left, and when all are allowed again."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        """Return the fields that say so; Source: draft-ietf-httpapi-ratelimit-headers."""
        window_s = int(WINDOW.total_seconds())
        fields = {
            "RateLimit-Policy": f'"minute";q={self.limit};w={window_s}',
            "RateLimit": f'"minute";r={self.remaining};t={self.reset_s}',
        }
        return fields if self.allowed else {**fields, "Retry-After": str(self.reset_s)}


@dataclass
class RateLimit:
    """Counts requests by key in windows that begin with the first one."""

    limit: int = MAX_REQUESTS
    _windows: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def take(self, key: str, now: datetime) -> Allowance:
        """Count a request and say whether it is allowed."""
        began, count = self._window(key, now)
        self._windows[key] = (began, count + 1)
        self._windows.move_to_end(key)
        while len(self._windows) > _MAX_KEYS:
            self._windows.popitem(last=False)
        return self._allowance(began, count + 1, now)

    def peek(self, key: str, now: datetime) -> Allowance:
        """Say whether another request would be allowed, and count none."""
        began, count = self._window(key, now)
        return self._allowance(began, count + 1, now)

    def _window(self, key: str, now: datetime) -> tuple[datetime, int]:
        began, count = self._windows.get(key, (now, 0))
        return (began, count) if began <= now < began + WINDOW else (now, 0)

    def _allowance(self, began: datetime, count: int, now: datetime) -> Allowance:
        reset_s = max(int((began + WINDOW - now).total_seconds()), 1)
        return Allowance(count <= self.limit, self.limit, max(self.limit - count, 0), reset_s)
