"""Fold text: remove the differences of writing that people do not mean, code point by code point."""

import re
import unicodedata

from .lookalikes import VARIANTS
from .traditional import SIMPLIFIED

#: Letters that NFKC, case folding and removal of marks keep distinct although people do not.
_SPECIAL = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss",
    "ى": "ي", "ک": "ك", "ی": "ي", "ە": "ه", "ة": "ه", "ـ": "",
}  # fmt: skip

#: Default_Ignorable_Code_Point but for U+200C. Source: UAX #44, DerivedCoreProperties.txt.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
#: An invisible character.
INVISIBLE = re.compile(f"[{IGNORABLE}\u200c]")

_REPLACED = VARIANTS | _SPECIAL | SIMPLIFIED


class _Fold(dict[int, str]):
    """Maps a code point to its folded text; filled on demand."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_one(chr(code))
        return folded


def _fold_one(char: str) -> str:
    if "\uac00" <= char <= "\ud7a3":  # Hangul syllables would fall apart into letters
        return char
    if INVISIBLE.match(char):
        return ""
    if char in _REPLACED:
        return _REPLACED[char]
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    kept = (c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"} or _is_vowel_sign(c))
    return "".join(_REPLACED.get(c, _digit(c)) for c in kept)


def _digit(char: str) -> str:
    """Return a decimal digit of any script as an ASCII digit."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _is_vowel_sign(char: str) -> bool:
    """Say whether a mark is a vowel sign, as in Indic and south-east Asian scripts, and not an accent."""
    return "\u0900" <= char <= "\u0eff"


_TABLE = _Fold()


def fold(text: str) -> str:
    """Return `text` without case, accents, variant letters or invisible characters; idempotent."""
    return text.lower() if text.isascii() else text.translate(_TABLE)


def visible(text: str) -> str:
    """Return `text` without invisible characters."""
    return text if text.isascii() else INVISIBLE.sub("", text)
