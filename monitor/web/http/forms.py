"""Read the body of a form: bounded in size and time, as fields that may repeat."""

import asyncio
from collections.abc import Mapping
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

#: Largest body of a link's form in bytes; our forms have about twenty, those of mail programs few more.
MAX_LINK_BODY = 4096

#: Largest body of a form of the desk: a list of chosen rows, or the text of a rule.
MAX_DESK_BODY = 256 * 1024

#: Fields in one form.
_MAX_FIELDS = 2_000

#: How long a client may take to send a body.
_BODY_S = 10.0

_UNREADABLE = HTTPException(400, "This form cannot be read.")
_ENCODINGS = {"", "7bit", "8bit", "binary"}

Fields = Mapping[str, tuple[str, ...]]


async def read_form(request: Request, most: int = MAX_LINK_BODY) -> Fields:
    """Return the fields of a form by name, each with its values in order.

    Raises:
        HTTPException: 400 it cannot be read, 408 it came too slowly, 413 it is too long.
    """
    body = await _body(request, most)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise _UNREADABLE
    content_type = request.headers.get("content-type", "")
    head = _parsed(content_type)
    try:
        pairs = _in_parts(content_type, body) if _is_multipart(head) else _urlencoded(head, body)
    except (ValueError, LookupError) as error:
        raise _UNREADABLE from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return {name: tuple(given) for name, given in fields.items()}


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field, or ""."""
    return next(iter(fields.get(name, ())), "")


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise HTTPException(413, f"This form has more than {most} bytes.")
    except TimeoutError as error:
        raise HTTPException(408, "This form came too slowly.") from error
    return bytes(body)


def _parsed(content_type: str, body: bytes = b"") -> EmailMessage:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    return BytesParser(EmailMessage, policy=policy.HTTP).parsebytes(head + body)


def _is_multipart(head: Message) -> bool:
    return head.get_content_type() == "multipart/form-data"


def _urlencoded(head: Message, body: bytes) -> list[tuple[str, str]]:
    charset = head.get_content_charset("utf-8")
    if charset not in {"utf-8", "us-ascii", "iso-8859-1"}:
        raise LookupError(charset)
    return parse_qsl(
        body.decode(charset),
        keep_blank_values=True,
        encoding=charset,
        errors="strict",
        max_num_fields=_MAX_FIELDS,
    )


def _in_parts(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form in parts (RFC 7578), each of them text."""
    whole = _parsed(content_type, body)
    if whole.defects or not whole.is_multipart():
        raise ValueError("not in parts")
    return [_field(part) for part in whole.iter_parts()]


def _field(part: Message) -> tuple[str, str]:
    name = part.get_param("name", header="content-disposition")
    if (
        part.defects
        or not isinstance(name, str)
        or part.get("content-transfer-encoding", "").lower() not in _ENCODINGS
    ):
        raise ValueError("a part that is no field")
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise ValueError("parts within a part")
    return name, content.decode(part.get_content_charset("utf-8"))
