"""What Slack's Web API answers when it does not take a message: one row per word.

Source: Slack's reference of chat.postMessage. It says so with HTTP 200 and ``"ok": false``.
"""

from collections.abc import Mapping

from .base import BARRED, BUSY, MISRENDERED, Meaning

_DEAD_TOKEN = Meaning(permanent=True, channel=True, remedy="install the app anew and set its bot token")
_NO_RIGHT = Meaning(
    permanent=True, channel=True, remedy="give the app chat:write and invite it to the channel in `to`"
)
_NO_PLACE = Meaning(
    permanent=True, channel=True, remedy="set `to` to the id of a channel that is not archived"
)
_TORN = Meaning(channel=True, uncertain=True)

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
    "internal_error": _TORN,
    "fatal_error": _TORN,
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
    "access_denied": _NO_RIGHT,
    "ekm_access_denied": _NO_RIGHT,
    "enterprise_is_restricted": _NO_RIGHT,
    "missing_scope": _NO_RIGHT,
    "no_permission": _NO_RIGHT,
    "not_in_channel": _NO_RIGHT,
    "restricted_action": _NO_RIGHT,
    "restricted_action_non_threadable_channel": _NO_RIGHT,
    "restricted_action_read_only_channel": _NO_RIGHT,
    "restricted_action_thread_only_channel": _NO_RIGHT,
    "team_access_not_granted": _NO_RIGHT,
    "channel_not_found": _NO_PLACE,
    "is_archived": _NO_PLACE,
}


def slack_api_meaning(word: str) -> Meaning:
    """Return what the `error` of an answer with ``"ok": false`` means; an unknown word slows down."""
    return SLACK_API.get(word, BARRED)
