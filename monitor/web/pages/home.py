"""The first page: the list of stories for those who may use the desk, else what runs here."""

from fastapi import Request, Response

from monitor import __version__
from monitor.web.render import link_page
from monitor.web.security.guards import can_sign_in, identity_of

from .common import PublicRouter, Web
from .stories import show_stories

router = PublicRouter()


@router.get("/")
async def home(request: Request, web: Web) -> Response:
    """Show the stories, or what runs here."""
    if await identity_of(request, web):
        return await show_stories(request, web)
    context = {"page": "home", "version": __version__, "can_sign_in": await can_sign_in(web)}
    return link_page(web.policy, context)
