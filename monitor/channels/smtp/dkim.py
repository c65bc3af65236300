"""Sign mail with DKIM, for senders whose relay does not; the same signature for the same mail.

Source: RFC 6376. Needs the extra ``dkim``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

#: Takes the bytes of a mail and its creation time; returns the mail with a signature in front.
Signer = Callable[[bytes, datetime], bytes]

#: The headers to sign, where present; RFC 8058 §4 demands it of both List-Unsubscribe headers. From is named
#: twice, so that nobody can add another.
SIGNED = (
    "from", "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "list-id",
    "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "mime-version", "content-type",
    "content-transfer-encoding",
)  # fmt: skip

#: A selector or domain, or nothing.
LABELS = r"^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*)?$"


@dataclass(frozen=True, slots=True)
class DkimOptions:
    """The RSA key in PEM that signs mail; its public half is at ``<selector>._domainkey.<domain>``.

    `domain` is the sender's unless it is set. Without `key_file` nothing is signed.
    """

    key_file: Path | None = None
    selector: str = ""
    domain: str = ""

    def check(self) -> None:
        """Refuse options that cannot work.

        Raises:
            ValueError: an option is missing, or the key cannot be used.
        """
        if bool(self.key_file) != bool(self.selector):
            raise ValueError("dkim_key_file and dkim_selector go together: set both or neither")
        if self.domain and not self.key_file:
            raise ValueError("dkim_domain is set without dkim_key_file")
        if self.key_file:
            self.signer("nobody@localhost.localdomain")

    def signer(self, sender: str) -> Signer | None:
        """Return the signer of a sender's mails; None if none is to be signed.

        Raises:
            ValueError: the key cannot be used, or the extra is not installed.
        """
        if self.key_file is None:
            return None
        dkim, key = _library(), _content(self.key_file)
        domain = self.domain or sender.rpartition("@")[2].lower()
        try:
            return _signer(dkim, key, self.selector, domain)
        except dkim.DKIMException as error:
            raise ValueError(f"dkim_key_file: {self.key_file} is no RSA key in PEM: {error}") from None


def _signer(dkim: ModuleType, key: bytes, selector: str, domain: str) -> Signer:
    class Dated(dkim.DKIM):  # type: ignore[misc, name-defined]  # of a module that may be absent
        """Signs with a given time instead of the clock's, so that a retry sends the same bytes."""

        at = b"0"

        def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: Any, **named: Any) -> bytes:
            dated = [(name, self.at if name == b"t" else value) for name, value in fields]
            return bytes(super().gen_header(dated, *rest, **named))

    def sign(mail: bytes, at: datetime) -> bytes:
        signer = Dated(mail)
        signer.at = str(int(at.timestamp())).encode()
        there = {name.lower().decode() for name, _ in signer.headers}
        signature = signer.sign(
            selector.encode(),
            domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in SIGNED if name in there],
        )
        return bytes(signature) + mail

    sign(b"From: x@localhost\r\n\r\n", datetime.fromtimestamp(0).astimezone())
    return sign


def _library() -> ModuleType:
    try:
        return import_module("dkim")
    except ImportError:
        raise ValueError("dkim_key_file needs an extra: pip install 'sanctions-monitor[dkim]'") from None


def _content(path: Path) -> bytes:
    try:
        return path.expanduser().read_bytes()
    except OSError as error:
        raise ValueError(f"dkim_key_file: {path} cannot be read: {error.strerror}") from None
