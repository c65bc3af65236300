"""Write messages as one document and read them back: the mbox format, in which mail programs open it. Pure.

Source: RFC 4155; lines of a message that begin with ``From``, quoted or not, get one more ``>`` (mboxrd).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate, parsedate_to_datetime

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_SEPARATOR = re.compile(rb"^From MAILER-DAEMON ([^\r\n]{1,60})\n", re.MULTILINE)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as the server sent it, perhaps cut; `received` in ISO 8601, "" if unknown."""

    received: str
    raw: bytes = field(repr=False)


def to_mbox(messages: Iterable[tuple[datetime, bytes]]) -> bytes:
    """Return messages with the times of their receipt as one document."""
    return b"".join(
        b"From MAILER-DAEMON %s\n%s\n" % (_asctime(received).encode(), _FROM.sub(rb">\1", raw))
        for received, raw in messages
    )


def from_mbox(document: bytes) -> Iterator[StoredMessage]:
    """Yield the messages of a document in order."""
    separators = list(_SEPARATOR.finditer(document))
    ends = [*(each.start() for each in separators), len(document)][1:]
    for separator, end in zip(separators, ends, strict=True):
        raw = document[separator.end() : end].removesuffix(b"\n")
        yield StoredMessage(_iso(separator[1].decode("ascii", "replace")), _QUOTED.sub(rb"\1", raw))


def received_at(internal_date: str, otherwise: datetime) -> datetime:
    """Return the moment of a server's date such as ``17-Jul-2026 02:44:25 -0700``."""
    try:
        moment = parsedate_to_datetime(internal_date.replace("-", " ", 2))
        return moment.astimezone(UTC) if moment.tzinfo else otherwise
    except (ValueError, OverflowError):
        return otherwise


def _iso(asctime: str) -> str:
    parts = parsedate(asctime)
    return datetime(*parts[:6], tzinfo=UTC).isoformat() if parts else ""


def _asctime(moment: datetime) -> str:
    """Return a moment in the form of C's asctime, whatever the locale."""
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day} {month} {moment.day:2d} {moment:%H:%M:%S} {moment.year}"
