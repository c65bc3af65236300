"""How alike two links or two titles are, and the short names by which alike ones are looked up. Pure.

No language is known here: words are folded, and scripts without spaces are compared by pairs of letters.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from urllib.parse import SplitResult, unquote, urlsplit

from .model import Item, key_of
from .text import words

#: A title of fewer pieces says too little to be found whole in a longer one.
_FEWEST = 3

_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_AMP = re.compile(r"/amp/?$|\.amp(?=$|\.html?$)|(?<=/)amp/(?=.)", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_NOT_THE_PAGE = frozenset(
    "jsessionid phpsessid aspsessionid session_id cfid cftoken zenid amp outputtype".split()
)
#: These name a session where they are long, and else often an article.
_PERHAPS_SESSIONS, _LONG = frozenset({"sid", "session", "sessionid"}), 16
#: What a site calls its own beginning.
_FRONT = re.compile(
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|default|home)(?:\.\w{2,5})?/?)?", re.IGNORECASE
)

#: Thai, Lao, Burmese and Khmer: letters like ours, but no spaces between words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_IDEOGRAPH = re.compile(r"[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd]")


def link_key(url: str) -> str:
    """Return a short name of the page behind a link; "" for a site's front page, which is no item's own.

    Scheme, ``www.``, mobile and AMP forms, sessions, fragments and the order of a query do not count.
    """
    host, page = _place(url)
    return key_of(host, page) if page else ""


def same_page(one: str, other: str) -> bool:
    """Say whether two links differ at most in what `link_key` ignores and in the host; not of front pages."""
    page = _place(one)[1]
    return bool(page) and page == _place(other)[1]


def title_key(item: Item) -> str:
    """Return a short name of an item's title, or of its summary where it has no title; "" without words."""
    folded = words(heading(item))
    return key_of(*folded) if folded else ""


def heading(item: Item) -> str:
    """Return what stands first: the title, or the beginning of the summary where there is none."""
    return item.title or item.summary[:300]


def similarity(one: str, other: str) -> float:
    """Return how much of the shorter title the longer has (0-1); of very short ones, how much is common."""
    mine, theirs = frozenset(pieces(one)), frozenset(pieces(other))
    if not mine or not theirs:
        return float(mine == theirs)
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) / (shorter if shorter >= _FEWEST else len(mine | theirs))


def without_figures(text: str) -> tuple[str, ...]:
    """Return the folded words of a text but for those with a digit in them."""
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


def _place(url: str) -> tuple[str, str]:
    """Return (host, path and query) as they are compared; no page for a front page and for no web address."""
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
    """Return the query in one order, without what says nothing of the page."""
    return "&".join(sorted(part for part in parts.query.split("&") if part and _says_which(part)))


def _says_which(part: str) -> bool:
    name, _, value = part.partition("=")
    name = name.lower()
    return name not in _NOT_THE_PAGE and not (name in _PERHAPS_SESSIONS and len(value) >= _LONG)
