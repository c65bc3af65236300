"""Decide by its headers whether a message comes from a wanted sender. Pure."""

import re
from email.message import Message
from email.parser import BytesHeaderParser

from monitor.model import MailFilter

#: The headers that decide.
HEADERS = ("FROM", "AUTHENTICATION-RESULTS")

_MAX_HEADER = 2_000
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ADDRESS = re.compile(r"[^\s<>@,;:]+@[^\s<>@,;:]+")
_PASSED = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)


def is_wanted(headers: bytes, wanted: MailFilter) -> bool:
    """Say whether a message with these headers is read.

    Its one sender must be among `wanted.senders`, unless there are none; and the server `wanted.verified_by`
    must have stated that DMARC passed (RFC 8601), unless none is named.
    """
    message = BytesHeaderParser().parsebytes(headers)
    sender = sender_of(message)
    if wanted.senders and not any(_is_sender(sender, each) for each in wanted.senders):
        return False
    return not wanted.verified_by or _is_verified(message, wanted.verified_by)


def sender_of(message: Message) -> str:
    """Return the address of the one sender in lower case; "" for none or several."""
    fields = [str(value) for value in message.get_all("From", [])]
    if len(fields) != 1:
        return ""
    bare = _QUOTED.sub(" ", fields[0][:_MAX_HEADER])
    found = _ADDRESS.findall(bare)
    return found[0].lower() if len(found) == 1 else ""


def _is_sender(address: str, wanted: str) -> bool:
    """Say whether an address is that of a sender: ``name@domain``, or ``@domain`` with its subdomains."""
    wanted = wanted.lower()
    if not wanted.startswith("@"):
        return address == wanted
    return address.endswith(wanted) or address.partition("@")[2].endswith(f".{wanted[1:]}")


def _is_verified(message: Message, server: str) -> bool:
    """Say whether the server stated that DMARC passed; it writes its header above those of others."""
    for value in message.get_all("Authentication-Results", []):
        name, _, results = str(value)[:_MAX_HEADER].partition(";")
        if name.strip().lower().split()[:1] == [server.lower()]:  # a version may follow the name
            return bool(_PASSED.search(results))
    return False
