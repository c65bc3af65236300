"""Turn the bytes of a document into XML that a parser can be trusted with. Pure, in linear time.

One pass removes comments and processing instructions and resolves CDATA sections; the other text is escaped
piecewise. Text before the root is dropped, and the DOCTYPE with it: no entity is defined, so none can expand.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.entities import html5
from itertools import islice

from .decode import decode

MAX_ITEMS = 5_000

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}

_BARE = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#?)([^;]{1,33};)")
_NO_TAG = re.compile(r"<(?!/?[^\W\d])")

_ROOT = re.compile(
    r"<(?:(?P<html>html|head|body)|(?P<name>(?:[A-Za-z_][\w.-]{0,30}:)?"
    r"(?:(?P<feed>rss|feed|rdf|channel)|(?P<sitemap>urlset|sitemapindex))))(?=[\s>/])",
    re.IGNORECASE,
)
_PAGE = re.compile(r"<!doctype\s{1,9}html", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(?:item|entry)[\s>/]")
_ITEM_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,30}:)?(?:item|entry)\s{0,9}>")
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document ready for a parser.

    `kind` is ``feed``, ``sitemap``, ``html``, ``json``, ``empty`` or ``other``; `xml` is empty unless it is
    one of the first two. `whole` is False when the end was missing or items beyond the limit were cut; the
    last item is then the last complete one. `text` is the decoded text of a document that is no feed.
    """

    kind: str
    xml: bytes = field(repr=False)
    whole: bool = True
    encoding: str = "utf-8"
    text: str = field(default="", repr=False)


def clean(body: bytes, content_type: str = "", encoding: str = "", most_items: int = MAX_ITEMS) -> Cleaned:
    """Return the document made well-formed, as far as possible without knowing its meaning.

    UTF-8 with one declaration; no DOCTYPE, comments, processing instructions or CDATA; no illegal characters;
    bare ``&`` and ``<`` escaped, HTML's named characters resolved; nothing before the root or after its end.
    """
    text, encoding = decode(body, content_type, encoding)
    text = _ILLEGAL.sub(" ", text.replace("\0", "").lstrip("\ufeff"))
    flat = _flattened(text)
    kind, root = _kind(text, flat)
    if root is None:
        return Cleaned(kind, b"", encoding=encoding, text=text)
    xml, whole = _trimmed(flat, root, most_items)
    return Cleaned(kind, (_DECLARATION + xml).encode(), whole, encoding)


def classify(body: bytes, content_type: str = "") -> str:
    """Return what a body is: ``feed``, ``sitemap``, ``html``, ``json``, ``empty`` or ``other``."""
    return clean(body, content_type).kind


def _kind(text: str, flat: str) -> tuple[str, re.Match[str] | None]:
    """Return the kind and, for feeds and sitemaps, the root tag in the flattened text."""
    start = text[:1_000].lstrip()
    if not start and not text.strip():
        return "empty", None
    if start.startswith(("{", "[")):
        return "json", None
    root = None if _PAGE.match(start) else _ROOT.search(flat)
    if root is None:
        return "html" if _PAGE.match(start) else "other", None
    kind = next(name for name in ("html", "feed", "sitemap") if root[name])
    return kind, None if kind == "html" else root


def _flattened(text: str) -> str:
    """Drop comments and processing instructions, turn CDATA into escaped text, escape what is not markup.

    Once an end mark is missing, it is not searched again: no text is searched twice.
    """
    ends = dict(_ENDS)
    pieces: list[str] = []
    at = 0
    while ends:
        opening = re.compile("|".join(map(re.escape, ends))).search(text, at)
        if opening is None:
            break
        end = text.find(ends[opening[0]], opening.end())
        if end < 0:
            del ends[opening[0]]
            continue
        pieces.append(_escaped(text[at : opening.start()]))
        if opening[0] == "<![CDATA[":
            pieces.append(escape(text[opening.end() : end], quote=False))
        at = end + 3 if opening[0] != "<?" else end + 2
    pieces.append(_escaped(text[at:]))
    return "".join(pieces).replace("]]>", "]]&gt;")


def _escaped(markup: str) -> str:
    if "&" in markup:
        markup = _REFERENCE.sub(_resolved, _BARE.sub("&amp;", markup))
    return _NO_TAG.sub("&lt;", markup)


def _resolved(reference: re.Match[str]) -> str:
    """Resolve HTML's named characters, and drop numbers of characters that XML forbids."""
    hash, name = reference.groups()
    if not hash:
        return escape(html5[name]) if name in html5 else f"&amp;{name}"
    number = int(name[1:-1], 16) if name[0] in "xX" else int(name[:-1])
    return " " if number > 0x10FFFF or _ILLEGAL.match(chr(number)) else reference[0]


def _trimmed(flat: str, root: re.Match[str], most_items: int) -> tuple[str, bool]:
    """Return the document from its root to its end, and whether it is whole."""
    text = flat[root.start() :]
    if alone := re.match(r"<[^<>]*/>", text):
        return alone[0], True
    last = next(islice(_ITEM_END.finditer(text), most_items - 1, None), None)
    if last and _ITEM.search(text, last.end()):
        return _closed(text[: last.end()], root["name"]), False
    end = text.rfind(f"</{root['name']}")
    closing = re.compile(r"</[^\s<>]+\s{0,99}>").match(text, end) if end > 0 else None
    if closing:
        return text[: closing.end()], True
    return _closed(text[: _complete(text)], root["name"]), False


def _complete(text: str) -> int:
    """Return where the last complete item ends, or else where the first one or the last broken tag begins."""
    end = max((match.end() for match in _ITEM_END.finditer(text)), default=0)
    if end:
        return end
    begun = _ITEM.search(text)
    broken = text.rfind("<") if text.rfind("<") > text.rfind(">") else len(text)
    return begun.start() if begun else broken


def _closed(text: str, name: str) -> str:
    """Close the elements around items; feeds in RDF keep their items beside the channel."""
    inside = "</channel>" if name.lower() == "rss" and "<channel" in text else ""
    return f"{text}{inside}</{name}>"
