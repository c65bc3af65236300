"""Measure how similar two links or two titles are, and make the keys by which similar ones are found. Pure.

This is independent of language: words are folded, and scripts without spaces are compared by letter pairs.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from urllib.parse import SplitResult, unquote, urlsplit

from monitor.text.patterns import late_pattern

from .model import Item, key_of
from .text import words

#: Shorter titles are compared as a whole: being contained in a longer title says too little.
_MIN_PIECES = 3

_HOST = late_pattern(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_AMP = late_pattern(r"/amp/?$|\.amp(?=$|\.html?$)|(?<=/)amp/(?=.)", re.IGNORECASE)
_SESSION_IN_PATH = late_pattern(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_SESSION_KEYS = frozenset(
    "jsessionid phpsessid aspsessionid session_id cfid cftoken zenid amp outputtype".split()
)
#: Long values of these keys are sessions; short ones are often article ids.
_MAYBE_SESSION_KEYS, _LONG = frozenset({"sid", "session", "sessionid"}), 16
#: Paths of front pages.
_FRONT = late_pattern(
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|default|home)(?:\.\w{2,5})?/?)?", re.IGNORECASE
)

#: Thai, Lao, Burmese and Khmer: letters like ours, but no spaces between words.
_UNSPACED = late_pattern(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_IDEOGRAPH = late_pattern(r"[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd]")


def link_key(url: str) -> str:
    """Return the key of the page behind a link; "" for a front page, which belongs to no single item.

    Scheme, ``www.``, mobile and AMP forms, sessions, fragments and the order of a query do not count.
    """
    host, page = _split_url(url)
    return key_of(host, page) if page else ""


def same_page(one: str, other: str) -> bool:
    """Say whether two links differ only in host and in what `link_key` ignores; front pages never match."""
    page = _split_url(one)[1]
    return bool(page) and page == _split_url(other)[1]


def title_key(item: Item) -> str:
    """Return the key of an item's title, or of its summary if it has no title; "" without words."""
    folded = words(heading(item))
    return key_of(*folded) if folded else ""


def heading(item: Item) -> str:
    """Return the title, or the beginning of the summary if there is none."""
    return item.title or item.summary[:300]


def similarity(one: str, other: str) -> float:
    """Return the share of the shorter title that is in the longer (0-1); for very short ones, the overlap."""
    mine, theirs = frozenset(pieces(one)), frozenset(pieces(other))
    if not mine or not theirs:
        return float(mine == theirs)
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) / (shorter if shorter >= _MIN_PIECES else len(mine | theirs))


def without_figures(text: str) -> tuple[str, ...]:
    """Return the folded words of a text that contain no digit."""
    return tuple(word for word in words(text) if not any(map(str.isdigit, word)))


def pieces(title: str) -> Iterator[str]:
    """Yield the folded words of a title, and pairs of letters where words are written without spaces."""
    for unspaced, run in groupby(words(title), key=_is_unspaced):
        if not unspaced:
            yield from run
            continue
        letters = "".join(run)
        yield from map("".join, pairwise(letters)) if len(letters) > 1 else letters


def _is_unspaced(word: str) -> bool:
    return bool(_IDEOGRAPH.match(word) or _UNSPACED.match(word))


def _split_url(url: str) -> tuple[str, str]:
    """Return (host, path with query) for comparison; the latter is "" for front pages and bad addresses."""
    try:
        parts = urlsplit(url)
        host = _HOST.sub("", (parts.hostname or "").rstrip("."))
    except ValueError:
        host = ""
    if not host:
        return "", ""
    query = _query(parts)
    path = unquote(_AMP.sub("", _SESSION_IN_PATH.sub("", parts.path))).rstrip("/")
    return (host, "") if not query and _FRONT.fullmatch(path or "/") else (host, f"{path}?{query}")


def _query(parts: SplitResult) -> str:
    """Return the query sorted, without parts that do not identify the page."""
    return "&".join(sorted(part for part in parts.query.split("&") if part and _identifies_page(part)))


def _identifies_page(part: str) -> bool:
    name, _, value = part.partition("=")
    name = name.lower()
    return name not in _SESSION_KEYS and not (name in _MAYBE_SESSION_KEYS and len(value) >= _LONG)
