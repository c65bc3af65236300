"""Recognise the scripts of names. Pure."""

import unicodedata
from collections import Counter
from functools import lru_cache

from .wording import LEGAL_FORMS

_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
#: Scripts that are written without spaces between words.
_UNSPACED = frozenset({"EAST ASIAN", "THAI", "LAO", "MYANMAR", "KHMER", "TIBETAN"})

#: What may stand between the two halves of a name, and what shows that both are one name or a quotation.
_SEPARATORS = " ,;:/-–"
_JOINERS = "-–/«»\"“”„'‘’"


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
    scripts: list[str] = []
    runs: list[str] = []
    for word in text.split():
        script = script_of(word)
        if runs and script in {scripts[-1], ""}:
            runs[-1] += f" {word}"
        else:
            scripts.append(script)
            runs.append(word)
    if len(runs) != 2 or scripts[0] != "LATIN":
        return (text,)
    latin, other = runs
    halves = (latin.strip(_SEPARATORS), other.strip(_SEPARATORS))
    is_one_name = latin[-1] in _JOINERS or other[0] in _JOINERS
    return (text,) if is_one_name or not all(map(_is_name, halves)) else halves


def _is_name(run: str) -> bool:
    if is_unspaced(run):
        return len(run) > 1
    named = [word for word in run.split() if word.strip("«»\"'“”.,").lower() not in LEGAL_FORMS]
    return len(named) > 1
