"""Classify SMTP replies: one row per verb, reply code and enhanced code; the first match wins.

Sources: RFC 5321 §4.2; RFC 3463; RFC 4954 §6.
"""

from .base import BUSY, LATER, Meaning

_AUTH_UNAVAILABLE = Meaning(channel=True, tries=3, remedy="signing in does not work for now")
_AUTH_REFUSED = Meaning(
    permanent=True, channel=True, remedy="signing in was refused; check user, password and tls"
)
_NO_MAILBOX = Meaning(permanent=True, remedy="the recipient is not taken; check the address in `to`")
_TOO_BIG = Meaning(permanent=True, remedy="the message is too big for the server")
_CONTENT_REFUSED = Meaning(permanent=True, remedy="the server does not take this content")
_SETUP_REFUSED = Meaning(permanent=True, channel=True, remedy="check host, tls and sender")

# The verb it answers ("end" is the dot after the message), how the reply code begins, how the enhanced code
# begins; "" is any. Enhanced codes go before basic ones, because servers use 550 for everything.
SMTP: tuple[tuple[str, str, str, Meaning], ...] = (
    ("", "421", "", BUSY),
    ("connect", "", "", BUSY),
    ("", "", "5.7.30", _AUTH_REFUSED),
    ("", "530", "5.", _AUTH_REFUSED),
    ("auth", "", "4.", _AUTH_UNAVAILABLE),
    ("auth", "", "5.", _AUTH_REFUSED),
    ("", "", "5.3.4", _TOO_BIG),
    ("", "", "5.2.3", _TOO_BIG),
    ("rcpt", "", "4.", LATER),
    ("rcpt", "", "5.", _NO_MAILBOX),
    ("data", "", "4.", LATER),
    ("data", "", "5.", _CONTENT_REFUSED),
    ("end", "", "4.", LATER),
    ("end", "", "5.", _CONTENT_REFUSED),
    ("", "", "4.", BUSY),
    ("", "", "5.", _SETUP_REFUSED),
    ("auth", "4", "", _AUTH_UNAVAILABLE),
    ("auth", "5", "", _AUTH_REFUSED),
    ("", "530", "", _AUTH_REFUSED),
    ("", "534", "", _AUTH_REFUSED),
    ("", "535", "", _AUTH_REFUSED),
    ("", "538", "", _AUTH_REFUSED),
    ("", "552", "", _TOO_BIG),
    ("rcpt", "4", "", LATER),
    ("rcpt", "5", "", _NO_MAILBOX),
    ("data", "4", "", LATER),
    ("data", "5", "", _CONTENT_REFUSED),
    ("end", "4", "", LATER),
    ("end", "5", "", _CONTENT_REFUSED),
    ("", "4", "", BUSY),
    ("", "5", "", _SETUP_REFUSED),
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
