"""Send one GET by the cheapest way that a client offers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx

from .received import Received, ResponseHeaders
from .transport import DirectClient


def get(
    http: httpx.AsyncClient, url: httpx.URL, headers: Mapping[str, str]
) -> AbstractAsyncContextManager[Received]:
    """Send a GET without following redirects.

    Raises:
        httpx.HTTPError: it fails, also while the body is read.
    """
    if isinstance(http, DirectClient):
        return http.get_direct(url, headers)
    return _through_httpx(http, url, headers)


@asynccontextmanager
async def _through_httpx(
    http: httpx.AsyncClient, url: httpx.URL, headers: Mapping[str, str]
) -> AsyncIterator[Received]:
    async with http.stream("GET", url, headers=headers, auth=None, follow_redirects=False) as response:
        raw = ResponseHeaders(response.headers.raw)
        yield Received(response.status_code, str(response.url), raw, response.aiter_raw())
