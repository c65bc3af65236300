"""Classify refusals of chat services: one table for each service, one row per answer.

Sources: Discord's documentation of JSON error codes and of webhooks; Telegram's Bot API, "Making requests"
and ResponseParameters; ntfy's list of error codes; PagerDuty's Events API v2, "Response codes and retry
logic"; the Matrix specification, "Standard error response"; answers of Teams workflows as users report them.
"""

from collections.abc import Mapping

from .base import HOUR, Meaning
from .http import http_meaning

MISRENDERED = Meaning(permanent=True, remedy="the service does not take this layout; check the templates")
_DEAD_WEBHOOK = Meaning(permanent=True, channel=True, remedy="make a new webhook and set its url")
_SWITCHED_OFF = Meaning(permanent=True, channel=True, remedy="the workflow is switched off; turn it on")
_BAD_CREDENTIAL = Meaning(
    permanent=True, channel=True, remedy="the key or token is not accepted; set a new one"
)
_NO_SUCH_TARGET = Meaning(permanent=True, channel=True, remedy="there is no such place; check the setting")
_NO_SUCH_TOPIC = Meaning(
    permanent=True, channel=True, remedy="the group has no such topic; set message_thread_id, or leave it out"
)
_TOPIC_CLOSED = Meaning(
    permanent=True, channel=True, remedy="the topic is closed; open it, or let the bot manage topics"
)
_NOT_ALLOWED = Meaning(permanent=True, channel=True, remedy="it may not write there; give it the right")
_QUOTA_USED = Meaning(channel=True, retry_after=HOUR, remedy="the day's messages are used up")
_LIMITED = Meaning(channel=True)

#: Status (0: any but 429), a lower-case text in the body ("": any body), the meaning.
Row = tuple[int, str, Meaning]

CHATS: Mapping[str, tuple[Row, ...]] = {
    "teams": (
        (400, "workflowtriggerisnotenabled", _SWITCHED_OFF),
        (400, "", MISRENDERED),
        (401, "", _DEAD_WEBHOOK),
        (403, "", _DEAD_WEBHOOK),
        (404, "", _DEAD_WEBHOOK),
        (410, "", _DEAD_WEBHOOK),
        (413, "", MISRENDERED),
    ),
    "discord": (
        (400, "", MISRENDERED),
        (401, "", _DEAD_WEBHOOK),
        (403, "", _DEAD_WEBHOOK),
        (404, "", _DEAD_WEBHOOK),
        (413, "", MISRENDERED),
    ),
    "telegram": (
        (400, "chat not found", _NO_SUCH_TARGET),
        (400, "message thread not found", _NO_SUCH_TOPIC),
        (400, "topic_deleted", _NO_SUCH_TOPIC),
        (400, "topic_id_invalid", _NO_SUCH_TOPIC),
        (400, "topic_closed", _TOPIC_CLOSED),
        (400, "not enough rights", _NOT_ALLOWED),
        (400, "need administrator rights", _NOT_ALLOWED),
        (400, "chat_write_forbidden", _NOT_ALLOWED),
        (400, "", MISRENDERED),
        (401, "", _BAD_CREDENTIAL),
        (403, "", _NOT_ALLOWED),
        (404, "", _BAD_CREDENTIAL),
        (413, "", MISRENDERED),
    ),
    "ntfy": (
        (400, "40009", _NO_SUCH_TARGET),
        (400, "40010", _NO_SUCH_TARGET),
        (400, "", MISRENDERED),
        (401, "", _BAD_CREDENTIAL),
        (403, "", _NOT_ALLOWED),
        (404, "", _NO_SUCH_TARGET),
        (413, "", MISRENDERED),
        (429, "42908", _QUOTA_USED),
    ),
    "pagerduty": (
        (400, "routing_key", _BAD_CREDENTIAL),
        (400, "routing key", _BAD_CREDENTIAL),
        (400, "", MISRENDERED),
        (403, "", _BAD_CREDENTIAL),
        (404, "", _NO_SUCH_TARGET),
        (413, "", MISRENDERED),
    ),
    "matrix": (
        (0, "m_limit_exceeded", _LIMITED),
        (0, "m_unknown_token", _BAD_CREDENTIAL),
        (0, "m_missing_token", _BAD_CREDENTIAL),
        (0, "m_user_deactivated", _BAD_CREDENTIAL),
        (0, "m_forbidden", _NOT_ALLOWED),
        (0, "m_consent_not_given", _NOT_ALLOWED),
        (0, "m_not_found", _NO_SUCH_TARGET),
        (0, "m_unrecognized", _NO_SUCH_TARGET),
        (0, "m_too_large", MISRENDERED),
        (0, "m_bad_json", MISRENDERED),
        (400, "", MISRENDERED),
        (401, "", _BAD_CREDENTIAL),
        (403, "", _NOT_ALLOWED),
        (404, "", _NO_SUCH_TARGET),
        (413, "", MISRENDERED),
    ),
}


def chat_meaning(service: str, status: int, body: str) -> Meaning:
    """Return what a service's refusal means: by its body, by its status, or as for any receiver."""
    if status >= 500:
        return http_meaning(status)
    said = body.casefold()
    rows = (
        meaning
        for at, words, meaning in CHATS[service]
        if (at == status or (at == 0 and status != 429)) and words in said
    )
    return next(rows, None) or http_meaning(status)
