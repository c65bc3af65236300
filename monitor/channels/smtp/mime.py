"""Compose a mail from a delivery: pure, the same bytes for the same delivery.

This module writes header lines itself. The standard library encodes long ids and links, exceeds the limit of
encoded words, and decodes parts of headlines that look like encoded words.

Sources: RFC 5322, RFC 2045–2047, RFC 2369 and 2919 (List-*), RFC 3834 (Auto-Submitted), RFC 8058 (one click).
"""

import base64
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import format_datetime, quote

from monitor.errors import DeliveryError
from monitor.model import Attachment, Delivery, DeliveryKind, Message, key_of

from .addresses import domain_of, mailbox, sanitized

_PLAIN = re.compile(r"[ -~]*")
_LINE = 66  # with the longest name in front of it still under 78
_WORD_BYTES = 39  # base64 of it and `=?utf-8?b??=` come to 64, where 75 are allowed
_SUBJECT = 400
_ID_DOMAIN = (
    41  # an id of up to 27 characters, `@` and brackets make 70 with it: some clients cut longer ones
)
_TOO_BIG = "What was attached was too big for the mail server and was left out."


@dataclass(frozen=True, slots=True)
class Heading:
    """The sender of all mails of a channel, and the addresses for unsubscribing.

    `unsubscribe` is the operator's ``mailto:`` or ``https:`` address; at the ``https:`` address `one_click`
    one POST unsubscribes.
    """

    sender: str
    unsubscribe: str = ""
    one_click: str = ""


def compose(delivery: Delivery, heading: Heading) -> bytes:
    """Return the whole mail with CRLF line ends: text, then HTML, then what is attached.

    It is ASCII, except for a recipient's address outside ASCII in ``To`` (RFC 6532).

    The Message-ID is the delivery's id and the Date the time it was owed, so every attempt sends the same
    bytes. Alerts of one story refer to one root that was never sent, which gathers them in one thread.
    """
    lines = [f"{name}: {value}" for name, value in _headers(delivery, heading)]
    return "\r\n".join(lines).encode() + b"\r\n" + _body(delivery)


def lighter(message: Message) -> Iterator[tuple[Message, str]]:
    """Yield smaller versions of a message, each with the name of the part left out."""
    if message.attachments:
        text = f"{message.text.rstrip()}\n\n{_TOO_BIG}\n"
        html = re.sub(r"(?i)(?=</body>|\Z)", f"<p>{_TOO_BIG}</p>", message.html, count=1)
        message = replace(message, attachments=(), text=text, html=html if message.html else "")
        yield message, "what was attached"
    if message.html:
        yield replace(message, html=""), "the HTML part"


def _headers(delivery: Delivery, heading: Heading) -> Iterator[tuple[str, str]]:
    domain = domain_of(heading.sender)
    ids = _short(domain)
    yield "Date", format_datetime(delivery.created_at)
    yield "From", _address(heading.sender)
    if delivery.recipient:
        yield "To", _address(delivery.recipient)
    yield "Subject", _words(delivery.message.subject)
    yield "Message-ID", f"<{_token(delivery.id)}@{ids}>"
    if delivery.story and delivery.kind == DeliveryKind.ALERT:
        root = f"<story-{key_of(delivery.story)}@{ids}>"
        yield "In-Reply-To", root
        yield "References", root
    yield "List-Id", f"<{_token(delivery.kind)}.{_token(delivery.channel)}.{domain}>"
    links = tuple(filter(None, (heading.one_click, heading.unsubscribe)))
    if links:
        yield "List-Unsubscribe", ",\r\n ".join(f"<{link}>" for link in links)
    if heading.one_click:
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"


def _body(delivery: Delivery) -> bytes:
    message = delivery.message
    from email import policy  # noqa: PLC0415  takes longer than to read a configuration

    part = EmailMessage(policy=policy.SMTP)
    part.set_content(_clean(message.text), cte=_encoding(message.text))
    if message.html:
        part.add_alternative(_clean(message.html), subtype="html", cte=_encoding(message.html))
        # Neither quoted-printable nor base64 contains "=_": no text can end its part early (RFC 2045 §6.7).
        part.set_boundary(f"=_{key_of(delivery.id)}")
    for attachment in message.attachments:
        _attach(part, attachment)
    if message.attachments:
        part.set_boundary(f"=_{key_of(delivery.id, 'mixed')}")
    return part.as_bytes()


def _attach(part: EmailMessage, attachment: Attachment) -> None:
    """Add a file in base64, which keeps its line ends and its byte order mark as they are."""
    kind, _, subtype = attachment.type.partition("/")
    params = {"charset": "utf-8"} if kind == "text" else {}
    content = attachment.text.encode("utf-8", "replace")
    part.add_attachment(content, kind, subtype, filename=tame_name(attachment.name), params=params)


def tame_name(name: str) -> str:
    """Return a file's name of letters, digits, dots and dashes, which leads out of no folder."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-") or "attachment"


def _encoding(text: str) -> str:
    """Choose what stays readable where it can: never 8-bit, never bare lines that someone may rewrap."""
    foreign = sum(char > "~" for char in text)
    return "base64" if foreign * 6 > len(text) else "quoted-printable"


def _address(written: str) -> str:
    try:
        name, address = mailbox(written)
    except ValueError as error:
        raise DeliveryError(str(error), permanent=True) from error
    if not name:
        return address
    plain = _PLAIN.fullmatch(name) and "=?" not in name and len(name) < _LINE
    shown = f'"{quote(name)}"' if plain else _encoded(name)
    return f"{shown}\r\n <{address}>" if len(shown) + len(address) > _LINE else f"{shown} <{address}>"


def _words(text: str) -> str:
    """Return free text for a header: folded at spaces where that is safe, else as encoded words."""
    text = " ".join(sanitized(text).split())[:_SUBJECT]
    lines = textwrap.wrap(text, _LINE, break_long_words=False, break_on_hyphens=False)
    if _PLAIN.fullmatch(text) and "=?" not in text and all(len(line) <= _LINE for line in lines):
        return "\r\n ".join(lines)
    return _encoded(text)


def _encoded(text: str) -> str:
    """Return RFC 2047 encoded words of whole characters, each at most 75 long, one a line."""
    chunks = [b""]
    for char in text:
        octets = char.encode("utf-8", "replace")
        if len(chunks[-1]) + len(octets) > _WORD_BYTES:
            chunks.append(b"")
        chunks[-1] += octets
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in chunks)


def _short(domain: str) -> str:
    """Return as many labels of a domain, from its end, as an id has room for."""
    labels = domain.split(".")
    while len(".".join(labels)) > _ID_DOMAIN and len(labels) > 2:
        labels.pop(0)
    return ".".join(labels)[-_ID_DOMAIN:].lstrip("-.")


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", text).strip("-") or "x"


def _clean(text: str) -> str:
    """Drop what cannot be sent as UTF-8, and NUL, which ends a message in some servers."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
