"""Decide who a request is from, and whether the server may listen at an address at all."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

from monitor.channels.settings import is_loopback
from monitor.jobs.policy import WebAccess
from monitor.model import Role, Session
from monitor.store import Store

#: How long a browser stays signed in.
SESSION_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request is from. `name` is "" for whoever sits at this machine; `session` is the cookie's id."""

    name: str
    role: Role
    session: str = ""

    @property
    def may_edit(self) -> bool:
        """Say whether this user may change things."""
        return self.role is Role.EDIT


def cookie_name(access: WebAccess) -> str:
    """Return the name of the session's cookie; ``__Host-`` binds it to https and to this host."""
    return "__Host-session" if is_secure(access) else "session"


def is_secure(access: WebAccess) -> bool:
    """Say whether people reach this server by https."""
    return bool(access.listen and access.listen.public_url.startswith("https://"))


def new_session(user: str, now: datetime) -> tuple[str, Session]:
    """Return the id for the cookie of a new session, and what is stored of it."""
    id = secrets.token_urlsafe(32)
    stored = Session(id_hash=hash_of(id), user=user, created_at=now, expires_at=now + SESSION_LIFE)
    return id, stored


def hash_of(session: str) -> str:
    """Return the hash by which a session is stored."""
    return hashlib.sha256(session.encode()).hexdigest()


def identify(request: "HTTPConnection", access: WebAccess, store: Store, now: datetime) -> Identity | None:
    """Return who a request is from; None if nobody is signed in and somebody must be."""
    if proxied := _by_proxy(request, access, store):
        return proxied
    if session := request.cookies.get(cookie_name(access), ""):
        user = store.session_user(hash_of(session), now)
        if user:
            return Identity(user.name, user.role, session)
    if access.listen and access.listen.is_local and not access.proxy and not store.has_users():
        return Identity("", Role.EDIT)
    return None


def _by_proxy(request: "HTTPConnection", access: WebAccess, store: Store) -> Identity | None:
    proxy, client = access.proxy, request.client
    if proxy is None or client is None or not proxy.is_at(client.host):
        return None
    name = request.headers.get(proxy.header, "").strip()[:200]
    if not name:
        return None
    user = store.user(name)
    return Identity(name, user.role if user else proxy.role)


def needs_users(access: WebAccess) -> bool:
    """Say whether the server may listen at its address only if there are users who can sign in."""
    return access.listen is not None and not access.proxy and not is_loopback(access.listen.host)


def refusal_to_listen(access: WebAccess, store: Store) -> str:
    """Return why the server must not listen at its address; "" if it may."""
    listen = access.listen
    if listen is None or not needs_users(access) or store.has_users():
        return ""
    return (
        f"{listen.host}:{listen.port} is open to other machines, and nobody can sign in; add somebody with"
        " `sanctions-monitor user add NAME`, or set web.proxy_header, or listen at 127.0.0.1"
    )
