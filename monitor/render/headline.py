"""Show a headline without the name of its publisher at the end. Pure."""

import re

from monitor.model import Tier
from monitor.text import fold

MAX_SUFFIX_WORDS = 5

_SUFFIX = re.compile(r"\s+[-–—|]\s+([^|–—]+?)\s*$")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,10}$")

#: Publishers that end headlines with their name, folded.
_PUBLISHERS = frozenset(
    (
        "reuters", "ap", "ap news", "associated press", "afp", "bbc", "bbc news", "bloomberg", "cnn", "cnbc",
        "the guardian", "the new york times", "the washington post", "the wall street journal", "wsj",
        "financial times", "politico", "axios", "al jazeera", "al arabiya", "defense news",
        "breaking defense",
        "defense one", "army recognition", "janes", "naval news", "the times of israel", "the jerusalem post",
        "euronews", "france 24", "dw", "tass", "interfax", "xinhua", "anadolu ajansi", "anadolu agency",
        "kyiv independent", "the kyiv independent", "ukrinform", "the moscow times", "nikkei asia", "npr",
        "south china morning post", "the hindu", "abc news", "cbs news", "nbc news", "fox news", "usni news",
        "the diplomat", "foreign policy", "newsweek", "the economist", "le monde", "der spiegel", "meduza",
    )
)  # fmt: skip


def headline_of(title: str, source: str = "", tier: str = "") -> str:
    """Return a title without " - Publisher" at its end.

    The end goes if it is the source's own name, a domain or a well-known publisher. An aggregator's titles
    all end with a publisher, so any short end goes.
    """
    found = _SUFFIX.search(title)
    if not found or len(title[: found.start()].split()) < 2:
        return title
    suffix, own = fold(found[1]).strip(" ."), fold(source)
    is_publisher = (
        suffix in _PUBLISHERS or _DOMAIN.fullmatch(suffix) or (own and suffix in {own, f"the {own}"})
    )
    is_short = tier == Tier.AGGREGATOR and len(suffix.split()) <= MAX_SUFFIX_WORDS
    return title[: found.start()].rstrip() if is_publisher or is_short else title
