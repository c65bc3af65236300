"""Check the signature of a message from a hub, part by part. Pure.

Source: WebSub §7.1 and §8.
"""

import hmac
from typing import Self

_METHODS = ("sha1", "sha256", "sha384", "sha512")
_MAX_HEADER = 200


class Signature:
    """Collects the body of a message and compares its HMAC with the one that the header states."""

    def __init__(self, method: str, stated: str, secret: str) -> None:
        self._stated = stated
        self._found = hmac.new(secret.encode(), digestmod=method)

    @classmethod
    def of(cls, header: str, secret: str) -> Self | None:
        """Return the check of an `X-Hub-Signature` header; None if the header states no known method."""
        method, _, stated = header[:_MAX_HEADER].strip().partition("=")
        if method.lower() not in _METHODS or not stated.isascii():
            return None
        return cls(method.lower(), stated.strip().lower(), secret)

    def add(self, part: bytes) -> None:
        """Add the next part of the body."""
        self._found.update(part)

    def matches(self) -> bool:
        """Say whether the parts added have the signature that the header states."""
        return hmac.compare_digest(self._found.hexdigest(), self._stated)
