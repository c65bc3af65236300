"""Classify SMTP replies by enhanced code, text and basic code: the first matching row wins.

A reply means the same at MAIL, RCPT and DATA, because servers delay replies: Postfix answers MAIL with 250
and refuses the client or the sender at RCPT (``smtpd_delay_reject``). Content is judged after the message
only (the verb ``end``).

Sources: RFC 5321 §4.2; RFC 3463; RFC 4954 §6; RFC 6531 §3.4; RFC 7372; Postfix's postconf(5).
"""

import re
from dataclasses import dataclass

from monitor.text.patterns import late_pattern

from .base import BUSY, LATER, Meaning

_AUTH_UNAVAILABLE = Meaning(channel=True, tries=3, remedy="signing in does not work for now")
_AUTH_REFUSED = Meaning(
    permanent=True, channel=True, remedy="signing in was refused; check user, password and tls"
)
_SENDER_REFUSED = Meaning(
    permanent=True, channel=True, remedy="the server refuses this sender or machine; check sender and user"
)
_NO_ROUTE = Meaning(permanent=True, channel=True, remedy="the server cannot route mail; check host")
_SETUP_REFUSED = Meaning(permanent=True, channel=True, remedy="check host, tls and sender")
_NO_MAILBOX = Meaning(permanent=True, remedy="the recipient is not taken; check the address in `to`")
_MAILBOX_CLOSED = Meaning(remedy="the mailbox takes no mail for now")
_TOO_BIG = Meaning(permanent=True, remedy="the message is too big for the server")
_CONTENT_REFUSED = Meaning(permanent=True, remedy="the server does not take this content")

#: About the sender, this machine or the right to relay. Addresses and host names are cut out before.
_SENDER = late_pattern(
    r"\bsender|client host|client address|[he]hlo command|\brelay|rcpthosts|authenticat|\bsign in|\blog ?in\b"
    r"|\bspf\b|\bdkim\b|\bdmarc\b|\bptr\b|reverse (dns|host)|\br?dnsbl\b|\brbl\b|block ?list|black ?list"
    r"|blocked using|reputation|\btls\b|starttls"
)
_NO_SUCH_MAILBOX = late_pattern(
    r"mailbox (name )?(not|un)|no such|unknown (user|recipient|mailbox|address|account)|unrout"
    r"|(user|recipient|mailbox|address|account)\b.*\b(unknown|not found|not exist|doesn't exist|invalid"
    r"|inactive|disabled|moved)|(invalid|bad|unknown) (recipient|mailbox|user|address|account)|does not exist"
)
#: A rule that the text does not explain.
_POLICY = late_pattern(
    r"polic(y|ies)|blocked|banned|denied|prohibited|not permitted|not allowed|authori[sz]ed|administrative"
    r"|rate limit|too many"
)
_MAILBOX = late_pattern(r"mailbox|recipient|\buser\b|account|<address>")
_FULL = late_pattern(r"quota|full\b|storage|space")
_GREYLIST = late_pattern(r"gr[ea]y ?-?list|postgrey")
_NO_RECIPIENTS = late_pattern(r"recipient")

