"""Decompression that stops at a limit: gzip of many members, deflate with its header or without. Pure."""

import zlib
from dataclasses import dataclass, field

_GZIP = b"\x1f\x8b\x08"
_SLICE = 65_536
_MEMBERS = 1_000  # each costs a slice: more is an attack on our time
_LAYERS = 2  # some servers compress what is already compressed
_KNOWN = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class TooLarge(Exception):
    """What comes out is larger than allowed."""


class Unreadable(Exception):
    """The bytes are in an encoding that we never asked for, or not what they claim."""


@dataclass(frozen=True, slots=True)
class Inflated:
    """Bytes after decompression; `whole` is False when the input ended before its end mark."""

    body: bytes = field(repr=False)
    whole: bool = True


def inflate(body: bytes, encodings: str, max_bytes: int) -> Inflated:
    """Undo the `Content-Encoding` of a body, and gzip that nobody declared.

    Plain bytes that claim to be compressed are taken as they are.

    Raises:
        TooLarge: more than `max_bytes` would come out; no more than that is ever held.
        Unreadable: encoded in a way not asked for, or damaged from the start.
    """
    names = tuple(name.strip().lower() for name in encodings.split(","))
    unknown = tuple(name for name in names if name not in _KNOWN)
    if unknown and not body.startswith(_GZIP):
        raise Unreadable(f"encoded as {unknown[0][:20]!r}, which was not asked for")
    done = Inflated(body)
    if "deflate" in names and not body.startswith(_GZIP):
        done = _deflated(body, max_bytes)
    for _ in range(_LAYERS):
        if done.body.startswith(_GZIP):
            inner = _members(done.body, max_bytes)
            done = Inflated(inner.body, inner.whole and done.whole)
    if len(done.body) > max_bytes:
        raise TooLarge
    return done


def _members(body: bytes, max_bytes: int) -> Inflated:
    """Read gzip members one after another; bytes after the last that are no member are ignored."""
    out = bytearray()
    view = memoryview(body)
    at = 0
    for _ in range(_MEMBERS):
        at, whole = _one(view, at, zlib.MAX_WBITS | 16, out, max_bytes)
        if not whole or bytes(view[at : at + 3]) != _GZIP:
            return Inflated(bytes(out), whole)
    raise TooLarge


def _deflated(body: bytes, max_bytes: int) -> Inflated:
    """Read zlib's format, or the bare one that some servers send under the same name (RFC 9110 §8.4.1.2)."""
    headed = len(body) > 1 and body[0] & 15 == 8 and (body[0] << 8 | body[1]) % 31 == 0
    out = bytearray()
    try:
        _, whole = _one(memoryview(body), 0, zlib.MAX_WBITS if headed else -zlib.MAX_WBITS, out, max_bytes)
    except Unreadable:
        return Inflated(body)
    return Inflated(bytes(out), whole)


def _one(view: memoryview, at: int, wbits: int, out: bytearray, max_bytes: int) -> tuple[int, bool]:
    """Append one compressed stream to `out`; return where it ended and whether its end mark was there."""
    stream = zlib.decompressobj(wbits)
    before = len(out)
    while at < len(view) and not stream.eof:
        piece: bytes | memoryview = view[at : at + _SLICE]
        at += len(piece)
        while piece and not stream.eof:
            try:
                out += stream.decompress(piece, max_bytes + 1 - len(out))
            except zlib.error as error:
                if len(out) == before:
                    raise Unreadable("compressed, but damaged from the start") from error
                return at, False
            if len(out) > max_bytes:
                raise TooLarge
            piece = stream.unconsumed_tail
    return at - len(stream.unused_data), stream.eof
