"""Keep the cookies of one chain of redirects, each for the host that set it; they end with the chain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import httpx

MAX_COOKIES = 50
_MAX_LENGTH = 4_096
_MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class _Cookie:
    value: str = field(repr=False)
    path: str
    secure: bool


class ChainCookies:
    """The cookies of one chain of redirects.

    Source: RFC 6265 §5; the attribute Domain is ignored, so that no other host gets a cookie.
    """

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str], _Cookie] = {}

    def store(self, url: httpx.URL, headers: Iterable[str]) -> None:
        """Keep the cookies that a response of `url` sets, and drop those that it deletes."""
        for header in headers:
            pair, *parts = header.split(";")
            name, separator, value = (part.strip() for part in pair.partition("="))
            if not separator or not name or not pair.isprintable() or len(pair) > _MAX_LENGTH:
                continue
            attributes = dict(_attribute(each) for each in parts)
            self._cookies.pop((url.host, name), None)
            if len(self._cookies) < MAX_COOKIES and not _is_expired(attributes):
                path = attributes.get("path", "")
                cookie = _Cookie(
                    value, path if path.startswith("/") else _default_path(url), "secure" in attributes
                )
                self._cookies[url.host, name] = cookie

    def header(self, url: httpx.URL) -> str:
        """Return the header Cookie for a request, "" for none."""
        fitting = (
            f"{name}={cookie.value}"
            for (host, name), cookie in self._cookies.items()
            if host == url.host and _covers(cookie, url)
        )
        return "; ".join(fitting)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the cookies, for error texts."""
        return tuple(dict.fromkeys(name[:_MAX_NAME] for _, name in self._cookies))


def merged(own: str, chain: str) -> str:
    """Return one header Cookie of two; of a name in both, the chain's value is newer."""
    renewed = {pair.partition("=")[0].strip() for pair in chain.split(";")}
    kept = [pair.strip() for pair in own.split(";") if pair.partition("=")[0].strip() not in renewed]
    return "; ".join(filter(None, (*kept, chain)))


def _attribute(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip()


def _is_expired(attributes: dict[str, str]) -> bool:
    """Say whether a cookie is deleted: Max-Age is not positive, or Expires is long past."""
    age = attributes.get("max-age", "")
    if age.lstrip("-").isdecimal():
        return age.startswith("-") or not int(age[:9])
    try:
        return parsedate_to_datetime(attributes.get("expires", "")).year < 2000
    except (ValueError, OverflowError):
        return False


def _default_path(url: httpx.URL) -> str:
    return url.path.rpartition("/")[0] or "/"


def _covers(cookie: _Cookie, url: httpx.URL) -> bool:
    if cookie.secure and url.scheme != "https":
        return False
    begins = url.path.startswith(cookie.path)
    return begins and (cookie.path.endswith("/") or url.path[len(cookie.path) :][:1] in {"", "/"})
