"""The check of a load balancer or a container: whether the store answers, and nothing more."""

import asyncio

from fastapi.responses import PlainTextResponse, Response

from monitor.errors import StoreError

from .common import PublicRouter, Web

#: Timeout of the check of the store.
TIMEOUT_S = 5.0

router = PublicRouter()


@router.get("/healthz")
async def healthz(web: Web) -> Response:
    """Answer 200 while the store answers, else 503."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await web.read(web.store.silences, web.clock())
    except (StoreError, TimeoutError):
        return PlainTextResponse("the store does not answer\n", 503)
    return PlainTextResponse("ok\n")
