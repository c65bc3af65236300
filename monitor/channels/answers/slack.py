"""Classify answers of Slack: one row per error word, for incoming webhooks and for the Web API.

The Web API reports an error with HTTP 200 and ``"ok": false``.

Sources: Slack's reference of incoming-webhook errors and of chat.postMessage.
"""

import re
from collections.abc import Mapping

from .base import BUSY, Meaning
from .http import FORBIDDEN, http_meaning

MISRENDERED = Meaning(permanent=True, remedy="Slack does not take these blocks; check the templates")
_DEAD_WEBHOOK = Meaning(permanent=True, channel=True, remedy="make a new incoming webhook and set its url")

SLACK: Mapping[str, Meaning] = {
    "rate_limited": BUSY,
    "rollup_error": BUSY,
    "invalid_payload": MISRENDERED,
    "no_text": MISRENDERED,
    "invalid_blocks": MISRENDERED,
    "invalid_attachments": MISRENDERED,
    "too_many_attachments": MISRENDERED,
    "msg_blocks_too_long": MISRENDERED,
    "invalid_token": _DEAD_WEBHOOK,
    "action_prohibited": _DEAD_WEBHOOK,
    "posting_to_general_channel_denied": _DEAD_WEBHOOK,
    "team_disabled": _DEAD_WEBHOOK,
    "no_service": _DEAD_WEBHOOK,
    "no_active_hooks": _DEAD_WEBHOOK,
    "no_team": _DEAD_WEBHOOK,
    "channel_not_found": _DEAD_WEBHOOK,
    "channel_is_archived": _DEAD_WEBHOOK,
    "user_not_found": _DEAD_WEBHOOK,
}
SLACK_STATUSES: Mapping[int, Meaning] = {
    400: MISRENDERED,
    403: _DEAD_WEBHOOK,
    404: _DEAD_WEBHOOK,
    410: _DEAD_WEBHOOK,
    413: MISRENDERED,
}


def slack_meaning(status: int, body: str) -> Meaning:
    """Return what a webhook's refusal means: by its word, by its status, or as for any receiver."""
    if status == 429 or status >= 500:
        return http_meaning(status)
    said = (SLACK[word] for word in re.findall(r"[a-z_]+", body) if word in SLACK)
    return next(said, None) or SLACK_STATUSES.get(status) or http_meaning(status)


_DEAD_TOKEN = Meaning(permanent=True, channel=True, remedy="install the app anew and set its bot token")
_NOT_ALLOWED = Meaning(
    permanent=True, channel=True, remedy="give the app chat:write and invite it to the channel in `to`"
)
_NO_SUCH_CHANNEL = Meaning(
    permanent=True, channel=True, remedy="set `to` to the id of a channel that is not archived"
)
_OUTCOME_UNKNOWN = Meaning(channel=True, uncertain=True)

#: The story's first message is no longer there to be answered: post without it.
UNTHREADED = Meaning(permanent=True, remedy="the thread is gone")

SLACK_API: Mapping[str, Meaning] = {
    "ratelimited": BUSY,
    "rate_limited": BUSY,
    "message_limit_exceeded": BUSY,
    "accesslimited": BUSY,
    "request_timeout": BUSY,
    "service_unavailable": BUSY,
    "team_added_to_org": BUSY,
    "org_login_required": BUSY,
    "internal_error": _OUTCOME_UNKNOWN,
    "fatal_error": _OUTCOME_UNKNOWN,
    "invalid_blocks": MISRENDERED,
    "invalid_blocks_format": MISRENDERED,
    "msg_blocks_too_long": MISRENDERED,
    "msg_too_long": MISRENDERED,
    "markdown_text_conflict": MISRENDERED,
    "no_text": MISRENDERED,
    "too_many_attachments": MISRENDERED,
    "invalid_arguments": MISRENDERED,
    "invalid_charset": MISRENDERED,
    "invalid_json": MISRENDERED,
    "json_not_object": MISRENDERED,
    "invalid_metadata_format": MISRENDERED,
    "invalid_metadata_schema": MISRENDERED,
    "metadata_too_large": MISRENDERED,
    "cannot_reply_to_message": UNTHREADED,
    "message_not_found": UNTHREADED,
    "thread_not_found": UNTHREADED,
    "invalid_auth": _DEAD_TOKEN,
    "not_authed": _DEAD_TOKEN,
    "account_inactive": _DEAD_TOKEN,
    "token_revoked": _DEAD_TOKEN,
    "token_expired": _DEAD_TOKEN,
    "not_allowed_token_type": _DEAD_TOKEN,
    "access_denied": _NOT_ALLOWED,
    "ekm_access_denied": _NOT_ALLOWED,
    "enterprise_is_restricted": _NOT_ALLOWED,
    "missing_scope": _NOT_ALLOWED,
    "no_permission": _NOT_ALLOWED,
    "not_in_channel": _NOT_ALLOWED,
    "restricted_action": _NOT_ALLOWED,
    "restricted_action_non_threadable_channel": _NOT_ALLOWED,
    "restricted_action_read_only_channel": _NOT_ALLOWED,
    "restricted_action_thread_only_channel": _NOT_ALLOWED,
    "team_access_not_granted": _NOT_ALLOWED,
    "channel_not_found": _NO_SUCH_CHANNEL,
    "is_archived": _NO_SUCH_CHANNEL,
}


def slack_api_meaning(word: str) -> Meaning:
    """Return what the `error` of an answer with ``"ok": false`` means; an unknown word slows down."""
    return SLACK_API.get(word, FORBIDDEN)
