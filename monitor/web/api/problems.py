"""Answer every refusal of the API as problem details (RFC 9457)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from monitor.errors import ListError, StoreError
from monitor.render.sanitize import without_surrogates

MEDIA_TYPE = "application/problem+json"

#: What each status means here.
MEANINGS = {
    400: "The request cannot be read.",
    401: "No valid token or session was sent; WWW-Authenticate names what is needed.",
    403: "The token or the user may read and change nothing, or the request came from another site.",
    404: "There is no such resource.",
    405: "The resource does not know this method; Allow names those it knows.",
    408: "The request came too slowly.",
    409: "The state of the resource does not allow this.",
    413: "The body is too long.",
    415: "The body is not JSON.",
    422: "A parameter or a field is missing, unknown or not as described; `errors` names each.",
    429: "Too many requests; Retry-After says in how many seconds to try again.",
    503: "The service cannot answer now; try again later.",
}

_MAX_DETAIL = 2_000


class FieldProblem(BaseModel):
    """A parameter or a field that cannot be used."""

    where: str = Field(description="The place, as query.limit or body.text.")
    reason: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(default="about:blank", description="The kind of problem; about:blank: see `status`.")
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The status of the response.")
    detail: str = Field(description="What is wrong with this request, and what helps.")
    errors: list[FieldProblem] = Field(default=[], description="Each parameter or field that is wrong.")


def problem(
    status: int,
    detail: str,
    errors: Iterable[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a refusal."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=without_surrogates(detail)[:_MAX_DETAIL],
        errors=list(errors),
    )
    return Response(body.model_dump_json(), status, headers, MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the refusals of a resource for its OpenAPI document, those of every resource included."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    every = sorted({401, 408, 422, 429, 503, *statuses})
    return {status: {"description": MEANINGS[status], "content": content} for status in every}


def handle_problems(app: FastAPI, routes: Collection[BaseRoute]) -> None:
    """Turn every refusal of an application with these routes into problem details."""

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        found = [_field_problem(each) for each in error.errors()[:50]]
        detail = "; ".join(f"{each.where}: {each.reason}" for each in found[:5])
        return problem(422, detail or MEANINGS[422], found)

    @app.exception_handler(StoreError)
    async def _store_fails(request: Request, error: StoreError) -> Response:
        return problem(
            503, "The store does not answer; try again in a minute.", headers={"Retry-After": "60"}
        )

    @app.exception_handler(ListError)
    async def _list_fails(request: Request, error: ListError) -> Response:
        return problem(503, "The copy of a sanctions list cannot be read; see /lists.")

    @app.exception_handler(StarletteHTTPException)
    async def _refused(request: Request, error: StarletteHTTPException) -> Response:
        detail = str(error.detail)
        if error.status_code == 400 or detail == HTTPStatus(error.status_code).phrase:
            detail = MEANINGS.get(error.status_code, detail)
        headers = {**(error.headers or {})}
        if error.status_code == 405:
            headers["Allow"] = ", ".join(sorted(_methods(routes, request.scope)))
        return problem(error.status_code, detail, headers=headers)


def _methods(routes: Iterable[BaseRoute], scope: Scope) -> Iterator[str]:
    """Yield the methods of every route with the path of a request; Starlette names those of the first."""
    for route in routes:
        if route.matches(scope)[0] is not Match.NONE:
            yield from getattr(route, "methods", ())


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    where = ".".join(str(part)[:60] for part in error["loc"])
    return FieldProblem(where=without_surrogates(where)[:200], reason=without_surrogates(error["msg"])[:300])
