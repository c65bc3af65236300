"""The audit log: who did what at the desk, newest first."""

from fastapi import Request, Response

from monitor.web.render import desk_page

from .common import DeskRouter, Web

router = DeskRouter()

#: Entries on one page.
PAGE_SIZE = 100


@router.get("/audit")
async def audit(request: Request, web: Web, before: int = 0) -> Response:
    """Show a page of the log."""
    entries = await web.read(web.store.audit, before, PAGE_SIZE + 1)
    older = entries[PAGE_SIZE - 1].number if len(entries) > PAGE_SIZE else 0
    return desk_page(request, web, "audit", {"entries": entries[:PAGE_SIZE], "older": older})
