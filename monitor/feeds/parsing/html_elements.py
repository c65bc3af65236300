"""The names of HTML elements: only these are markup in a text, other words in angle brackets are words. Pure.

Source: WHATWG HTML, "Index of elements" and "Obsolete features"; the roots and shapes of SVG and MathML.
"""

import re
from collections.abc import Collection

ELEMENTS = frozenset(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink"
    " blockquote body br button canvas caption center cite code col colgroup data datalist dd del"
    " details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame"
    " frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins isindex kbd keygen"
    " label legend li link listing main map mark marquee math menu menuitem meta meter multicol nav"
    " nextid nobr noembed noframes noscript object ol optgroup option output p param picture plaintext"
    " pre progress q rb rp rt rtc ruby s samp script search section select slot small source spacer span"
    " strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title"
    " tr track tt u ul var video wbr xmp circle defs ellipse g line lineargradient path polygon polyline"
    " radialgradient rect symbol text tspan use mfrac mi mn mo mrow msqrt msub msup mtext".split()
)

_TAG = re.compile(r"<(/?)([^\W\d_][^\s<>/]*)")
_PREFIXED = re.compile(r"[a-z][\w.-]*:[a-z][\w.-]*")
_ATTRIBUTES = re.compile(r"\s[^<>]{0,500}?=\s{0,9}[\"']")


def escape_words(markup: str) -> str:
    """Escape words in angle brackets ("<Sovcomflot>") that are no tags, so that they stay in the text.

    Tags are HTML elements, elements with a prefix (``o:p``) or attributes, and elements that are closed.
    """
    tags = [(closing, name.lower()) for closing, name in _TAG.findall(markup)]
    closed = {name for closing, name in tags if closing} & {name for closing, name in tags if not closing}

    def escaped(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        known = name in ELEMENTS or name in closed or _PREFIXED.fullmatch(name)
        return tag[0] if known or _has_attributes(tag) else f"&lt;{tag[1]}{tag[2]}"

    return markup if _all_known(tags) else _TAG.sub(escaped, markup)


def _all_known(tags: Collection[tuple[str, str]]) -> bool:
    return all(name in ELEMENTS for _, name in tags)


def _has_attributes(tag: re.Match[str]) -> bool:
    return bool(_ATTRIBUTES.match(tag.string, tag.end()))
