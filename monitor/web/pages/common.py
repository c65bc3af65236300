"""What page modules share: routers for everybody and for those signed in, and parameters of pages."""

from functools import partial

from fastapi import APIRouter, Depends

from monitor.web.security.guards import DeskForm, Editor, Form, SignedIn, Web, signed_in

__all__ = ["DeskForm", "DeskRouter", "Editor", "Form", "PublicRouter", "SignedIn", "Web"]

#: A router for pages that everybody may open.
PublicRouter = partial(APIRouter, include_in_schema=False)

#: A router for pages of the desk.
DeskRouter = partial(APIRouter, include_in_schema=False, dependencies=[Depends(signed_in)])
