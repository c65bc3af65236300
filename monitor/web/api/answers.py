"""Answer with models as JSON, made in a thread for reading."""

from collections.abc import Callable
from typing import ParamSpec

from fastapi import Response
from pydantic import BaseModel

from monitor.web.base import WebContext

P = ParamSpec("P")


async def answer(
    web: WebContext, collect: Callable[P, BaseModel], *args: P.args, **kwargs: P.kwargs
) -> Response:
    """Return as JSON what `collect` returns; both are done in a thread, so that nothing else waits."""

    def rendered() -> str:
        return collect(*args, **kwargs).model_dump_json()

    return Response(await web.read(rendered), media_type="application/json")
