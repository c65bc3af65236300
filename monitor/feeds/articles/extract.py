"""Extract the text of an article from its page. Needs the extra ``fulltext``."""

import re
from importlib.util import find_spec

from monitor.feeds.parsing.decode import decode

#: The longest stored text; news stands in its first sentences.
MAX_TEXT = 20_000

#: A shorter text is a paywall, a cookie notice, or a page that a script fills.
MIN_TEXT = 400

REMEDY = "reading pages in full needs more parts: pip install 'sanctions-monitor[fulltext]'"

_PROLOG = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "")


def installed() -> bool:
    """Say whether the packages of the extra ``fulltext`` are installed."""
    return all(find_spec(name) for name in ("trafilatura", "protego"))


def is_page(content_type: str) -> bool:
    """Say whether a document may be a web page."""
    return content_type.partition(";")[0].strip().lower() in _PAGES


def read_article(body: bytes, content_type: str) -> str:
    """Return the text of a page, one paragraph a line, at most `LONGEST` characters; "" if it has none."""
    import trafilatura  # noqa: PLC0415  an extra, and it takes a second to load

    html = _PROLOG.sub("", decode(body, content_type)[0])
    found = trafilatura.extract(html, include_comments=False, favor_precision=True) if html.strip() else None
    return (found or "").strip()[:MAX_TEXT]
