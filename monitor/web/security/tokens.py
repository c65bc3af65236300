"""Make the tokens by which programs use the API, and read them from requests."""

import hashlib
import re
import secrets
from collections.abc import Mapping

#: What every token begins with, so that one in the wrong place is recognised.
PREFIX = "smt_"

_RANDOM_BYTES = 32
_BEARER = re.compile(r"(?i:bearer) +([\w.~+/=-]{1,200}) *", re.ASCII)


def new_token() -> tuple[str, str]:
    """Return a new token, and the hash by which it is stored."""
    token = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """Return the hash by which a token is stored; it is random, so that one round suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer_token(headers: Mapping[str, str]) -> str | None:
    """Return the token in an Authorization header (RFC 6750 §2.1); "" if malformed, None without one."""
    given = headers.get("authorization")
    if given is None:
        return None
    found = _BEARER.fullmatch(given)
    return found[1] if found else ""
