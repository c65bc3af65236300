"""Form tokens against cross-site requests, checked together with where a request comes from."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit


class FormTokens:
    """Makes and checks the token of a session's forms; without sign-in all forms share one."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def token(self, session: str) -> str:
        """Return the token that forms of a session carry; `session` is "" without sign-in."""
        return hmac.new(self._key, session.encode(), hashlib.sha256).hexdigest()[:40]

    def accepts(self, session: str, token: str) -> bool:
        """Say whether a form of this session carries its token."""
        return hmac.compare_digest(self.token(session).encode(), token.encode())


def is_same_site(headers: Mapping[str, str]) -> bool:
    """Say whether a browser sent this request from a page of this server, or no browser sent it.

    Sec-Fetch-Site decides where it is sent; else the Origin must be the Host. A program sends neither.
    """
    if site := headers.get("sec-fetch-site", ""):
        return site in {"same-origin", "none"}
    origin = headers.get("origin", "")
    return not origin or urlsplit(origin).netloc == headers.get("host", "")
