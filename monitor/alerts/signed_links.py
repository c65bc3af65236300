"""Make and verify the action links in messages: signed, for one action of one delivery, and expiring. Pure.

A message is rendered once for all its recipients. Templates write placeholders for links, which
`SignedLinks.signed` replaces by each recipient's own links, of the same length, before the delivery is
stored. An action link contains only ids, no name and no address; opening it shows a page, and only sending
its form acts.

The timestamp of a signature is the creation time of the delivery, so the links of a delivery never change.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, Signer, TimestampSigner, URLSafeSerializer

from monitor.model import ACTIONS, Delivery

#: How long a link in a message is valid.
LIFE = timedelta(days=30)

_ID = 20
_SIGNATURE = 43
#: The length of what follows action and id: delivery, time and signature, with dots between.
_TAIL = _ID + 1 + 6 + 1 + _SIGNATURE


class LinkError(Exception):
    """A link is not valid; the text is for the person who opened it. `gone`: it has expired."""

    def __init__(self, reason: str, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """The request of a link: one of `ACTIONS` on an alert (``unsubscribe``: or a digest), from a delivery."""

    action: str
    ref: str
    delivery: str


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """Makes and verifies links below `base_url`, signed with `secret`; action links are valid for `life`.

    The unsubscribe link of a mail's header does not expire: it must work as long as the mail is kept, and the
    header must not depend on the time of sending.
    """

    base_url: str
    secret: str
    life: timedelta = LIFE

    def placeholder(self, action: str, ref: str) -> str:
        """Return the placeholder that a template writes for a link; the text of a feed cannot guess it."""
        return f"{self._base}/a/{action}.{ref}.{self._key}"

    def signed(self, delivery: Delivery) -> Delivery:
        """Return a delivery with its recipient's links in place of all placeholders."""
        placeholder = re.compile(rf"{re.escape(self._base)}/a/([a-z_]+)\.([0-9A-Za-z]+)\.{self._key}")

        def link(found: re.Match[str]) -> str:
            action, ref = found.groups()
            return self.action_link(ref, action, delivery.id, delivery.created_at)

        message = delivery.message
        fields = {name: _with_links(getattr(message, name), placeholder, link) for name in message.__slots__}
        return replace(delivery, message=replace(message, **fields))

    def action_link(self, ref: str, action: str, delivery_id: str, at: datetime) -> str:
        """Return the link for an action of a delivery's recipient on an alert or a digest."""
        token = self._signer(at).sign(f"{action}.{ref}.{delivery_id}").decode()
        return f"{self._base}/a/{token}"

    def unsubscribe_link(self, channel: str, recipient: str) -> str:
        """Return the link that unsubscribes a recipient from a channel: for List-Unsubscribe."""
        return f"{self._base}/u/{self._unsubscriptions.dumps([channel, recipient])}"

    def action_request(self, token: str, now: datetime) -> ActionRequest:
        """Return the request of the token in an `action_link`.

        Raises:
            LinkError: it was not signed here, or has expired.
        """
        try:
            content = self._signer(now).unsign(token, max_age=int(self.life.total_seconds())).decode()
        except SignatureExpired as error:
            raise LinkError(
                f"This link acted for {self.life.days} days and has expired.", gone=True
            ) from error
        except BadSignature as error:
            raise LinkError("This is not a link that was sent from here; was it cut off?") from error
        action, ref, delivery = content.split(".")
        if action not in ACTIONS:
            raise LinkError("This link asks for something that is no longer done here.")
        return ActionRequest(action, ref, delivery)

    def unsubscription(self, token: str) -> tuple[str, str]:
        """Return (channel, recipient) of the token in an `unsubscribe_link`.

        Raises:
            LinkError: it was not signed here.
        """
        try:
            channel, recipient = self._unsubscriptions.loads(token)
        except (BadSignature, ValueError) as error:
            raise LinkError("This is not a link that was sent from here; was it cut off?") from error
        return str(channel), str(recipient)

    @property
    def _base(self) -> str:
        return self.base_url.rstrip("/")

    @property
    def _key(self) -> str:
        return hashlib.sha512(f"place {self.secret}".encode()).hexdigest()[:_TAIL]

    def _signer(self, at: datetime) -> TimestampSigner:
        return _FixedTimeSigner(self.secret, at)

    @property
    def _unsubscriptions(self) -> URLSafeSerializer:
        return URLSafeSerializer(
            self.secret, salt="farewell", signer=Signer, signer_kwargs={"digest_method": hashlib.sha256}
        )


class _FixedTimeSigner(TimestampSigner):
    """A signer with a fixed time."""

    def __init__(self, secret: str, at: datetime) -> None:
        super().__init__(secret, salt="act", digest_method=hashlib.sha256)
        self._at = int(at.timestamp())

    def get_timestamp(self) -> int:
        return self._at


def _with_links(value: Any, placeholder: re.Pattern[str], link: Callable[[re.Match[str]], str]) -> Any:
    """Return a value of a message with `link(match)` in place of each placeholder, at any depth."""
    if isinstance(value, str):
        return placeholder.sub(link, value)
    if isinstance(value, tuple | list):
        return type(value)(_with_links(each, placeholder, link) for each in value)
    if isinstance(value, Mapping):
        return {key: _with_links(each, placeholder, link) for key, each in value.items()}
    return value