#: The enhanced code at the beginning of a reply; some servers write ``#5.1.0`` or ``[5.1.0]``.
_ENHANCED = late_pattern(r"[\s#(\[]*(?P<code>[245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
_MAX_TEXT = 1000
_ADDRESS = late_pattern(r"<?[^\s<>@]+@[^\s<>]+>?")
_HOST = late_pattern(r"\bhttps?://\S+|\b[\w-]+(\.[\w-]+)+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Replies with one meaning. Every part that is set must match; codes are the beginnings of codes."""

    meaning: Meaning
    verbs: tuple[str, ...] = ("",)
    codes: tuple[str, ...] = ("",)
    enhanced: tuple[str, ...] = ("",)
    text: re.Pattern[str] | None = None

    def matches(self, verb: str, code: str, enhanced: str, text: str) -> bool:
        """Return whether a reply belongs to the row; the arguments are `normalized`."""
        return (
            verb.startswith(self.verbs)
            and code.startswith(self.codes)
            and enhanced.startswith(self.enhanced)
            and (self.text is None or self.text.search(text) is not None)
        )


_MAILBOX_CODES = ("550", "551", "553")
_AUTH_CODES = ("530", "534", "535", "538")
_ENVELOPE = ("mail", "rcpt", "data")
_TO_RECIPIENT = ("rcpt", "data", "end")
#: What the sender or the machine must prove, also where a server checks it after the message.
_ORIGIN_CODES = (
    "5.7.2",
    "5.7.8",
    "5.7.9",
    "5.7.13",
    "5.7.14",
    "5.7.57",
    "5.7.60",
    "5.7.64",
    "5.7.70",
    "5.7.75",
)

SMTP: tuple[Row, ...] = (
    Row(codes=("421",), meaning=BUSY),
    Row(verbs=("connect",), meaning=BUSY),
    Row(verbs=("auth",), enhanced=("4.",), meaning=_AUTH_UNAVAILABLE),
    Row(verbs=("auth",), enhanced=("5.",), meaning=_AUTH_REFUSED),
    Row(verbs=("auth",), codes=("4",), meaning=_AUTH_UNAVAILABLE),
    Row(verbs=("auth",), codes=("5",), meaning=_AUTH_REFUSED),
    # Temporary: greylisting is about one sender and one recipient, the rest about the server or the client.
    Row(verbs=("rcpt",), enhanced=("4.",), text=_GREYLIST, meaning=LATER),
    Row(verbs=("rcpt",), enhanced=("4.1.7", "4.1.8", "4.3.", "4.4."), meaning=BUSY),
    Row(verbs=("rcpt",), enhanced=("4.7.",), text=_SENDER, meaning=BUSY),
    Row(verbs=_TO_RECIPIENT, enhanced=("4.",), meaning=LATER),
    Row(enhanced=("4.",), meaning=BUSY),
    Row(enhanced=("5.7.30",), meaning=_AUTH_REFUSED),
    Row(codes=_AUTH_CODES, meaning=_AUTH_REFUSED),
    # The address (5.1), the mailbox (5.2).
    Row(enhanced=("5.1.7", "5.1.8"), meaning=_SENDER_REFUSED),
    Row(enhanced=("5.1.",), text=late_pattern(r"\bsender"), meaning=_SENDER_REFUSED),
    Row(verbs=_TO_RECIPIENT, enhanced=("5.1.",), meaning=_NO_MAILBOX),
    Row(enhanced=("5.2.2",), meaning=LATER),
    Row(enhanced=("5.2.3", "5.3.4"), meaning=_TOO_BIG),
    Row(verbs=_TO_RECIPIENT, enhanced=("5.2.",), meaning=_MAILBOX_CLOSED),
    # The server (5.3), its routes (5.4), the protocol (5.5), the content (5.6).
    Row(enhanced=("5.4.",), meaning=_NO_ROUTE),
    Row(verbs=("rcpt",), enhanced=("5.5.0",), text=_NO_SUCH_MAILBOX, meaning=_MAILBOX_CLOSED),
    Row(verbs=("data",), enhanced=("5.5.",), text=_NO_RECIPIENTS, meaning=_NO_MAILBOX),
    Row(verbs=("rcpt",), enhanced=("5.6.7",), meaning=_NO_MAILBOX),
    Row(enhanced=("5.6.",), meaning=_CONTENT_REFUSED),
    # Policy (5.7): before the message nothing can be wrong with its content.
    Row(verbs=_ENVELOPE, enhanced=("5.7.",), meaning=_SENDER_REFUSED),
    Row(verbs=("end",), enhanced=_ORIGIN_CODES, meaning=_SENDER_REFUSED),
    Row(verbs=("end",), enhanced=("5.7.",), text=_SENDER, meaning=_SENDER_REFUSED),
    Row(verbs=("end",), enhanced=("5.5.", "5.7."), meaning=_CONTENT_REFUSED),
    Row(enhanced=("5.1.", "5.2.", "5.3.", "5.5."), meaning=_SETUP_REFUSED),
    # Without an enhanced code.
    Row(verbs=("rcpt",), codes=("4",), text=_GREYLIST, meaning=LATER),
    Row(verbs=("rcpt",), codes=("4",), text=_SENDER, meaning=BUSY),
    Row(verbs=_TO_RECIPIENT, codes=("4",), meaning=LATER),
    Row(codes=("4",), meaning=BUSY),
    Row(verbs=("rcpt",), codes=("552",), meaning=LATER),
    Row(verbs=("end",), codes=("552",), text=_FULL, meaning=LATER),
    Row(codes=("552",), meaning=_TOO_BIG),
    Row(codes=("5",), text=_SENDER, meaning=_SENDER_REFUSED),
    Row(verbs=_TO_RECIPIENT, codes=_MAILBOX_CODES, text=_NO_SUCH_MAILBOX, meaning=_NO_MAILBOX),
    Row(verbs=("rcpt",), codes=("5",), text=_POLICY, meaning=_SENDER_REFUSED),
    Row(verbs=("rcpt",), codes=_MAILBOX_CODES, text=_MAILBOX, meaning=_NO_MAILBOX),
    Row(verbs=("data",), codes=("5",), text=_NO_RECIPIENTS, meaning=_NO_MAILBOX),
    Row(verbs=("end",), codes=("5",), meaning=_CONTENT_REFUSED),
    Row(codes=("5",), meaning=_SETUP_REFUSED),
    Row(meaning=BUSY),
)


def smtp_meaning(verb: str, code: int, text: str) -> Meaning:
    """Return what a refusing reply means; `verb` is the one it answers, ``end`` for the whole message."""
    return next(row.meaning for row in SMTP if row.matches(verb, *normalized(code, text)))


def normalized(code: int, text: str) -> tuple[str, str, str]:
    """Return code, enhanced code and text as rows are written.

    ``x.0.0`` says no more than the basic code. The text is in lower case and on one line, without host names
    and with ``<address>`` for mail addresses: words within them mean nothing.
    """
    enhanced = enhanced_code(text)
    words = _HOST.sub("", _ADDRESS.sub("<address>", text[:_MAX_TEXT].casefold()))
    return str(code), "" if enhanced.endswith(".0.0") else enhanced, " ".join(words.split())


def enhanced_code(text: str) -> str:
    """Return the enhanced status code that begins a reply's text, "" if none does."""
    found = _ENHANCED.match(text)
    return found["code"] if found else ""


def is_too_big(code: str) -> bool:
    """Return whether an attempt's code says that a smaller message may be taken (552 alone, 5.3.4, 5.2.3)."""
    basic, _, enhanced = code.partition(" ")
    return enhanced in {"5.3.4", "5.2.3"} or (basic == "552" and not enhanced)
