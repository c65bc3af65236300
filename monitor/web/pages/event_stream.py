"""The stream of events that an open page listens to."""

from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from monitor.web.events import MAX_STREAMS

from .common import DeskRouter, Web

router = DeskRouter()


@router.get("/events")
async def events(request: Request, web: Web) -> Response:
    """Stream events, those after Last-Event-ID first."""
    if len(web.events.streams) >= MAX_STREAMS:
        raise HTTPException(503, "Too many pages listen already.")
    given = request.headers.get("last-event-id", "")
    last = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    return StreamingResponse(
        web.events.listen(last),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
