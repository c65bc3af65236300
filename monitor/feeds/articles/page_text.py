"""Read the title and the beginning of the text of a web page. Pure."""

import re

from monitor.feeds.parsing.decode import decode
from monitor.feeds.parsing.plain_text import plain_text

MAX_TEXT = 4_000
_TITLE = re.compile(r"<title[^>]{0,500}>([^<]{1,1000})</title", re.IGNORECASE)
_BODY = re.compile(r"<(?:article|main|body)\b[^>]{0,2000}>", re.IGNORECASE)


def page_text(body: bytes, content_type: str) -> tuple[str, str]:
    """Return (title, text) of a page; text is at most 4,000 characters, markup removed."""
    text, _ = decode(body, content_type)
    title = _TITLE.search(text)
    begin = next(iter(_BODY.finditer(text)), None)
    return plain_text(title[1], 500) if title else "", plain_text(
        text[begin.end() if begin else 0 :], MAX_TEXT
    )
