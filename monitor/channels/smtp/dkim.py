"""Sign mail with DKIM, for senders whose relay does not; the same signature for the same mail.

Source: RFC 6376. Needs the extra ``dkim``.
"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from pydantic import Field, model_validator

from monitor.channels.settings import ChannelSettings

#: Signs the bytes of a mail that was owed at a time, and returns them with the signature in front.
Seal = Callable[[bytes, datetime], bytes]

#: Whatever of these a mail has is signed; RFC 8058 §4 demands it of both List-Unsubscribe headers. From is
#: named twice, so that nobody can add another.
SIGNED = (
    "from", "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "list-id",
    "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "mime-version", "content-type",
    "content-transfer-encoding",
)  # fmt: skip

_LABELS = r"^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*)?$"


class SealSettings(ChannelSettings):
    """`dkim_key_file` holds an RSA key in PEM; its public half is at ``<selector>._domainkey.<domain>``.

    `dkim_domain` is the sender's unless it is set.
    """

    dkim_key_file: Path | None = None
    dkim_selector: str = Field(default="", pattern=_LABELS)
    dkim_domain: str = Field(default="", pattern=_LABELS)

    @model_validator(mode="after")
    def _can_sign(self) -> Self:
        if bool(self.dkim_key_file) != bool(self.dkim_selector):
            raise ValueError("dkim_key_file and dkim_selector go together: set both or neither")
        if self.dkim_domain and not self.dkim_key_file:
            raise ValueError("dkim_domain is set without dkim_key_file")
        if self.dkim_key_file:
            self.seal("nobody@localhost.localdomain")
        return self

    def seal(self, sender: str) -> Seal | None:
        """Return what signs the mails of a sender; None if none is to be signed.

        Raises:
            ValueError: the key cannot be used, or the extra is not installed.
        """
        if self.dkim_key_file is None:
            return None
        dkim, key = _library(), _content(self.dkim_key_file)
        domain = self.dkim_domain or sender.rpartition("@")[2].lower()
        try:
            return _seal(dkim, key, self.dkim_selector, domain)
        except dkim.DKIMException as error:
            raise ValueError(f"dkim_key_file: {self.dkim_key_file} is no RSA key in PEM: {error}") from None


def _seal(dkim: ModuleType, key: bytes, selector: str, domain: str) -> Seal:
    class Dated(dkim.DKIM):  # type: ignore[misc, name-defined]  # of a module that may be absent
        """Signs at a time of our choosing, where the library asks the clock: a retry must not differ."""

        at = b"0"

        def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: Any, **named: Any) -> bytes:
            dated = [(name, self.at if name == b"t" else value) for name, value in fields]
            return bytes(super().gen_header(dated, *rest, **named))

    def seal(mail: bytes, at: datetime) -> bytes:
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

    seal(b"From: x@localhost\r\n\r\n", datetime.fromtimestamp(0).astimezone())
    return seal


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
