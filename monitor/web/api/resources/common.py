"""What the modules of resources share: a router's refusals, and moments of filters."""

from datetime import datetime

from fastapi import HTTPException, Request

from monitor.web.api.cursors import ListKey, list_key
from monitor.web.api.problems import documented
from monitor.web.stories.filters import UnreadableValue, read_moment

#: Refusals of a resource that is only read, and of one that is changed.
LISTED = documented()
READ = documented(404)
CHANGED = documented(400, 403, 404, 409, 413, 415)
JUDGED = documented(400, 413, 415)


def moment(name: str, given: str | None, now: datetime) -> datetime | None:
    """Return the moment that a parameter asks for.

    Raises:
        HTTPException: 422, it is neither an age nor a date.
    """
    if given is None:
        return None
    try:
        return read_moment(name, given, now)
    except UnreadableValue as error:
        raise HTTPException(422, f"query.{error}") from error


def key_of_list(request: Request) -> ListKey:
    """Return the list that a request asks for."""
    return list_key(request.url.path, request.query_params.multi_items())
