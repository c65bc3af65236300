"""Read ``imaps://host/folder`` addresses. Pure.

Source: RFC 5092 (addresses), RFC 3501 §5.1.3 (names of folders).
"""

import base64
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

#: The default port of each scheme: TLS from the first byte, or by STARTTLS.
PORTS = {"imaps": 993, "imap": 143}

_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+|&")


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """A folder on a mail server; `implicit_tls` is False if the connection starts TLS by command."""

    host: str
    port: int
    folder: str = "INBOX"
    implicit_tls: bool = True


def mailbox_address(url: str) -> MailboxAddress:
    """Return the server and folder of an address; without a folder the inbox."""
    parts = urlsplit(url)
    folder = unquote(parts.path).strip("/") or "INBOX"
    scheme = parts.scheme.lower()
    return MailboxAddress(parts.hostname or "", parts.port or PORTS[scheme], folder, scheme == "imaps")


def is_mailbox(url: str) -> bool:
    """Say whether an address is that of a mailbox."""
    return url.partition(":")[0].lower() in PORTS


def quoted_folder(name: str) -> str:
    """Return the name of a folder as commands carry it: quoted, in modified UTF-7."""
    return quoted(_BEYOND_ASCII.sub(_shifted, name))


def quoted(text: str) -> str:
    """Return a text as a quoted string of the protocol."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shifted(run: re.Match[str]) -> str:
    if run[0] == "&":
        return "&-"
    encoded = base64.b64encode(run[0].encode("utf-16-be")).decode().rstrip("=")
    return f"&{encoded.replace('/', ',')}-"
