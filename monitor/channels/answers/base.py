"""What the other side's answers mean, as tables: one row per answer, first match wins.

Sources: RFC 5321 §4.2, RFC 3463 and RFC 4954 §6 for mail; RFC 9110 §15 and the Standard Webhooks
specification for HTTP; Slack's reference of incoming-webhook errors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.errors import ChannelError, DeliveryError

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What to make of a refusal.

    `permanent`: trying again cannot help. `channel`: any other message would be refused too. `uncertain`: it
    may have arrived all the same. `retry_after` and `tries` slow down and limit the attempts; None leaves
    them to the schedule. `remedy` is for people.
    """

    permanent: bool = False
    channel: bool = False
    uncertain: bool = False
    retry_after: timedelta | None = None
    tries: int | None = None
    remedy: str = ""

    def error(self, reason: str, *, code: str = "", retry_after: timedelta | None = None) -> DeliveryError:
        """Return the error to raise; the server's own `retry_after` goes before the table's."""
        kind = ChannelError if self.channel else DeliveryError
        return kind(
            f"{reason}: {self.remedy}" if self.remedy else reason,
            permanent=self.permanent,
            uncertain=self.uncertain,
            retry_after=retry_after or self.retry_after,
            code=code,
            tries=self.tries,
        )


BUSY = Meaning(channel=True)
LATER = Meaning()

# ---------------------------------------------------------------- HTTP

_GONE = Meaning(permanent=True, channel=True, remedy="the receiver wants no more; remove the channel")
_DISLIKED = Meaning(retry_after=HOUR, tries=4, remedy="the receiver does not take this message")
BARRED = Meaning(channel=True, retry_after=HOUR, tries=7, remedy="check address and permission")
_MOVED = Meaning(channel=True, retry_after=HOUR, tries=7, remedy="it redirects; set the final address")

HTTP: Mapping[int, Meaning] = {
    400: _DISLIKED,
    401: BARRED,
    403: BARRED,
    404: BARRED,
    408: BUSY,
    410: _GONE,
    413: _DISLIKED,
    415: _DISLIKED,
    422: _DISLIKED,
    425: BUSY,
    429: BUSY,
}
HTTP_CLASSES: Mapping[int, Meaning] = {3: _MOVED, 4: _DISLIKED, 5: BUSY}


def http_meaning(status: int) -> Meaning:
    """Return what an HTTP status other than success means for any receiver."""
    return HTTP.get(status) or HTTP_CLASSES.get(status // 100, BUSY)


# ---------------------------------------------------------------- Slack

MISRENDERED = Meaning(permanent=True, remedy="Slack does not take these blocks; check the templates")
_DEAD_HOOK = Meaning(permanent=True, channel=True, remedy="make a new incoming webhook and set its url")

SLACK: Mapping[str, Meaning] = {
    "rate_limited": BUSY,
    "rollup_error": BUSY,
    "invalid_payload": MISRENDERED,
    "no_text": MISRENDERED,
    "invalid_blocks": MISRENDERED,
    "invalid_attachments": MISRENDERED,
    "too_many_attachments": MISRENDERED,
    "msg_blocks_too_long": MISRENDERED,
    "invalid_token": _DEAD_HOOK,
    "action_prohibited": _DEAD_HOOK,
    "posting_to_general_channel_denied": _DEAD_HOOK,
    "team_disabled": _DEAD_HOOK,
    "no_service": _DEAD_HOOK,
    "no_active_hooks": _DEAD_HOOK,
    "no_team": _DEAD_HOOK,
    "channel_not_found": _DEAD_HOOK,
    "channel_is_archived": _DEAD_HOOK,
    "user_not_found": _DEAD_HOOK,
}
SLACK_STATUSES: Mapping[int, Meaning] = {
    400: MISRENDERED,
    403: _DEAD_HOOK,
    404: _DEAD_HOOK,
    410: _DEAD_HOOK,
    413: MISRENDERED,
}


def slack_meaning(status: int, body: str) -> Meaning:
    """Return what Slack's refusal means: by its word, by its status, or as any receiver's."""
    if status == 429 or status >= 500:
        return http_meaning(status)
    said = (SLACK[word] for word in re.findall(r"[a-z_]+", body) if word in SLACK)
    return next(said, None) or SLACK_STATUSES.get(status) or http_meaning(status)


# ---------------------------------------------------------------- SMTP

_SIGN_IN_LATER = Meaning(channel=True, tries=3, remedy="signing in does not work for now")
_SIGN_IN = Meaning(
    permanent=True, channel=True, remedy="signing in was refused; check user, password and tls"
)
_NO_MAILBOX = Meaning(permanent=True, remedy="the recipient is not taken; check the address in `to`")
_TOO_BIG = Meaning(permanent=True, remedy="the message is too big for the server")
_CONTENT = Meaning(permanent=True, remedy="the server does not take this content")
_SETUP = Meaning(permanent=True, channel=True, remedy="check host, tls and sender")

# The verb it answers ("end" is the dot after the message), how the reply code begins, how the enhanced code
# begins; "" is any. Enhanced codes go before basic ones, because servers use 550 for everything.
SMTP: tuple[tuple[str, str, str, Meaning], ...] = (
    ("", "421", "", BUSY),
    ("connect", "", "", BUSY),
    ("", "", "5.7.30", _SIGN_IN),
    ("", "530", "5.", _SIGN_IN),
    ("auth", "", "4.", _SIGN_IN_LATER),
    ("auth", "", "5.", _SIGN_IN),
    ("", "", "5.3.4", _TOO_BIG),
    ("", "", "5.2.3", _TOO_BIG),
    ("rcpt", "", "4.", LATER),
    ("rcpt", "", "5.", _NO_MAILBOX),
    ("data", "", "4.", LATER),
    ("data", "", "5.", _CONTENT),
    ("end", "", "4.", LATER),
    ("end", "", "5.", _CONTENT),
    ("", "", "4.", BUSY),
    ("", "", "5.", _SETUP),
    ("auth", "4", "", _SIGN_IN_LATER),
    ("auth", "5", "", _SIGN_IN),
    ("", "530", "", _SIGN_IN),
    ("", "534", "", _SIGN_IN),
    ("", "535", "", _SIGN_IN),
    ("", "538", "", _SIGN_IN),
    ("", "552", "", _TOO_BIG),
    ("rcpt", "4", "", LATER),
    ("rcpt", "5", "", _NO_MAILBOX),
    ("data", "4", "", LATER),
    ("data", "5", "", _CONTENT),
    ("end", "4", "", LATER),
    ("end", "5", "", _CONTENT),
    ("", "4", "", BUSY),
    ("", "5", "", _SETUP),
)


def smtp_meaning(verb: str, code: int, enhanced: str) -> Meaning:
    """Return what a refusing SMTP reply means at the verb it answers."""
    basic = str(code)
    rows = (
        meaning
        for at, begins, detail, meaning in SMTP
        if at in {"", verb} and basic.startswith(begins) and enhanced.startswith(detail)
    )
    return next(rows, BUSY)


def is_too_big(code: str) -> bool:
    """Say whether an attempt's code says that less of the message may be taken (552 alone, 5.3.4, 5.2.3)."""
    basic, _, enhanced = code.partition(" ")
    return enhanced in {"5.3.4", "5.2.3"} or (basic == "552" and not enhanced)
