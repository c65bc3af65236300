"""Decide who a request of the API is from and whether it is one too many, before anything else is done."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.model import Role, TokenScope
from monitor.web.base import WebContext
from monitor.web.security.access import Identity, identify
from monitor.web.security.csrf import is_same_site
from monitor.web.security.tokens import bearer_token, token_hash

from .problems import problem
from .rate_limit import MAX_REFUSED, RateLimit

#: The header by which a browser with a session proves that a page of ours sent the request.
CSRF_HEADER = "x-csrf-token"

_NO_TOKEN = "Send a token: Authorization: Bearer …; `sanctions-monitor token add NAME` makes one."  # noqa: S105
_BAD_TOKEN = "This token is not valid: it was revoked, has expired, or was never one."  # noqa: S105


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request is from; `by_token` says whether a token was sent, which no browser does by itself."""

    identity: Identity
    by_token: bool

    @property
    def name(self) -> str:
        """The name for the audit log; "" for whoever sits at this machine."""
        return self.identity.name

    @property
    def may_edit(self) -> bool:
        """Say whether things may be changed."""
        return self.identity.may_edit


class ApiAccess:
    """Refuses requests without a valid token or session with 401, and those above the limit with 429.

    It records who the others are from. Everybody may read `public` paths, within the limit of an address.
    """

    def __init__(self, app: ASGIApp, web: WebContext, public: frozenset[str]) -> None:
        self.app, self._web, self._public = app, web, public
        self._requests, self._refused = RateLimit(), RateLimit(MAX_REFUSED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        now, address = self._web.clock(), scope["client"][0] if scope.get("client") else ""
        token = bearer_token(Headers(scope=scope))
        refused = self._refused.peek(address, now)
        if token is not None and not refused.allowed:
            await problem(429, "Too many tokens that are not valid.", headers=refused.headers())(
                scope, receive, send
            )
            return
        caller = await self._caller(HTTPConnection(scope), token)
        allowance = self._requests.take(caller.name if caller and caller.name else f"@{address}", now)
        if caller is None and scope["path"] not in self._public:
            if token is not None:
                self._refused.take(address, now)
            response = _unauthorized(token is not None)
        elif not allowance.allowed:
            response = problem(429, f"At most {allowance.limit} requests a minute.")
        else:
            scope.setdefault("state", {}).update(caller=caller, user=caller.name if caller else "")
            await self.app(scope, receive, _with_headers(send, allowance.headers()))
            return
        await response(scope, receive, _with_headers(send, allowance.headers()))

    async def _caller(self, connection: HTTPConnection, token: str | None) -> Caller | None:
        web = self._web
        if token is not None:
            return await self._caller_by_token(token)
        identity = await web.read(identify, connection, web.policy.web, web.store, web.clock())
        return Caller(identity, by_token=False) if identity else None

    async def _caller_by_token(self, token: str) -> Caller | None:
        web = self._web
        found = await web.read(web.store.token, token_hash(token), web.clock()) if token else None
        if found is None:
            return None
        role = Role.EDIT if found.scope is TokenScope.WRITE else Role.READ
        return Caller(Identity(f"token:{found.name}", role), by_token=True)


def _unauthorized(sent: bool) -> ASGIApp:
    challenge = 'Bearer realm="sanctions-monitor"'
    if sent:
        challenge += ', error="invalid_token"'
    return problem(401, _BAD_TOKEN if sent else _NO_TOKEN, headers={"WWW-Authenticate": challenge})


def _with_headers(send: Send, fields: dict[str, str]) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(fields)
        await send(message)

    return adding


def caller_of(request: Request) -> Caller:
    """Return who a request is from."""
    found: Caller = request.state.caller
    return found


def web_of(request: Request) -> WebContext:
    """Return what the application of a request works with."""
    found: WebContext = request.app.state.web
    return found


#: Parameters of resources: what they work with, and who a request is from.
Web = Annotated[WebContext, Depends(web_of)]
AnyCaller = Annotated[Caller, Depends(caller_of)]


def editing_caller(request: Request, web: Web, caller: AnyCaller) -> Caller:
    """Return who a request is from, if they may change things and no other site made them send it.

    Raises:
        HTTPException: 403, they may not, or a browser sent it for another site.
    """
    if not caller.may_edit:
        raise HTTPException(403, "This token or user may read and change nothing; it needs the scope write.")
    if caller.by_token:
        return caller
    if not is_same_site(request.headers):
        raise HTTPException(403, "This request was sent from another site.")
    session, given = caller.identity.session, request.headers.get(CSRF_HEADER, "")
    if session and not web.tokens.accepts(session, given):
        raise HTTPException(403, "With a session, X-CSRF-Token must carry the token of a form of the desk.")
    return caller


#: A parameter of resources that change something.
Editing = Annotated[Caller, Depends(editing_caller)]
