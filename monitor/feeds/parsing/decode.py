"""Decode bytes: by byte-order mark, as valid UTF-8, by label, or by a guess. Pure."""

import codecs
import re

_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_ASCII = bytes(range(128))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)

#: Encodings for text. Others that Python knows (punycode, idna) take quadratic time.
_FAMILIES = (
    "iso",
    "cp",
    "koi8",
    "gb",
    "big5",
    "euc",
    "shift",
    "mac",
    "tis",
    "johab",
    "hz",
    "kz",
    "utf-16",
    "utf-32",
)
#: The encodings that senders mean by a label (WHATWG Encoding).
_ACTUAL = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "iso8859-9": "cp1254"}

_DAMAGED_SHARE = 0.05
_FEW_BAD_BYTES = 3
_MAX_SAMPLE = 16_000


def decode(body: bytes, content_type: str = "", override: str = "") -> tuple[str, str]:
    """Return the text and the encoding taken; "…?" if guessed, "utf-8!" if bad bytes were replaced.

    Order: byte-order mark; `override` from the configuration; valid UTF-8, whatever labels claim; UTF-8 when
    at most 5 % of its non-ASCII bytes are bad; the XML declaration; the header; UTF-8 when few bytes are bad;
    a guess. Undecodable bytes become U+FFFD.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace"), name
    if override and (name := known_encoding(override)):
        return body.decode(name, "replace"), name
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_unproved(body, content_type)


def _decode_unproved(body: bytes, content_type: str) -> tuple[str, str]:
    patched = body.decode("utf-8", "replace")
    bad = patched.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if bad <= _DAMAGED_SHARE * len(body.translate(None, _ASCII)):
        return patched, "utf-8!"
    for label in _labels(body, content_type):
        return body.decode(label, "replace"), label
    if bad <= _FEW_BAD_BYTES:
        return patched, "utf-8!"
    from charset_normalizer import from_bytes  # noqa: PLC0415  few documents need a guess

    guess = from_bytes(_sample(body)).best()
    return (body.decode(guess.encoding, "replace"), f"{guess.encoding}?") if guess else (patched, "utf-8!")


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return the encodings of the labels, the document's own first; UTF-8 was tried before."""
    declared, charset = _DECLARED.search(body[:400]), _CHARSET.search(content_type)
    claims = (declared[1].decode() if declared else "", charset[1] if charset else "")
    return [name for claim in claims if (name := _usable(claim))]


def known_encoding(name: str) -> str:
    """Return the encoding of a configured name, "" if there is no such encoding for text."""
    return "utf-8" if name.lower().replace("_", "-") in {"utf-8", "utf8"} else _usable(name)


def _usable(claim: str) -> str:
    try:
        name = codecs.lookup(claim).name
    except LookupError:
        return ""
    return _ACTUAL.get(name, name) if name.startswith(_FAMILIES) else ""


def _sample(body: bytes) -> bytes:
    """Return text between tags that is not plain ASCII, enough for a guess."""
    pieces = re.split(rb"[<>]", body[:1_000_000])
    return b"\n".join(piece for piece in pieces if not piece.isascii())[:_MAX_SAMPLE]
