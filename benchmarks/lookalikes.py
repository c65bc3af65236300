"""Rebuild ``seeds/lookalikes.txt``, the letters that resemble Latin ones, by which disguised words are recognised.

    pip install confusable-homoglyphs==3.3.1
    python benchmarks/lookalikes.py

The package ships the pairs of Unicode's confusables.txt (UTS #39) as JSON; small capitals, and letters in circles and squares come
from the names in Python's `unicodedata`. Only the letters are kept: ``fold`` lines hold those that are always the Latin letter,
``like`` lines the letters of other scripts, which may be that letter inside a word with Latin letters.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from string import ascii_lowercase

from monitor.resources import SEEDS

#: Letters drawn in a frame, or small capitals: only their name says which letter they are.
NAMED = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|(?:NEGATIVE )?(?:CIRCLED|SQUARED) LATIN (?:CAPITAL|SMALL) LETTER"
    r"|PARENTHESIZED LATIN (?:CAPITAL|SMALL) LETTER) ([A-Z])"
)
HEADER = """\
# Letters that look like the Latin letter at the head of the line. Made by benchmarks/lookalikes.py; do not edit.
# Source: Unicode confusables.txt (UTS #39) as shipped by confusable-homoglyphs 3.3.1, and the Unicode character names.
# Copyright Unicode, Inc.; Unicode License v3 (SPDX: Unicode-3.0), https://www.unicode.org/license.txt
"""


def confusable_letters(table: dict[str, list[dict[str, str]]], char: str) -> Iterator[str]:
    """Yield the Latin letters that Unicode holds confusable with a letter or with its capital."""
    for variant in dict.fromkeys((char, char.lower(), char.upper())):
        for similar in (each["c"] for each in table.get(variant, ())):
            letter = latin_letter(similar)
            if letter == "l" and variant == char.upper():  # the capital I is an l to Unicode
                yield "i"
            if letter and (letter != "l" or variant == char.lower()):
                yield letter


def latin_letter(text: str) -> str:
    """Return the ASCII letter that a text is, but for accents, small capitals and case; "" if it is none."""
    base = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    named = NAMED.fullmatch(unicodedata.name(base, "")) if len(base) == 1 else None
    letter = (named[1] if named else base).lower()
    return letter if len(letter) == 1 and letter in ascii_lowercase else ""


def is_candidate(char: str) -> bool:
    """Say whether a character is a case-folded letter, written from left to right, that does not decompose."""
    if not char.isalpha() or char.isascii() or char != char.casefold():
        return False
    name = unicodedata.name(char, "")
    if unicodedata.bidirectional(char) != "L" or name.startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")):
        return False
    return unicodedata.normalize("NFKD", char) == char


def main() -> None:
    """Write the file and print how many letters it holds."""
    table = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8"))
    always: dict[str, str] = dict.fromkeys(ascii_lowercase, "")
    similar: dict[str, str] = dict.fromkeys(ascii_lowercase, "")
    for char in map(chr, range(0x80, sys.maxunicode)):
        name = unicodedata.name(char, "")
        if named := NAMED.fullmatch(name):
            always[named[1].lower()] += char
        elif is_candidate(char):
            kept = always if name.startswith("LATIN") else similar
            for letter in dict.fromkeys(confusable_letters(table, char)):
                kept[letter] += char
    rows = [*(f"fold {each} {always[each]}" for each in ascii_lowercase if always[each])]
    rows += [f"like {each} {similar[each]}" for each in ascii_lowercase if similar[each]]
    (SEEDS / "lookalikes.txt").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
    print(
        f"{sum(map(len, always.values()))} letters that are Latin, {sum(map(len, similar.values()))} that look so"
    )


if __name__ == "__main__":
    main()
