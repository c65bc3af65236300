"""Headers that every response has, and the Content-Security-Policy of pages."""

import secrets
from email.utils import formatdate

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "sanctions-monitor",
}
UNLESS_SET = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}

_PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self';"
    " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types desk"
)
_LINK_PAGE_POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def new_nonce() -> str:
    """Return a nonce for one page."""
    return secrets.token_urlsafe(16)


def page_policy(nonce: str) -> str:
    """Return the policy of a desk page: its own script and style, and nothing from elsewhere."""
    return _PAGE_POLICY.format(nonce=nonce)


def link_page_policy(nonce: str) -> str:
    """Return the policy of a page behind a link in a message: no script, no picture."""
    return _LINK_PAGE_POLICY.format(nonce=nonce)


class SecurityHeaders:
    """Adds `ALWAYS` to every response, and `UNLESS_SET` where the response does not decide by itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Date"] = formatdate(usegmt=True)
                headers.update(ALWAYS)
                for name, value in UNLESS_SET.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, adding)
