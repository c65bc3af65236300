"""Read the messages of a mailbox: one item each. Pure.

A message that cannot be taken apart becomes an item of its subject and date: none is lost, none stops others.
"""

import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser

from monitor.feeds.links import absolute
from monitor.feeds.mailbox.mbox import StoredMessage, from_mbox
from monitor.feeds.parsing.decode import decode
from monitor.feeds.parsing.plain_text import plain_text, verbatim_text
from monitor.model import key_of

from .base import MAX_BODY, DocumentSource, FeedEntry, ParsedFeed, Verbatim, language_code, to_parsed_feed

#: The part of the text that counts as summary; all of it is the body.
MAX_LEAD = 2_000

_MAX_PARTS = 50
_MAX_HEADER = 4_000
_MAX_PART = 400_000

_FORWARDED = re.compile(r"^(?:\s*(?:re|aw|fw|fwd|wg|tr|rv|sv|vs|ynt|ilt)\s*:\s*){1,5}", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^<>]{0,5000}>", re.IGNORECASE)
_ANCHOR = re.compile(
    r"""<a\s[^<>]{0,500}?\bhref\s{0,5}=\s{0,5}["']?(https?://[^"'\s<>]{4,2000})[^<>]{0,1000}>(.{0,600}?)</a""",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(r"https?://[^\s<>\"')\]]{4,2000}")
#: Words of links about a subscription or social networks, not about the news.
_MANAGING = re.compile(
    r"unsubscri|subscrib|optout|opt-out|preferen|manage|privacy|datenschutz|abmeld|abbestell|désabon|desabon"
    r"|cancelar|darse de baja|отписа|відписа|abonelik|退订|配信停止"
    r"|forward|facebook|twitter|linkedin|instagram|youtube|//x\.com|mailto",
    re.IGNORECASE,
)
#: Characters by which newsletters pad the line that mail programs preview.
_PADDING = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2007\u2060-\u2064\ufeff]+")


def read_mailbox(document: bytes, source: DocumentSource) -> ParsedFeed:
    """Return an item of each message of an mbox document."""
    return to_parsed_feed([_entry(message, source) for message in from_mbox(document)], source)


def _entry(stored: StoredMessage, source: DocumentSource) -> FeedEntry:
    headers = BytesHeaderParser().parsebytes(stored.raw)
    text, links = _content(stored.raw)
    return FeedEntry(
        title=Verbatim(_FORWARDED.sub("", _header(headers, "Subject")).strip()),
        summary=Verbatim(_lead(text)),
        texts=(Verbatim(text),),
        links=(_header(headers, "Archived-At").strip("<>"), *links),
        dates=(_header(headers, "Date"), stored.received),
        guid=_header(headers, "Message-ID") or f"mail:{key_of(stored.raw[:_MAX_HEADER].decode('latin-1'))}",
        lang=language_code(_header(headers, "Content-Language")) or source.feed.lang,
    )


def _header(headers: Message, name: str) -> str:
    """Return a header as text, whatever its encoding claims to be; "" if there is none."""
    raw = next((str(value) for key, value in headers.raw_items() if key.lower() == name.lower()), "")
    raw = raw[:_MAX_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        text = str(make_header(decode_header(raw)))
    except (LookupError, ValueError, AssertionError):  # unknown or wrong encodings
        text = raw
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _content(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the words of a message and the address of its page, if it links to one."""
    try:
        plain, markup = _texts(BytesParser().parsebytes(raw))
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError):
        return "", ()  # no MIME structure that the standard library could read
    words = verbatim_text(_PADDING.sub("", plain), MAX_BODY)
    shown = plain_text(_PADDING.sub("", markup), MAX_BODY)
    text = shown if 2 * len(shown) > len(words) else words
    links = _anchors(markup) if markup else iter(_BARE.findall(plain))
    return text, tuple(_pages(links))


def _texts(message: Message) -> tuple[str, str]:
    """Return the plain text and the markup of a message; attachments are left out."""
    plain: list[str] = []
    markup: list[str] = []
    for part, _ in zip(message.walk(), range(_MAX_PARTS), strict=False):
        if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        charset = part.get_param("charset", "")
        text, _ = decode(payload[:_MAX_PART], f"charset={charset}" if isinstance(charset, str) else "")
        if part.get_content_subtype() == "html":
            markup.append(_BODY.split(text, maxsplit=1)[-1])
        else:
            plain.append(text)
    return "\n\n".join(plain), "\n".join(markup)


def _anchors(markup: str) -> Iterator[str]:
    """Yield the links of a newsletter that are not about its subscription."""
    for anchor in _ANCHOR.finditer(markup):
        if not _MANAGING.search(plain_text(anchor[2], 200)):
            yield anchor[1].replace("&amp;", "&")


def _pages(links: Iterator[str]) -> Iterator[str]:
    """Yield the first link that is no link about the subscription."""
    for link in links:
        if not _MANAGING.search(link) and absolute("", link):
            yield link
            return


def _lead(text: str) -> str:
    if len(text) <= MAX_LEAD:
        return text
    space = text.rfind(" ", MAX_LEAD // 2, MAX_LEAD + 1)
    return text[: space if space > 0 else MAX_LEAD]
