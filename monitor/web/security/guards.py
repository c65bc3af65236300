"""Dependencies of pages and of the API: who must be signed in, who may edit, and forms that are our own."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from monitor.web.base import WebContext
from monitor.web.http.forms import MAX_DESK_BODY, Fields, first, read_form

from .access import Identity, identify
from .csrf import is_same_site


class NotSignedIn(Exception):
    """Somebody must sign in first; `possible` is False if there is nobody who can."""

    def __init__(self, *, possible: bool) -> None:
        super().__init__("sign in first")
        self.possible = possible


def web_context(request: Request) -> WebContext:
    """Return what the application of this request works with."""
    context: WebContext = request.app.state.web
    return context


#: A parameter of a page: the context of the application.
Web = Annotated[WebContext, Depends(web_context)]


async def signed_in(request: Request, web: Web) -> Identity:
    """Return who a request is from.

    Raises:
        NotSignedIn: nobody is signed in, and somebody must be.
    """
    found = await identity_of(request, web)
    if found is None:
        raise NotSignedIn(possible=await can_sign_in(web))
    return found


async def identity_of(request: Request, web: WebContext) -> Identity | None:
    """Return who a request is from; None if nobody is signed in, and somebody must be."""
    found = await web.read(identify, request, web.policy.web, web.store, web.clock())
    if found:
        request.state.identity = found
        request.state.user = found.name
    return found


async def can_sign_in(web: WebContext) -> bool:
    """Say whether there is anybody who could sign in."""
    return web.policy.web.proxy is not None or await web.read(web.store.has_users)


async def editor(identity: Annotated[Identity, Depends(signed_in)]) -> Identity:
    """Return who a request is from, if they may change things.

    Raises:
        HTTPException: 403, they may not.
    """
    if not identity.may_edit:
        raise HTTPException(403, "You may read here and change nothing; ask an editor.")
    return identity


#: Parameters of pages: somebody who is signed in, and somebody who may change things.
SignedIn = Annotated[Identity, Depends(signed_in)]
Editor = Annotated[Identity, Depends(editor)]


@dataclass(frozen=True, slots=True)
class DeskForm:
    """A form that was sent from one of our own pages, by somebody who may change things."""

    by: Identity
    fields: Fields

    def one(self, name: str) -> str:
        """Return the first value of a field without spaces around it, or ""."""
        return first(self.fields, name).strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a field."""
        return tuple(self.fields.get(name, ()))


async def own_form(request: Request, web: Web, session: str) -> Fields:
    """Return the fields of a form that was sent from one of our own pages.

    Raises:
        HTTPException: 403, it was sent from elsewhere, or before this server was started.
    """
    if not is_same_site(request.headers):
        raise HTTPException(403, "This form was sent from another site.")
    fields = await read_form(request, MAX_DESK_BODY)
    if not web.tokens.accepts(session, first(fields, "csrf")):
        raise HTTPException(403, "This page is too old to act from; go back, load it again, and repeat that.")
    return fields


async def desk_form(request: Request, web: Web, identity: Editor) -> DeskForm:
    """Return the form of a request that changes something."""
    return DeskForm(identity, await own_form(request, web, identity.session))


#: A parameter of a page: the form that was sent.
Form = Annotated[DeskForm, Depends(desk_form)]
