"""The audit log: who did what at the desk, newest first."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from monitor.store import Store
from monitor.web.render import show

from .common import DeskRouter, Web

router = DeskRouter()

#: Entries on one page.
PAGE_SIZE = 100


@router.get("/audit")
async def audit(request: Request, web: Web, before: int = 0) -> Response:
    """Show a page of the log."""
    return await show(request, web, "audit", _context, web.store, before)


def _context(store: Store, before: int) -> Mapping[str, Any]:
    entries = store.audit(before, PAGE_SIZE + 1)
    older = entries[PAGE_SIZE - 1].number if len(entries) > PAGE_SIZE else 0
    return {"entries": entries[:PAGE_SIZE], "older": older}
