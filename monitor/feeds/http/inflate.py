"""Inflate gzip, deflate, br and zstd up to a limit, declared or not, with any number of members. Pure.

The bytes win over the header: a body that begins like a document is one. Output comes in small pieces, so at
most one piece beyond the limit is in memory.
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: The encodings we can read, as the value of `Accept-Encoding`.
ACCEPTED = "gzip, deflate, br, zstd"

_SLICE = 65_536
_MAX_MEMBERS = 10_000  # lists packed in blocks have thousands; more is an attack on our time
_MAX_LAYERS = 2  # some servers compress what is already compressed
_PLAIN = frozenset({"", "identity"})
#: No br or deflate stream with content begins like this.
_DOCUMENT = (b"<", b"{", b"\xef\xbb\xbf")
_LARGEST_WINDOW = 23  # of 8 MB, the most that zstd may take in HTTP (RFC 9659)


class TooLarge(Exception):
    """The inflated bytes exceed the limit."""


class Unreadable(Exception):
    """The bytes are in an encoding that was not requested, or damaged."""


@dataclass(frozen=True, slots=True)
class Inflated:
    """Bytes after decompression; `whole` is False when the input ended before its end mark."""

    body: bytes = field(repr=False)
    whole: bool = True


def inflate(body: bytes, encodings: str, max_bytes: int) -> Inflated:
    """Undo the `Content-Encoding` of a body, and undeclared gzip or zstd.

    Raises:
        TooLarge: more than `max_bytes` would come out.
        Unreadable: encoded in a way not asked for, or damaged from the start.
    """
    view = memoryview(body)
    unpacked = Unpacked(
        (bytes(view[at : at + _SLICE]) for at in range(0, len(body), _SLICE)), encodings, max_bytes
    )
    return Inflated(b"".join(unpacked), unpacked.whole)


class Unpacked:
    """The result of `inflate`, piece by piece; `whole` is final at the end.

    Raises:
        TooLarge, Unreadable: as `inflate` does, while it is iterated.
    """

    def __init__(self, chunks: Iterable[bytes], encodings: str, max_bytes: int) -> None:
        self.whole = True
        self._chunks = chunks
        self._names = [name.strip().lower() for name in reversed(encodings.split(","))]
        self._max_bytes = max_bytes

    def __iter__(self) -> Iterator[bytes]:
        declared = [name for name in self._names if name not in _PLAIN]
        pieces: Iterator[bytes] = filter(None, self._chunks)
        for depth in range(_MAX_LAYERS):
            pieces = self._layer(_ChunkSource(pieces), declared[depth] if depth < len(declared) else "")
        return pieces

    def _layer(self, source: "_ChunkSource", name: str) -> Iterator[bytes]:
        """Undo one encoding; plain bytes pass through."""
        size = 0
        for piece in self._pieces(source, name):
            size += len(piece)
            if size > self._max_bytes:
                raise TooLarge
            yield piece

    def _pieces(self, source: "_ChunkSource", name: str) -> Iterator[bytes]:
        begin = _codec(source.peek(), name)
        if begin is None:
            yield from source
            return
        for _ in range(_MAX_MEMBERS):
            stream = begin()
            yield from self._member(stream, source)
            source.give_back(stream.unused)
            if not stream.ended:
                self.whole = False
                return
            if _codec_by_magic(source.peek()) is not begin:  # trailing bytes are no member
                return
        raise TooLarge

    def _member(self, stream: "_Decompressor", source: "_ChunkSource") -> Iterator[bytes]:
        """Yield the bytes of one stream; damage after some of them counts as an early end."""
        started = False
        while not stream.ended and (chunk := source.take()):
            try:
                for piece in filter(None, stream.unpack(chunk)):
                    started = True
                    yield piece
            except (zlib.error, zstd.ZstdError, brotli.error) as error:
                if started:
                    return
                raise Unreadable("compressed, but damaged from the start") from error


class _ChunkSource:
    """Chunks that can be peeked at."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._buffer = b""

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.take():
            yield chunk

    def peek(self) -> bytes:
        while len(self._buffer) < 4 and (more := next(self._chunks, b"")):
            self._buffer += more
        return self._buffer[:4]

    def take(self) -> bytes:
        chunk, self._buffer = self._buffer or next(self._chunks, b""), b""
        return chunk

    def give_back(self, chunk: bytes) -> None:
        self._buffer = chunk + self._buffer


class _Decompressor(Protocol):
    """One compressed stream; `unused` are the bytes after its end."""

    ended: bool
    unused: bytes

    def unpack(self, chunk: bytes) -> Iterator[bytes]: ...


class _Zlib:
    """Gzip and both kinds of deflate."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)
        self.ended, self.unused = False, b""

    def unpack(self, chunk: bytes) -> Iterator[bytes]:
        full = True
        while (chunk or full) and not self.ended:
            piece = self._stream.decompress(chunk, _SLICE)
            chunk, full = self._stream.unconsumed_tail, len(piece) == _SLICE
            self.ended, self.unused = self._stream.eof, self._stream.unused_data
            yield piece


class _Zstd:
    def __init__(self) -> None:
        bounds: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW}
        self._stream = zstd.ZstdDecompressor(options=bounds)
        self.ended, self.unused = False, b""

    def unpack(self, chunk: bytes) -> Iterator[bytes]:
        hungry = False
        while not (hungry or self.ended):
            piece = self._stream.decompress(chunk, _SLICE)
            chunk, hungry = b"", self._stream.needs_input
            self.ended, self.unused = self._stream.eof, self._stream.unused_data
            yield piece


class _Brotli:
    unused = b""  # has no members

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.ended = False

    def unpack(self, chunk: bytes) -> Iterator[bytes]:
        hungry = False
        while not (hungry or self.ended):
            piece: bytes = self._stream.process(chunk, output_buffer_limit=_SLICE)
            chunk, hungry = b"", not piece and self._stream.can_accept_more_data()
            self.ended = self._stream.is_finished()
            yield piece


def _gzip() -> _Decompressor:
    return _Zlib(zlib.MAX_WBITS | 16)


def _zlib() -> _Decompressor:
    return _Zlib(zlib.MAX_WBITS)


def _raw_deflate() -> _Decompressor:
    return _Zlib(-zlib.MAX_WBITS)


def _codec_by_magic(start: bytes) -> Callable[[], _Decompressor] | None:
    """Return the decompressor for the magic bytes of a stream, if it has any (RFC 1952, RFC 8878)."""
    if start.startswith(b"\x1f\x8b\x08"):
        return _gzip
    skippable = start[1:] == b"\x2a\x4d\x18" and 0x50 <= start[0] <= 0x5F
    return _Zstd if skippable or start == b"\x28\xb5\x2f\xfd" else None


def _codec(start: bytes, name: str) -> Callable[[], _Decompressor] | None:
    """Return the decompressor for an encoding, None for plain bytes.

    Raises:
        Unreadable: an unknown encoding.
    """
    if marked := _codec_by_magic(start):
        return marked
    if name in {"", "gzip", "x-gzip", "zstd"} or not start or start.startswith(_DOCUMENT):
        return None
    if name == "br":
        return _Brotli
    if name == "deflate":  # zlib's format, or the bare one that some send under its name (RFC 9110 §8.4.1.2)
        headed = start[0] & 15 == 8 and int.from_bytes(start[:2], "big") % 31 == 0
        return _zlib if headed else _raw_deflate
    raise Unreadable(f"encoded as {name[:20]!r}, which was not asked for")
