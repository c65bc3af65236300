"""Render pages: those of the desk, those behind links in messages, and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from monitor.jobs.policy import Policy

from .base import WebContext
from .http.headers import link_page_policy, new_nonce, page_policy
from .security.access import Identity
from .static_files import static_url

_OLD_PAGE_NAMES = {"unsubscribe": "farewell", "action": "act"}

#: Pages in the head, in order: (address, name).
MENU: tuple[tuple[str, str], ...] = (("/", "Home"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page of the desk shows around its content."""

    nonce: str
    path: str
    user: str
    may_edit: bool
    csrf: str
    signed_in: bool
    menu: tuple[tuple[str, str], ...] = MENU

    @staticmethod
    def static(name: str) -> str:
        """Return the address of a style sheet or a script."""
        return static_url(name)


def frame_of(request: Request, web: WebContext) -> Frame:
    """Return the frame for whoever sent a request."""
    identity: Identity | None = getattr(request.state, "identity", None)
    session = identity.session if identity else ""
    return Frame(
        nonce=new_nonce(),
        path=request.url.path,
        user=identity.name if identity else "",
        may_edit=identity is not None and identity.may_edit,
        csrf=web.tokens.token(session),
        signed_in=bool(session),
    )


def desk_page(
    request: Request, web: WebContext, name: str, context: Mapping[str, Any], status: int = 200
) -> Response:
    """Return a page of the desk, from ``templates/web/NAME.html.j2``."""
    frame = frame_of(request, web)
    html = web.policy.renderer.desk_page(name, {**context, "frame": frame})
    return HTMLResponse(html, status, headers={"Content-Security-Policy": page_policy(frame.nonce)})


def link_page(policy: Policy, context: Mapping[str, Any], status: int = 200) -> Response:
    """Return a page that loads no resource, runs no script and is not cached.

    `what` is `page` by the name that older templates know.
    """
    nonce = new_nonce()
    what = _OLD_PAGE_NAMES.get(context["page"], context["page"])
    html = policy.renderer.web_page({**context, "what": what, "nonce": nonce})
    return HTMLResponse(html, status, headers={"Content-Security-Policy": link_page_policy(nonce)})


def refusal(policy: Policy, status: int, reason: str) -> Response:
    """Return an error page with the reason."""
    return link_page(policy, {"page": "mistake", "reason": reason, "status": status}, status)
