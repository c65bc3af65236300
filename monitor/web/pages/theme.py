"""Choose light or dark pages: a cookie of this browser, set by a form."""

from enum import StrEnum

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.web.http.forms import first
from monitor.web.render import THEME_COOKIE
from monitor.web.security.access import is_secure
from monitor.web.security.guards import identity_of, own_form

from .common import PublicRouter, Web
from .sign_in import local_path

router = PublicRouter()

_YEAR_S = 365 * 86_400


class Theme(StrEnum):
    """The colours of pages; `SYSTEM` leaves the choice to the browser."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@router.post("/theme")
async def choose_theme(request: Request, web: Web) -> Response:
    """Remember the theme in a cookie, or forget it."""
    identity = await identity_of(request, web)
    fields = await own_form(request, web, identity.session if identity else "")
    theme = first(fields, "theme")
    if theme not in Theme._value2member_map_:
        raise HTTPException(422, f"theme: write one of {', '.join(Theme)}")
    response = RedirectResponse(local_path(first(fields, "next")), 303)
    secure = is_secure(web.policy.web)
    if theme == Theme.SYSTEM:
        response.delete_cookie(THEME_COOKIE, secure=secure, httponly=True, samesite="lax")
    else:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=_YEAR_S, secure=secure, httponly=True, samesite="lax"
        )
    return response
