"""Download a document of any size to a file in constant memory, unpack it, and move it into place."""

import asyncio
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import httpx

from monitor.errors import FeedError, FeedHealth
from monitor.resources import private

from .inflate import Unpacked
from .redirects import FinalResponse

_CHUNK = 1_000_000


async def spool(response: FinalResponse, limit: int, beside: Path) -> BinaryIO:
    """Return an unnamed file on the disk of `beside` with the response body as sent; the caller closes it.

    Raises:
        FeedError: more than `limit` bytes, broken off, or no room.
    """
    with ExitStack() as stack:
        file = stack.enter_context(_temporary(beside))
        buffer = bytearray()
        try:
            async for chunk in response.stream(limit):
                buffer += chunk
                if len(buffer) > _CHUNK:
                    await asyncio.to_thread(file.write, bytes(buffer))
                    buffer.clear()
        except (httpx.ReadError, httpx.RemoteProtocolError) as error:
            raise broken_off(response.display_url) from error
        await asyncio.to_thread(file.write, bytes(buffer))
        file.seek(0)
        stack.pop_all()
        return file


def _temporary(beside: Path) -> BinaryIO:
    try:
        return TemporaryFile(dir=beside.parent)
    except OSError as error:
        raise FeedError(
            f"{beside.parent} cannot be written to: {error.strerror}", FeedHealth.PROTOCOL
        ) from error


def broken_off(where: str) -> FeedError:
    """Return the error for a document that arrived only in part."""
    return FeedError(f"{where} broke off before its end; it is asked again later", FeedHealth.PARTIAL)


def unpack_to(file: BinaryIO, encodings: str, limit: int, path: Path) -> tuple[int, str, bool]:
    """Unpack a file beside `path` and move it to `path` if it is whole; return (size, hash, whole).

    Raises:
        TooLarge, Unreadable: as `inflate` does.
        OSError: `path` cannot be written.
    """
    unpacked = Unpacked(_pieces(file), encodings, limit)
    digest, size = hashlib.sha256(), 0
    new = path.with_name(f"{path.name}.new")
    try:
        with open(new, "wb", opener=private) as out:
            for piece in unpacked:
                digest.update(piece)
                size += out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if unpacked.whole:
            new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return size, digest.hexdigest(), unpacked.whole


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(65_536):
        yield piece
