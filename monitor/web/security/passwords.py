"""Hash and check passwords by argon2: each check takes 0.2 s and 64 MiB, so no more than two at once."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Shorter ones can be guessed.
MIN_LENGTH = 10
MAX_LENGTH = 500

_HASHER = PasswordHasher()
_AT_ONCE = 2


def hash_password(password: str) -> str:
    """Return the hash to store of a password."""
    return _HASHER.hash(password)


class PasswordChecker:
    """Checks passwords in threads; an unknown user takes as long as a known one."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._nobody = ""

    async def check(self, password_hash: str, password: str) -> bool:
        """Say whether this is the password of a hash; "" is the hash of nobody."""
        async with self._places:
            return await asyncio.to_thread(self._verify, password_hash, password[:MAX_LENGTH])

    def _verify(self, password_hash: str, password: str) -> bool:
        self._nobody = self._nobody or hash_password(secrets.token_hex())
        try:
            return _HASHER.verify(password_hash or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
