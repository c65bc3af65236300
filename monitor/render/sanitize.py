"""Make hostile text safe to show: no control characters, no direction marks, only http and https links."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

T = TypeVar("T")

#: Direction marks, invisible marks and tags. U+200C and U+200D stay: Persian and emoji need them.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BREAK = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")

#: Allowed in a link; other characters are percent-encoded, so that no quote, bar or bracket ends it early.
_LINK_SAFE = "%/:?#[]@!$&()*+,;=-._~"
_MAX_LINK = 2_000


def sanitize(text: str) -> str:
    """Return text on one line without control, invisible or direction characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _BREAK.sub(" ", _UNSEEN.sub("", without_surrogates(text))).strip()


def without_marks(text: str) -> str:
    """Return text, on as many lines as before, without invisible and direction marks."""
    return _UNSEEN.sub("", without_surrogates(text))


def without_surrogates(text: str) -> str:
    """Return text that every encoder accepts; the number of code points stays, so offsets stay valid."""
    return _SURROGATE.sub("\ufffd", text)


def sanitized(value: T) -> T:
    """Return the same value with every text in it sanitized, at any depth."""
    changed: Any = _changed(value)
    return changed  # type: ignore[no-any-return]


def _changed(value: Any) -> Any:
    if isinstance(value, str):
        return sanitize(value)
    if isinstance(value, tuple):
        several = tuple(map(_changed, value))
        return value if all(map(is_, several, value)) and type(value) is tuple else several
    if isinstance(value, Mapping):
        return {_changed(key): _changed(each) for key, each in value.items()}
    kind: type = type(value)
    if names := _field_names(kind):
        pairs = ((name, getattr(value, name)) for name in names)
        changes = {name: new for name, old in pairs if (new := _changed(old)) is not old}
        return replace(value, **changes) if changes else value
    return value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """Return the fields by which a dataclass is made; none of another type."""
    return tuple(each.name for each in fields(kind) if each.init) if is_dataclass(kind) else ()


def href(url: str) -> str:
    """Return an http or https link without user name; "" for any other or one over 2,000 characters."""
    try:
        parts = urlsplit(sanitize(url))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return ""
        host = parts.netloc.rpartition("@")[2]
        link = quote(parts._replace(netloc=host).geturl(), safe=_LINK_SAFE)
    except ValueError:  # an unfinished IPv6 address, characters that NFKC would turn into delimiters
        return ""
    return link if len(link) <= _MAX_LINK else ""


def clip(text: str, most: int) -> str:
    """Return text of at most this many characters, cut between words where that costs little."""
    if len(text) <= most:
        return text
    kept = text[: max(most - 1, 0)]
    word, space, _ = kept.rpartition(" ")
    return (word if space and len(word) > most * 0.6 else kept).rstrip(" ,.;:–-") + "…"


def sanitize_in_place(text: str) -> str:
    """Return text without controls or direction marks, with as many code points as given: offsets hold."""
    return "".join(map(_sanitize_char, text))


def _sanitize_char(char: str) -> str:
    if char.isprintable() or char in "\n\u200c\u200d":  # Persian and emoji need the last two
        return char
    return " " if char.isspace() else "\ufffd"
