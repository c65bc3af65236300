"""Classify refusals of an OAuth token endpoint: one row per error word.

Source: RFC 6749 §5.2.
"""

from collections.abc import Mapping

from .base import BUSY, Meaning
from .http import http_meaning

_NO_TOKEN = Meaning(
    permanent=True, channel=True, remedy="check client_id, client_secret, refresh_token and scope"
)

OAUTH: Mapping[str, Meaning] = {
    "invalid_client": _NO_TOKEN,
    "invalid_grant": _NO_TOKEN,
    "invalid_request": _NO_TOKEN,
    "invalid_resource": _NO_TOKEN,
    "invalid_scope": _NO_TOKEN,
    "interaction_required": _NO_TOKEN,
    "unauthorized_client": _NO_TOKEN,
    "unsupported_grant_type": _NO_TOKEN,
    "slow_down": BUSY,
    "server_error": BUSY,
    "temporarily_unavailable": BUSY,
}


def oauth_meaning(status: int, word: str) -> Meaning:
    """Return what a token endpoint's refusal means, by its `error` (RFC 6749 §5.2) unless it is only busy."""
    if status == 429 or status >= 500:
        return BUSY
    return OAUTH.get(word) or http_meaning(status)
