"""Sign in and out: a throttle before the password, a new session each time, an entry in the audit log."""

from datetime import datetime

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from monitor.model import AuditEntry, Session
from monitor.store import Store
from monitor.web.base import WebContext
from monitor.web.http.forms import Fields, first
from monitor.web.render import desk_page
from monitor.web.security.access import SESSION_LIFE, cookie_name, hash_of, is_secure, new_session
from monitor.web.security.guards import own_form

from .common import PublicRouter, Web

router = PublicRouter()


@router.get("/login")
async def ask_password(request: Request, web: Web, next: str = "/") -> Response:
    """Show the form to sign in."""
    return desk_page(request, web, "login", {"next": local_path(next), "reason": "", "name": ""})


@router.post("/login")
async def sign_in(request: Request, web: Web) -> Response:
    """Begin a session, or say why not."""
    fields = await own_form(request, web, "")
    name, address = first(fields, "name").strip(), request.client.host if request.client else ""
    now = web.clock()
    wait = request.app.state.throttle.wait(name, address, now)
    if wait:
        minutes = int(wait.total_seconds() // 60) + 1
        reason = f"Too many failed attempts; try again in {minutes} minutes."
        return _again(request, web, fields, reason, 429)
    user = await web.read(web.store.user, name)
    known = user.password_hash if user else ""
    if not await request.app.state.passwords.check(known, first(fields, "password")) or user is None:
        request.app.state.throttle.failed(name, address, now)
        await web.write(web.jobs.store.add_audit, AuditEntry(at=now, who=name[:200], what="sign-in failed"))
        return _again(request, web, fields, "That name and password do not go together.", 403)
    request.app.state.throttle.succeeded(name)
    return await _begin_session(web, user.name, local_path(first(fields, "next")), now)


@router.post("/logout")
async def sign_out(web: Web, request: Request) -> Response:
    """End the session."""
    session = request.cookies.get(cookie_name(web.policy.web), "")
    await own_form(request, web, session)
    await web.write(web.jobs.store.end_session, hash_of(session))
    response = RedirectResponse("/login", 303)
    response.delete_cookie(cookie_name(web.policy.web), secure=is_secure(web.policy.web), httponly=True)
    return response


def local_path(given: str) -> str:
    """Return a path of this server to go on to; "/" for anything that leads elsewhere."""
    plain = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if plain and len(given) <= 2_000 else "/"


async def _begin_session(web: WebContext, user: str, next: str, now: datetime) -> Response:
    id, session = new_session(user, now)
    await web.write(_store_session, web.jobs.store, session)
    response = RedirectResponse(next, 303)
    response.set_cookie(
        cookie_name(web.policy.web),
        id,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=is_secure(web.policy.web),
        httponly=True,
        samesite="lax",
    )
    return response


def _store_session(store: Store, session: Session) -> None:
    store.add_session(session)
    store.add_audit(AuditEntry(at=session.created_at, who=session.user, what="signed in"))


def _again(request: Request, web: WebContext, fields: Fields, reason: str, status: int) -> Response:
    context = {
        "next": local_path(first(fields, "next")),
        "reason": reason,
        "name": first(fields, "name")[:200],
    }
    return desk_page(request, web, "login", context, status)
