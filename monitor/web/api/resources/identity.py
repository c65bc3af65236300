"""Who a request is from: for programs that check their token."""

from fastapi import APIRouter, Response

from monitor.web.api.access import AnyCaller, Web
from monitor.web.api.answers import answer
from monitor.web.api.models.trials import CallerInfo

from .common import LISTED

router = APIRouter(tags=["identity"])


@router.get("/identity", response_model=CallerInfo, responses=LISTED, summary="Read who a request is from")
async def identity(web: Web, by: AnyCaller) -> Response:
    """Return the name of the caller and what it may do."""
    return await answer(web, CallerInfo, name=by.name, may_edit=by.may_edit, by_token=by.by_token)
