"""Send one HTTP request, read a bounded answer, and describe faults without secrets."""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from monitor.channels.answers.base import HOUR, Meaning
from monitor.channels.answers.http import http_meaning
from monitor.errors import ChannelError, DeliveryError
from monitor.model import AttemptPhase

from .base import OnPhase

if TYPE_CHECKING:
    import httpx

TIME_LIMIT_S = 30.0
MAX_EXCERPT = 200
_MAX_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request.

    `excerpt` is the beginning of the body on one line, without secrets. `body` is all that was read of it,
    for programs only: it may hold secrets.
    """

    host: str
    status: int
    excerpt: str
    retry_after: str = ""
    body: str = field(default="", repr=False)

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def data(self) -> dict[str, Any]:
        """The body's JSON object; empty if it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """Posts to one secret address: errors name its host only, and none of `secrets`."""

    http: "httpx.AsyncClient"
    url: "httpx.URL"
    time_limit_s: float = TIME_LIMIT_S
    method: str = "POST"
    secrets: tuple[str, ...] = field(default=(), repr=False)
    max_answer_bytes: int = _MAX_ANSWER_BYTES

    async def post(self, body: bytes, headers: Mapping[str, str], on_phase: OnPhase) -> Answer:
        """Return the answer, whatever its status; redirects are not followed.

        Raises:
            DeliveryError: no answer; uncertain if the body had begun to leave.
        """
        import httpx  # noqa: PLC0415  most commands send nothing

        leaving = False

        async def content() -> AsyncIterator[bytes]:
            nonlocal leaving
            await on_phase(AttemptPhase.DATA)
            leaving = True
            yield body

        # `from None`: the library's own errors may hold the address, and tracebacks are logged.
        try:
            async with asyncio.timeout(self.time_limit_s):
                return await self._exchange(content(), {**headers, "Content-Length": str(len(body))})
        except TimeoutError:
            why = f"no answer within {self.time_limit_s:g} s"
            raise ChannelError(f"{self.url.host}: {why}", uncertain=leaving) from None
        except httpx.HTTPError as error:
            raise ChannelError(f"{self.url.host}: {_why(error, leaving)}", uncertain=leaving) from None

    async def _exchange(self, content: AsyncIterator[bytes], headers: Mapping[str, str]) -> Answer:
        plain = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        request = self.http.stream(
            self.method,
            self.url,
            content=content,
            headers={**plain, **headers},
            follow_redirects=False,
            timeout=None,  # one time limit covers the whole exchange
        )
        async with request as response:
            received = b""
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) >= self.max_answer_bytes:
                    break
            body = received[: self.max_answer_bytes].decode("utf-8", "replace")
            return Answer(
                self.url.host,
                response.status_code,
                excerpt(redacted(body[: MAX_EXCERPT * 20], self.url, *self.secrets)),
                response.headers.get("Retry-After", ""),
                body,
            )


def parse_url(text: str) -> "httpx.URL":
    """Parse a web address.

    Raises:
        ValueError: it is none.
    """
    import httpx  # noqa: PLC0415  most commands send nothing

    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        raise ValueError("it is not a web address") from None


def refusal(answer: Answer, now: datetime, meaning: Meaning | None = None) -> DeliveryError:
    """Return the error for an unsuccessful answer, which says whether and when to try again."""
    code = f"HTTP {answer.status}"
    quoted = f" {answer.excerpt!r}" if answer.excerpt else ""
    wait = retry_after_in(answer.retry_after, now) or retry_after_of(answer.data)
    return (meaning or http_meaning(answer.status)).error(
        f"{answer.host} answered {code}{quoted}", code=code, retry_after=wait
    )


def retry_after_in(value: str, now: datetime) -> timedelta | None:
    """Return the wait of a Retry-After header, seconds or HTTP date, at most an hour; None if there is none.

    Source: RFC 9110 §10.2.3.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        wait = timedelta(seconds=float(value))
    else:
        try:
            then = parsedate_to_datetime(value)
        except ValueError:
            return None
        wait = (then if then.tzinfo else then.replace(tzinfo=UTC)) - now
    return min(wait, HOUR) if wait > timedelta(0) else None


def retry_after_of(data: Mapping[str, Any]) -> timedelta | None:
    """Return the wait that a JSON answer asks for, at most an hour; None if there is none.

    Discord writes ``retry_after`` in seconds, Telegram the same within ``parameters``, Matrix
    ``retry_after_ms``.
    """
    parameters = data.get("parameters")
    within = parameters.get("retry_after") if isinstance(parameters, dict) else None
    for given, unit in ((data.get("retry_after"), 1.0), (within, 1.0), (data.get("retry_after_ms"), 1e-3)):
        number = given if isinstance(given, int | float) and not isinstance(given, bool) else 0
        if number > 0:  # which NaN is not
            return timedelta(seconds=min(number, HOUR.total_seconds() / unit) * unit)
    return None


def excerpt(text: str) -> str:
    """Return the beginning of a foreign text on one line, printable."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= MAX_EXCERPT else line[: MAX_EXCERPT - 1] + "…"


def redacted(text: str, url: "httpx.URL", *secrets: str) -> str:
    """Remove the parts of an address and other secrets from a text: error pages often repeat them."""
    raw = url.raw_path.decode("ascii")
    parts = {url.userinfo.decode("ascii"), raw, *re.split(r"[/?&=;]", raw), *secrets}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= 6:
            text = text.replace(part, "…").replace(unquote(part), "…")
    return text


def _why(error: BaseException, leaving: bool) -> str:
    """Name a transport fault by its kind; the library's text may hold the address."""
    if leaving:
        return "the connection was lost before an answer came"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "its certificate is not valid"
        if isinstance(cause, OSError) and cause.strerror:
            return f"no connection: {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return "no connection"
