"""Turn untrusted markup into plain text. Pure."""

import html
import re

import nh3

from monitor.text import sentence_starts

from .html_elements import escape_words

_MAX_FIELD = 200_000

#: With more tags no tree is built: it grows with the square of nested formatting (27 KB took 0.5 GB). Such a
#: field is stripped tag by tag.
_MAX_TREE_TAGS = 250

_BLOCKS = (
    "address|article|aside|blockquote|br|caption|center|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|li|main"
    "|ol|option|p|pre|section|summary|table|td|th|tr|ul"
)
_BLOCK = re.compile(rf"<(?=/?(?:{_BLOCKS})\b)", re.IGNORECASE)
_INVISIBLE = re.compile(r"<(/?)(script|style)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: Such tags after decoding mean that the markup was encoded twice.
_ENCODED_TWICE = re.compile(
    rf"</?(?:{_BLOCKS}|a|b|em|font|i|img|script|span|strong|style|u)\b[^<>]*>", re.IGNORECASE
)
#: Block elements, links and images: with these a text is markup, whatever its type claims.
_LAYOUT = re.compile(
    r"</?(?:p|div|br|ul|ol|li|table|tr|td|h[1-6])\b[^<>]{0,500}>|<(?:a|img)\s[^<>]{0,500}=", re.IGNORECASE
)

#: The marks of a CDATA section that was wrapped twice, or escaped; they are no words of the publisher.
_CDATA_BEGIN = re.compile(r"(?:<|&(?:amp;){0,3}lt;)?!\s?\[\s?CDATA\s?\[", re.IGNORECASE)
_CDATA_END = re.compile(r"\]\s?\](?:>|&(?:amp;){0,3}gt;)")
_REFERENCE = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,31});")


def plain_text(markup: str, longest: int) -> str:
    """Return the words of `markup`: no tags, no scripts, blanks as single spaces, characters decoded.

    Markup and characters that were encoded twice are decoded twice, never more. Text is cut at `longest`
    characters, between words where that is near.
    """
    text = _decoded(_stripped(without_cdata(markup[:_MAX_FIELD])))
    if _ENCODED_TWICE.search(text):
        text = _decoded(_stripped(text))
    elif _REFERENCE.search(text):
        text = html.unescape(text)
    return _cut(" ".join(_ILLEGAL.sub(" ", text).split()), longest)


def verbatim_text(text: str, longest: int) -> str:
    """Return a text whose format says that it is no markup; words in angle brackets are words.

    Publishers who nevertheless send markup show it by block elements, links or images. Characters that are
    encoded all the same are decoded once.
    """
    text = without_cdata(text[:_MAX_FIELD])
    if _LAYOUT.search(text):
        return plain_text(text, longest)
    text = html.unescape(text) if _REFERENCE.search(text) else text
    return _cut(" ".join(_ILLEGAL.sub(" ", text).split()), longest)


def without_cdata(text: str) -> str:
    """Return a text without the marks of CDATA sections in it."""
    opened, count = _CDATA_BEGIN.subn("", text)
    return _CDATA_END.sub("", opened) if count else text


def _decoded(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _stripped(markup: str) -> str:
    """Remove tags: inline ones leave no gap ("S-<b>400</b>"), blocks a space. Characters stay encoded."""
    if "<" not in markup:
        return markup
    spaced = _BLOCK.sub(" <", escape_words(markup))
    if spaced.count("<") > _MAX_TREE_TAGS:
        return _TAG.sub("", _without_invisible(spaced))
    return nh3.clean(spaced, tags=set(), attributes={}, clean_content_tags={"script", "style"}, link_rel=None)


def _without_invisible(markup: str) -> str:
    """Drop scripts and styles with their content; an unclosed one drops all text after it."""
    kept: list[str] = []
    at, within = 0, ""
    for tag in _INVISIBLE.finditer(markup):
        name = tag[2].lower()
        if within and tag[1] and name == within:
            at, within = tag.end(), ""
        elif not within and not tag[1]:
            kept.append(markup[at : tag.start()])
            within = name
    return "".join(kept) if within else "".join(kept) + markup[at:]


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    space = text.rfind(" ", max(longest - 100, 0), longest + 1)
    return text[: space if space > 0 else longest].rstrip()


def first_sentence(raw: str, longest: int) -> str:
    """Return the first sentence of a text, cut between words at `longest` characters."""
    text = raw.strip()
    end = next(
        (offset for offset in sentence_starts(text[: longest + 50]) if text[:offset].strip()), len(text)
    )
    sentence = text[:end].rstrip()
    if len(sentence) <= longest:
        return sentence
    space = sentence.rfind(" ", longest // 2, longest + 1)
    return sentence[: space if space > 0 else longest].rstrip()
