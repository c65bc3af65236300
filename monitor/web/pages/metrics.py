"""Metrics for Prometheus, and whether the service is ready: what machines ask for."""

import hmac

from fastapi import HTTPException
from fastapi.responses import PlainTextResponse, Response

from monitor.web.metrics import SERIOUS, MetricsSource, exposition

from .common import PublicRouter, Web

router = PublicRouter()


@router.get("/metrics")
async def metrics(web: Web, token: str = "") -> Response:
    """Serve the metrics; with a feed token configured, only to those who know it."""
    expected = web.policy.web.feed_token
    if expected and not hmac.compare_digest(token.encode(), expected.encode()):
        raise HTTPException(403, "Metrics are for those who know the feed token: /metrics?token=…")
    source = MetricsSource(
        store=web.store,
        news=web.news_counts,
        judging=web.jobs.judging,
        subscriptions=web.policy.subscriptions,
    )
    snapshot = await web.read(source.snapshot, web.clock())
    body = await web.read(exposition, snapshot)
    return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/readyz")
async def readyz(web: Web) -> Response:
    """Answer 200 while nothing serious is wrong, else 503 with the kinds of what is."""
    incidents = await web.read(web.store.open_incidents)
    wrong = sorted({each.kind for each in incidents if each.kind in SERIOUS})
    if wrong:
        return PlainTextResponse(f"not ready: {', '.join(wrong)}\n", 503)
    return PlainTextResponse(f"ok; {len(incidents)} incidents are open\n")
