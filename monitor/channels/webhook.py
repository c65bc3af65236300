"""Post messages as JSON, signed by the Standard Webhooks specification."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, Self

from pydantic import SecretStr, model_validator

from monitor.clock import Clock
from monitor.model import Delivery, MessageForm

from .base import Channel, OnPhase
from .post import Poster, parse_url, refusal
from .settings import ChannelSettings, Tools, refuse_unsafe


class WebhookSettings(ChannelSettings):
    """Where to post, and the keys to sign with.

    A key is ``whsec_`` and base64 (also ``v1,whsec_…``), or plain text. During a key change `secrets` holds
    the new key and the old: every message is signed with each. `allow_http` is for a trusted network.
    """

    form: ClassVar[MessageForm] = MessageForm.JSON

    type: Literal["webhook"] = "webhook"
    url: SecretStr
    secret: SecretStr | None = None
    secrets: tuple[SecretStr, ...] = ()
    allow_http: bool = False

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        refuse_unsafe(self.url.get_secret_value(), allow_http=self.allow_http)
        if self.secret is not None and self.secrets:
            raise ValueError("secret and secrets are both set: keep one")
        self.keys()
        return self

    def keys(self) -> tuple[bytes, ...]:
        """Return the signing keys; none means that messages go unsigned."""
        given = self.secrets if self.secret is None else (self.secret,)
        return tuple(signing_key(secret.get_secret_value()) for secret in given)

    def build(self, tools: Tools) -> Channel:
        poster = Poster(
            http=tools.http, url=parse_url(self.url.get_secret_value()), time_limit_s=tools.time_limit_s
        )
        return Webhook(poster, self.keys(), tools.clock)


class Webhook:
    """Posts messages: id and body are the same at every attempt, timestamp and signature are not."""

    def __init__(self, poster: Poster, keys: tuple[bytes, ...], clock: Clock) -> None:
        self._poster = poster
        self._keys = keys
        self._clock = clock

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        body = canonical(delivery.message.data)
        headers = signed_headers(delivery.id, self._clock(), body, self._keys)
        answer = await self._poster.post(body, headers, on_phase)
        if not answer.good:
            raise refusal(answer, self._clock())
        return f"HTTP {answer.status} {answer.excerpt}".strip()


def canonical(data: Mapping[str, Any]) -> bytes:
    """Return the same bytes for the same data, however it was stored in between."""
    text = json.dumps(dict(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def signed_headers(id: str, at: datetime, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """Return the headers that prove who sent `body`, and when.

    Source: Standard Webhooks specification, "Webhook metadata" and "Signature scheme" (v1, HMAC-SHA256).
    """
    seconds = str(int(at.timestamp()))
    signed = b".".join((id.encode(), seconds.encode(), body))
    signatures = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
    headers = {"webhook-id": id, "webhook-timestamp": seconds}
    if signatures:
        headers["webhook-signature"] = " ".join(f"v1,{signature}" for signature in signatures)
    return headers


def signing_key(secret: str) -> bytes:
    """Return the bytes of a secret: base64 after ``whsec_`` in any case and spacing, else the text itself.

    Raises:
        ValueError: it is empty, not base64, or looks like another kind of key; without the secret.
    """
    bare = secret.strip().strip("\"'").strip()
    if not bare:
        raise ValueError("a secret is empty")
    if found := _ENCODED.fullmatch(bare):
        return _decoded("".join(found["key"].split()))
    for pattern, problem in _NOT_SECRETS.items():
        if pattern.match(bare):
            raise ValueError(f"a secret {problem}")
    return secret.encode()


def _decoded(encoded: str) -> bytes:
    encoded = encoded.rstrip("=").translate(_URL_SAFE)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        raise ValueError("a secret begins with whsec_ but what follows is not base64") from None
    if not key:
        raise ValueError("a secret is empty after whsec_")
    return key


#: Services show a secret with its version (``v1,whsec_…``); people copy it with spaces or capitals.
_ENCODED = re.compile(r"(?:v1\s*,\s*)?whsec\s*_(?P<key>.*)", re.IGNORECASE | re.DOTALL)
_URL_SAFE = str.maketrans("-_", "+/")

#: Texts that are certainly no shared secret: signing with them would fail at the receiver only.
_NOT_SECRETS: Mapping[re.Pattern[str], str] = {
    re.compile(r"(?i)(v1a\s*,\s*)?wh[sp]k\s*_"): "is an ed25519 key; set one with whsec_",
    re.compile(r"(?i)v[0-9]+[a-z]?\s*,"): "looks like a signature; set one with whsec_",
    re.compile(r"(?i)wh[-_ ]?sec"): "begins almost like whsec_; write whsec_ and base64",
}
