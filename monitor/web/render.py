"""Render pages: those of the desk, those behind links in messages, and refusals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ParamSpec

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from monitor.jobs.policy import Policy

from .base import WebContext
from .http.headers import link_page_policy, new_nonce, page_policy
from .page_cache import Page, period_of
from .security.access import Identity
from .static_files import static_url
from .watch import Watch, watch_of

P = ParamSpec("P")

_OLD_PAGE_NAMES = {"unsubscribe": "farewell", "action": "act"}

#: Pages in the head, in order: (address, name).
MENU: tuple[tuple[str, str], ...] = (
    ("/stories", "Stories"),
    ("/workbench", "Workbench"),
    ("/feeds", "Feeds"),
    ("/digests", "Digests"),
    ("/deliveries", "Deliveries"),
    ("/silences", "Silences"),
    ("/charts", "Charts"),
)

#: Pages behind "More".
MORE: tuple[tuple[str, str], ...] = (
    ("/incidents", "Incidents"),
    ("/lists", "Lists"),
    ("/routes", "Routes"),
    ("/feedback", "Feedback"),
    ("/health", "Health"),
    ("/audit", "Audit log"),
)

Context = Mapping[str, Any]

#: The cookie with the theme that somebody chose for a browser.
THEME_COOKIE = "theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page of the desk shows around its content."""

    nonce: str
    path: str
    query: str
    user: str
    may_edit: bool
    csrf: str
    signed_in: bool
    watch: Watch
    theme: str = ""
    menu: tuple[tuple[str, str], ...] = MENU
    more: tuple[tuple[str, str], ...] = MORE

    @property
    def here(self) -> str:
        """The address of this page, to come back to after an action."""
        return f"{self.path}?{self.query}" if self.query else self.path

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
        query=without_undo(request.url.query),
        user=identity.name if identity else "",
        may_edit=identity is not None and identity.may_edit,
        csrf=web.tokens.token(session),
        signed_in=bool(session),
        theme=_theme_of(request),
        watch=watch_of(web.store, web.clock()) if identity else Watch(),
    )


def _theme_of(request: Request) -> str:
    """Return the theme that was chosen for this browser, "" for that of the system."""
    theme = request.cookies.get(THEME_COOKIE, "")
    return theme if theme in {"light", "dark"} else ""


def without_undo(query: str) -> str:
    """Return the query of an address without what belongs to the last action."""
    return "&".join(part for part in query.split("&") if part and not part.startswith("undo="))


async def show(
    request: Request,
    web: WebContext,
    name: str,
    collect: Callable[P, Context],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Return a page of the desk, from ``templates/web/NAME.html.j2`` and what `collect` returns.

    Both are done in a thread for reading, so that nothing else waits for them. A key ``status`` in what is
    collected is the response's.
    """

    def rendered() -> Response:
        context = collect(*args, **kwargs)
        return desk_page(request, web, name, context, context.get("status", 200))

    return await web.read(rendered)


async def show_cached(
    request: Request,
    web: WebContext,
    name: str,
    collect: Callable[P, Context],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Return a page as `show` does, or the same one as a few seconds ago.

    A new alert, an action at the desk, another user or theme, or some seconds make it anew; each answer has
    a nonce of its own.
    """

    def rendered() -> Page:
        context = collect(*args, **kwargs)
        return _render(request, web, name, context, context.get("status", 200))

    identity: Identity | None = getattr(request.state, "identity", None)
    key = (
        request.url.path,
        request.url.query,
        identity,
        _theme_of(request),
        id(web.policy),
        await web.read(web.store.last_seq),
        web.changes,
        period_of(f"{request.url.path}?{request.url.query}", web.clock()),
    )
    kept = await web.pages.page(key, lambda: web.read(rendered))
    nonce = new_nonce()
    return _response(replace(kept, html=kept.html.replace(kept.nonce, nonce), nonce=nonce))


def desk_page(request: Request, web: WebContext, name: str, context: Context, status: int = 200) -> Response:
    """Return a page of the desk; it reads the store."""
    return _response(_render(request, web, name, context, status))


def _render(request: Request, web: WebContext, name: str, context: Context, status: int) -> Page:
    frame = frame_of(request, web)
    html = web.policy.renderer.desk_page(name, {**context, "frame": frame})
    return Page(html, frame.nonce, status)


def _response(page: Page) -> Response:
    return HTMLResponse(page.html, page.status, headers={"Content-Security-Policy": page_policy(page.nonce)})


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
