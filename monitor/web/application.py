"""Assemble the web application: routers, refusals, and the middleware that holds for every request.

To add a page: a module in `pages` with a `router`, its name in `_ROUTERS`, and a template in
``templates/web``. Only `server` imports this module, at the first request: FastAPI takes half a second to
load.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Scope

from monitor.alerts.signed_links import LinkError
from monitor.errors import StoreError

from .api import PATH
from .api.problems import problem
from .base import WebContext
from .http.access_log import AccessLog
from .http.headers import SecurityHeaders
from .http.limits import HeadAsGet, HostCheck, InFlight, TimeLimit
from .on_demand import OnDemand
from .pages import (
    assets,
    atom_feed,
    audit,
    charts,
    deliveries,
    digests,
    event_stream,
    explain,
    feed_document,
    feedback,
    feeds,
    home,
    incidents,
    lists,
    liveness,
    metrics,
    new_feed,
    routes,
    sign_in,
    signed_links,
    silences,
    stories,
    story,
    story_export,
    theme,
    websub,
    workbench,
    workbench_saving,
)
from .render import refusal
from .security.guards import NotSignedIn
from .security.passwords import PasswordChecker
from .security.throttle import LoginThrottle

_ROUTERS = (
    home.router,
    stories.router,
    story_export.router,
    story.router,
    workbench.router,
    workbench_saving.router,
    explain.router,
    feeds.router,
    feed_document.router,
    new_feed.router,
    deliveries.router,
    incidents.router,
    silences.router,
    feedback.router,
    digests.router,
    lists.router,
    routes.router,
    charts.router,
    audit.router,
    event_stream.router,
    sign_in.router,
    theme.router,
    assets.router,
    liveness.router,
    metrics.router,
    atom_feed.router,
    signed_links.router,
    websub.router,
)

_NOBODY = (
    "Nobody can sign in yet. Add somebody on the machine that serves this:"
    " sanctions-monitor user add NAME --role editor"
)


def application(web: WebContext, accepts_host: Callable[[str], bool], time_limit_s: float) -> ASGIApp:
    """Return the ASGI application for one server; `accepts_host` says which Host headers it answers to.

    A response begins within `time_limit_s`, and each part of it is taken by the client within as long.
    """

    def refuse(scope: Scope, status: int, reason: str) -> Response:
        if scope["path"].startswith("/api/"):
            return problem(status, reason)
        return refusal(web.policy, status, reason)

    app: ASGIApp = HeadAsGet(_routes(web))
    app = TimeLimit(app, refuse, time_limit_s)
    app = AccessLog(InFlight(app, refuse))
    return SecurityHeaders(HostCheck(app, accepts_host, refuse))


def _routes(web: WebContext) -> FastAPI:
    app = FastAPI(title="sanctions-monitor", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.web = web
    app.state.atom = atom_feed.AtomFeed()
    app.state.throttle = LoginThrottle()
    app.state.passwords = PasswordChecker()
    # `include_router` would analyse the arguments of each route again, for every server.
    app.router.routes += [route for router in _ROUTERS for route in router.routes]
    app.mount(PATH, OnDemand(lambda: _api(web)))
    _handle_errors(app, web)
    return app


def _api(web: WebContext) -> ASGIApp:
    from .api.application import api_application  # noqa: PLC0415  its models take memory

    return api_application(web)


def _handle_errors(app: FastAPI, web: WebContext) -> None:
    """Turn every refusal into an error page with the reason."""

    @app.exception_handler(NotSignedIn)
    async def _sign_in_first(request: Request, error: NotSignedIn) -> Response:
        if not error.possible:
            return refusal(web.policy, 403, _NOBODY)
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(
            "/login?" + urlencode({"next": asked if request.method == "GET" else "/"}), 303
        )

    @app.exception_handler(LinkError)
    async def _link_refused(request: Request, error: LinkError) -> Response:
        return refusal(web.policy, 410 if error.gone else 404, str(error))

    @app.exception_handler(StoreError)
    async def _store_fails(request: Request, error: StoreError) -> Response:
        return refusal(web.policy, 503, "The store does not answer; please try again in a minute.")

    @app.exception_handler(StarletteHTTPException)
    async def _refused(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith("/api/"):
            return problem(error.status_code, str(error.detail), headers=error.headers)
        response = refusal(web.policy, error.status_code, str(error.detail))
        response.headers.update(error.headers or {})
        return response
