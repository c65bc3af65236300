"""What chat services' answers mean, as tables: one row per answer, first match wins.

Sources: Discord's documentation of JSON error codes and of webhooks; Telegram's Bot API, "Making requests"
and ResponseParameters; ntfy's list of error codes; PagerDuty's Events API v2, "Response codes and retry
logic"; the Matrix specification, "Standard error response"; answers of Teams workflows as users report them.
"""

from collections.abc import Mapping

from .base import HOUR, Meaning, http_meaning

MISRENDERED = Meaning(permanent=True, remedy="the service does not take this layout; check the templates")
_HOOK = Meaning(permanent=True, channel=True, remedy="make a new webhook and set its url")
_OFF = Meaning(permanent=True, channel=True, remedy="the workflow is switched off; turn it on")
_KEY = Meaning(permanent=True, channel=True, remedy="the key or token is not accepted; set a new one")
_PLACE = Meaning(permanent=True, channel=True, remedy="there is no such place; check the setting")
_BARRED = Meaning(permanent=True, channel=True, remedy="it may not write there; give it the right")
_QUOTA = Meaning(channel=True, retry_after=HOUR, remedy="the day's messages are used up")
_LIMITED = Meaning(channel=True)

#: Status (0 is any but 429), what stands in the body, in lower case ("" is anything), what it means.
Row = tuple[int, str, Meaning]

CHATS: Mapping[str, tuple[Row, ...]] = {
    "teams": (
        (400, "workflowtriggerisnotenabled", _OFF),
        (400, "", MISRENDERED),
        (401, "", _HOOK),
        (403, "", _HOOK),
        (404, "", _HOOK),
        (410, "", _HOOK),
        (413, "", MISRENDERED),
    ),
    "discord": (
        (400, "", MISRENDERED),
        (401, "", _HOOK),
        (403, "", _HOOK),
        (404, "", _HOOK),
        (413, "", MISRENDERED),
    ),
    "telegram": (
        (400, "chat not found", _PLACE),
        (400, "not enough rights", _BARRED),
        (400, "need administrator rights", _BARRED),
        (400, "chat_write_forbidden", _BARRED),
        (400, "", MISRENDERED),
        (401, "", _KEY),
        (403, "", _BARRED),
        (404, "", _KEY),
        (413, "", MISRENDERED),
    ),
    "ntfy": (
        (400, "40009", _PLACE),
        (400, "40010", _PLACE),
        (400, "", MISRENDERED),
        (401, "", _KEY),
        (403, "", _BARRED),
        (404, "", _PLACE),
        (413, "", MISRENDERED),
        (429, "42908", _QUOTA),
    ),
    "pagerduty": (
        (400, "routing_key", _KEY),
        (400, "routing key", _KEY),
        (400, "", MISRENDERED),
        (403, "", _KEY),
        (404, "", _PLACE),
        (413, "", MISRENDERED),
    ),
    "matrix": (
        (0, "m_limit_exceeded", _LIMITED),
        (0, "m_unknown_token", _KEY),
        (0, "m_missing_token", _KEY),
        (0, "m_user_deactivated", _KEY),
        (0, "m_forbidden", _BARRED),
        (0, "m_consent_not_given", _BARRED),
        (0, "m_not_found", _PLACE),
        (0, "m_unrecognized", _PLACE),
        (0, "m_too_large", MISRENDERED),
        (0, "m_bad_json", MISRENDERED),
        (400, "", MISRENDERED),
        (401, "", _KEY),
        (403, "", _BARRED),
        (404, "", _PLACE),
        (413, "", MISRENDERED),
    ),
}


def chat_meaning(service: str, status: int, body: str) -> Meaning:
    """Return what a service's refusal means: by what it says, by its status, or as any receiver's."""
    if status >= 500:
        return http_meaning(status)
    said = body.casefold()
    rows = (
        meaning
        for at, words, meaning in CHATS[service]
        if (at == status or (at == 0 and status != 429)) and words in said
    )
    return next(rows, None) or http_meaning(status)
