"""Explain a text or a page: how it would be judged, and why."""

from fastapi import Request, Response

from monitor.errors import ConfigError
from monitor.web.render import show
from monitor.web.workbench.explanation import explain_address, explain_text, explanation_context

from .common import DeskRouter, Form, Web

router = DeskRouter()


@router.post("/workbench/explain")
async def explain(request: Request, web: Web, form: Form) -> Response:
    """Judge a pasted text, or the page at an address, and show why."""
    text = form.one("text")[:20_000]
    try:
        if text.startswith(("http://", "https://")) and not any(map(str.isspace, text)):
            async with web.turns.fetches.turn():
                found = await explain_address(web, text)
        else:
            found = await explain_text(web, text)
    except ConfigError as error:
        return await show(request, web, "explain", explanation_context, text, None, str(error))
    return await show(request, web, "explain", explanation_context, text, found)


@router.get("/workbench/explain")
async def ask_text(request: Request, web: Web) -> Response:
    """Show the form for a text or an address."""
    return await show(request, web, "explain", explanation_context, "", None)
