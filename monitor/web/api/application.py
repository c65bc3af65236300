"""Assemble the API as an application of its own, which the desk mounts at `PATH`."""

from asyncio import to_thread
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from monitor import __version__
from monitor.web.base import WebContext

from . import PATH
from .access import ApiAccess
from .bodies import BodyCheck
from .problems import Problem, handle_problems
from .resources import (
    alerts,
    deliveries,
    digests,
    entities,
    explain,
    exports,
    feeds,
    identity,
    items,
    lists,
    query,
    replay,
    silences,
    stories,
    workers,
)

#: Where its OpenAPI document is.
DOCUMENT = "/openapi.json"

_ROUTERS = (
    stories.router,
    alerts.router,
    items.router,
    deliveries.router,
    feeds.router,
    lists.router,
    entities.router,
    digests.router,
    silences.router,
    explain.router,
    exports.router,
    query.router,
    replay.router,
    workers.router,
    identity.router,
)

_ABOUT = (
    "Stories, alerts, items, deliveries and all else that the desk shows, for programs.\n\n"
    "Send `Authorization: Bearer TOKEN`; `sanctions-monitor token add NAME` makes a token. Lists are read"
    " page by page: `next` is the value of `after` for the next one. Refusals are problem details (RFC 9457)."
    " A monitoring aid, not a screening verdict and not legal advice."
)

_SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of `sanctions-monitor token add`."},
}


def api_application(web: WebContext) -> ASGIApp:
    """Return the API; its paths begin behind `PATH`."""
    app = FastAPI(title="sanctions-monitor", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.web = web
    routes = [route for router in _ROUTERS for route in router.routes]
    app.router.routes += routes  # `include_router` would analyse each again, for every server
    handle_problems(app, routes)

    @app.get(DOCUMENT, include_in_schema=False)
    async def _openapi(request: Request) -> Response:
        return JSONResponse(await to_thread(_document))

    return ApiAccess(BodyCheck(app), web, frozenset({PATH + DOCUMENT}))


@cache
def _document() -> dict[str, Any]:
    """Return the OpenAPI document, which takes as long to make as all else that a server does to begin."""
    document = get_openapi(
        title="sanctions-monitor",
        version=__version__,
        description=_ABOUT,
        routes=[route for router in _ROUTERS for route in router.routes],
        servers=[{"url": PATH}],
    )
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
    document["components"]["securitySchemes"] = _SECURITY
    document["security"] = [{"token": []}]
    return document
