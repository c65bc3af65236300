"""Refuse bytes that are no text of a list: archives, images, web pages, error messages. Pure."""

import re
from typing import BinaryIO

from .base import list_error

_SAMPLE = 1 << 14
_MAGIC = {
    b"PK\x03\x04": "a zip archive or a workbook; unpack it, or save it as CSV",
    b"\x1f\x8b": "a gzip archive; unpack it, or name its address with .gz",
    b"BZh": "a bzip2 archive; unpack it",
    b"\xfd7zXZ": "an xz archive; unpack it",
    b"\x28\xb5\x2f\xfd": "a zstd archive; unpack it",
    b"7z\xbc\xaf": "a 7z archive; unpack it",
    b"Rar!": "a RAR archive; unpack it",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Office document; save it as CSV",
    b"{\\rtf": "an RTF document; save it as plain text",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(r"\s*<[a-z!?/]", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^>]*>([^<]{1,80})", re.IGNORECASE)
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*[{\["])')
_MESSAGE = re.compile(
    r"\W*(?:(?:error|http)?\W*[45]\d\d\b|access (?:is )?denied|forbidden|unauthori[sz]ed|bad gateway"
    r"|(?:page |file )?not found|(?:please )?(?:sign|log) ?in\b|(?:your )?session (?:has )?expired"
    r"|service (?:is )?(?:temporarily )?unavailable|internal server error|too many requests"
    r"|request (?:blocked|rejected)|maintenance)",
    re.IGNORECASE,
)
_SHORT = 8  # lines: a longer text is no error message
_MAX_LETTERS, _MAX_WORDS = 300, 30  # of a name
_MAX_SHARE = 0.1  # of lines that are no names


def encoding_of(stream: BinaryIO, name: str) -> str:
    """Return the encoding of a text; the stream stays at its start.

    Raises:
        ListError: it is an archive, a document, a web page or JSON, or it holds NUL bytes.
    """
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    for magic, what in _MAGIC.items():
        if sample.startswith(magic):
            raise list_error(name, f"is {what}")
    encoding = "utf-16" if sample.startswith(_UTF_16) else ""
    if not encoding and b"\0" in sample:
        raise list_error(name, "holds NUL bytes: it is no text, or UTF-16 without a mark; save it as UTF-8")
    _check_markup(sample.decode(encoding or "utf-8", "replace").lstrip("\ufeff"), name)
    return encoding or "utf-8-sig"


def _check_markup(text: str, name: str) -> None:
    if _JSON.match(text):
        raise list_error(name, "is JSON, and no list of names")
    if not _MARKUP.match(text):
        return
    title = _PAGE_TITLE.search(text)
    called = f" with the title {title[1].strip()!r}" if title else ""
    raise list_error(name, f"is a web page or XML{called}, and no list of names")


def check_names(lines: list[str], name: str) -> None:
    """Refuse lines that cannot be names: mark-up, prose, or the message of a server.

    Raises:
        ListError: they are not a list; the text quotes one of them.
    """
    filled = [line.strip() for line in lines if line.strip()]
    wrong = [line for line in filled if _TAG.search(line) or _is_prose(line)]
    if len(wrong) > len(filled) * _MAX_SHARE:
        raise list_error(name, f"holds lines that are no names: {wrong[0][:60]!r}")
    if len(filled) <= _SHORT and (message := next(filter(_is_message, filled), "")):
        raise list_error(name, f"reads like the message of a server: {message[:60]!r}")


def _is_message(line: str) -> bool:
    """Say whether a line is the message of a server; unlike those, "Forbidden City" goes on in capitals."""
    found = _MESSAGE.match(line)
    return found is not None and not any(word[0].isupper() for word in line[found.end() :].split()[:1])


def _is_prose(line: str) -> bool:
    return len(line) > _MAX_LETTERS or len(line.split()) > _MAX_WORDS
