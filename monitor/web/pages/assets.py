"""Serve the style sheet and the script."""

from fastapi import HTTPException, Response

from monitor.web.static_files import static_files

from .common import PublicRouter

router = PublicRouter()

_CACHED = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/static/{name}")
async def asset(name: str) -> Response:
    """Serve one file; its address changes with its content, so it is kept for good."""
    if name not in static_files():
        raise HTTPException(404, "There is no such file.")
    media_type, content = static_files()[name]
    return Response(content, media_type=media_type, headers=_CACHED)
