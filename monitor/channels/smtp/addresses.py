"""Read mail addresses; encode domains outside ASCII by IDNA 2008.

Sources: RFC 5321 §4.1.2; RFC 5890 and 5891 (domains); RFC 6531 (SMTPUTF8: local parts outside ASCII).
"""

from email.utils import unquote

import idna

from monitor.text.patterns import late_pattern

_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]{1,64}"
_DOMAIN = r"[A-Za-z0-9.\u0080-\U0010ffff-]{1,253}"
_MAILBOX = late_pattern(
    rf"(?P<bare>{_LOCAL}@{_DOMAIN})|(?P<name>[^<>@]*?) *<(?P<address>{_LOCAL}@{_DOMAIN})>"
)
_ASCII_DOMAIN = late_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def mailbox(written: str) -> tuple[str, str]:
    """Split ``Name <address>`` or a bare address into (name, address); the domain becomes ASCII.

    Raises:
        ValueError: not one address, or a domain that cannot exist.
    """
    found = _MAILBOX.fullmatch(written)
    if found is None or sanitized(written) != written:
        raise ValueError(f"{written!r} is not a mail address")
    local, _, domain = (found["bare"] or found["address"]).rpartition("@")
    if len(local.encode()) > 64 or any(char.isspace() for char in local):
        raise ValueError(f"{written!r} is not a mail address: the part before @ is too long or has a blank")
    return unquote(found["name"] or ""), f"{local}@{_ascii(domain, written)}"


def sender_mailbox(written: str) -> tuple[str, str]:
    """Split a sender as `mailbox` does.

    Raises:
        ValueError: as `mailbox`, or the part before @ is outside ASCII, which many servers refuse.
    """
    name, address = mailbox(written)
    if not address.isascii():
        raise ValueError(f"{written!r} cannot be a sender: the part before @ must be ASCII")
    return name, address


def domain_of(sender: str) -> str:
    """Return the domain of an address in ASCII and lower case."""
    return mailbox(sender)[1].rpartition("@")[2].lower()


def sanitized(text: str) -> str:
    """Replace what could end a header line or hide in it by a blank; Persian needs the joiners."""
    return "".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in text)


def _ascii(domain: str, written: str) -> str:
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError as error:
            raise ValueError(f"{written!r} is not a mail address: its domain: {error}") from None
    if not _ASCII_DOMAIN.fullmatch(domain):
        raise ValueError(f"{written!r} is not a mail address")
    return domain
