"""Recognise the scripts of names. Pure."""

import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import groupby

from .wording import LEGAL_FORMS

_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
#: Scripts that are written without spaces between words.
_UNSPACED = frozenset({"EAST ASIAN", "THAI", "LAO", "MYANMAR", "KHMER", "TIBETAN"})


@lru_cache(100_000)
def _letter_script(letter: str) -> str:
    script = unicodedata.name(letter, "").partition(" ")[0]
    return "EAST ASIAN" if script in _EAST_ASIAN else script


def script_of(text: str) -> str:
    """Return the script of most letters of a text, as in the names of Unicode; "" without letters."""
    if text.isascii():
        return "LATIN" if any(map(str.isalpha, text)) else ""
    scripts = Counter(_letter_script(letter) for letter in text if letter.isalpha())
    return scripts.most_common(1)[0][0] if scripts else ""


def is_unspaced(text: str) -> bool:
    """Say whether a text is in a script without spaces between words."""
    return script_of(text) in _UNSPACED


def is_latin(text: str) -> bool:
    """Say whether a text is written in Latin letters; so is one without letters."""
    return script_of(text) in {"LATIN", ""}


def split_scripts(text: str) -> tuple[str, ...]:
    """Return the two halves of "Agha Jan اغا جان", else the text as it is.

    The Latin half comes first, or the other may only say what it is ("фондация Al Haramain"); each has two
    words or more besides its legal form.
    """
    if text.isascii():
        return (text,)
    runs: list[tuple[str, str]] = []
    for script, found in groupby(text.split(), key=script_of):
        run = " ".join(found)
        if runs and (not script or script == runs[-1][0]):
            runs[-1] = (runs[-1][0], f"{runs[-1][1]} {run}")
        else:
            runs.append((script, run))
    halves = [run.strip(" ,;:/-–") for _, run in runs]
    whole = (
        len(runs) != 2
        or runs[0][0] != "LATIN"
        or any(edge in "-–/«»\"“”„'‘’" for edge in (runs[0][1][-1], runs[1][1][0]))
    )
    return (text,) if whole or not all(map(_is_name, halves)) else tuple(halves)


def _is_name(run: str) -> bool:
    if is_unspaced(run):
        return len(run) > 1
    named = [word for word in run.split() if word.strip("«»\"'“”.,").lower() not in LEGAL_FORMS]
    return len(named) > 1
