"""Classify HTTP statuses: one row per status.

Sources: RFC 9110 §15; the Standard Webhooks specification.
"""

from collections.abc import Mapping

from .base import BUSY, HOUR, Meaning

_GONE = Meaning(permanent=True, channel=True, remedy="the receiver wants no more; remove the channel")
_MESSAGE_REFUSED = Meaning(retry_after=HOUR, tries=4, remedy="the receiver does not take this message")
FORBIDDEN = Meaning(channel=True, retry_after=HOUR, tries=7, remedy="check address and permission")
_REDIRECTED = Meaning(channel=True, retry_after=HOUR, tries=7, remedy="it redirects; set the final address")

HTTP: Mapping[int, Meaning] = {
    400: _MESSAGE_REFUSED,
    401: FORBIDDEN,
    403: FORBIDDEN,
    404: FORBIDDEN,
    408: BUSY,
    410: _GONE,
    413: _MESSAGE_REFUSED,
    415: _MESSAGE_REFUSED,
    422: _MESSAGE_REFUSED,
    425: BUSY,
    429: BUSY,
}
HTTP_CLASSES: Mapping[int, Meaning] = {3: _REDIRECTED, 4: _MESSAGE_REFUSED, 5: BUSY}


def http_meaning(status: int) -> Meaning:
    """Return what an HTTP status other than success means for any receiver."""
    return HTTP.get(status) or HTTP_CLASSES.get(status // 100, BUSY)
