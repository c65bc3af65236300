"""The first page: the desk for those who may use it, and what runs here for everybody else."""

from fastapi import Request, Response

from monitor import __version__
from monitor.web.render import link_page
from monitor.web.security.guards import can_sign_in, identity_of

from .common import PublicRouter, Web

router = PublicRouter()


@router.get("/")
async def home(request: Request, web: Web) -> Response:
    """Show what runs here."""
    await identity_of(request, web)
    context = {"page": "home", "version": __version__, "can_sign_in": await can_sign_in(web)}
    return link_page(web.policy, context)
