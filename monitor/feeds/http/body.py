"""Read the body of a response and inflate it, both within limits."""

import hashlib

import httpx

from monitor.errors import FeedError, FeedHealth

from .inflate import Inflated, TooLarge, Unreadable, inflate
from .redirects import FinalResponse

#: Larger bodies are inflated and hashed in a thread.
LARGE_BODY = 200_000


class Mislabelled(FeedError):
    """A body is not encoded as its header says."""


async def read_body(final: FinalResponse, limit: int) -> tuple[bytes, bool]:
    """Return the bytes received, and whether the response broke off after some of them."""
    got = bytearray()
    try:
        async for chunk in final.stream(limit):
            got += chunk
    except (httpx.ReadError, httpx.RemoteProtocolError):
        if not got:
            raise
        return bytes(got), True
    return bytes(got), False


def inflate_body(received: bytes, final: FinalResponse, limit: int) -> tuple[Inflated, str]:
    """Return the decoded body of a response and its hash.

    Raises:
        FeedError: more than `limit` bytes, or not encoded as its header says.
    """
    try:
        inflated = inflate(received, final.response.headers.get("Content-Encoding", ""), limit)
    except (TooLarge, Unreadable) as error:
        raise inflate_error(error, final, limit) from error
    return inflated, hashlib.sha256(inflated.body).hexdigest()


def inflate_error(error: TooLarge | Unreadable, final: FinalResponse, limit: int) -> FeedError:
    """Return the error for a body that cannot be inflated."""
    if isinstance(error, TooLarge):
        return FeedError(f"{final.display_url} unpacks to more than {limit:,} bytes", FeedHealth.TOO_LARGE)
    return Mislabelled(f"{final.display_url} answers with a body that is {error}", FeedHealth.PROTOCOL)
