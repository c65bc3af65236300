"""Know the letters that look like Latin ones, and read words in which they are mixed.

The table is ``seeds/lookalikes.txt``, which ``benchmarks/lookalikes.py`` makes from Unicode's data.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import islice, product
from string import ascii_lowercase

from monitor.resources import SEEDS


def _read_table() -> tuple[dict[str, str], dict[str, str]]:
    latin: dict[str, str] = {}
    similar: dict[str, str] = {}
    for line in (SEEDS / "lookalikes.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        use, letter, chars = line.split(" ")
        for char in chars:
            if use == "fold":
                latin.setdefault(char, letter)
            else:
                similar[char] = similar.get(char, "") + letter
    return latin, similar


#: The Latin letter of each of its variants, and the Latin letters that a letter of another script looks like.
VARIANTS, LATIN_LETTERS = _read_table()

_CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяђѓєѕіїјљњћќѝўџґ")

#: Living alphabets: a word of one of these is what it seems, whatever its letters look like.
_ALPHABETS = (
    _CYRILLIC | frozenset("әғқңөұүһҳҷӣӯҡҙҫҥӑӗӳ"),
    frozenset("αβγδεζηθικλμνξοπρσςτυφχψω"),
    frozenset(map(chr, range(0x561, 0x588))),  # Armenian
)
_CYRILLIC_LETTERS = {
    latin: "".join(char for char, letters in LATIN_LETTERS.items() if latin in letters and char in _CYRILLIC)
    for latin in ascii_lowercase
}
_MAX_LOOKALIKES = 8

#: Bits of `letters_of`, beside those of the living alphabets.
FOREIGN, LOOKALIKE = 64, 128


def letters_of(folded: str) -> int:
    """Return what decides whether a word with this part has look-alikes, as bits.

    The lowest six are set for each living alphabet that has all letters of it; `FOREIGN` says that a
    character is not ASCII, `LOOKALIKE` that a letter looks like a Latin one.
    """
    letters = frozenset(filter(str.isalpha, folded))
    bits = sum(1 << number for number, alphabet in enumerate(_ALPHABETS) if letters <= alphabet)
    bits = bits if letters else FOREIGN - 1
    foreign = 0 if folded.isascii() else FOREIGN
    return bits | foreign | (0 if letters.isdisjoint(LATIN_LETTERS) else LOOKALIKE)


@lru_cache(maxsize=200_000)
def lookalikes(word: str) -> tuple[str, ...]:
    """Return the words of one alphabet that a folded word with letters of several looks like, best first.

    They are Latin or Cyrillic. There are none for a word of one living alphabet, nor for one with a letter
    that looks like none of the other.

    Source: UTS #39, Unicode Security Mechanisms, §4.
    """
    if word.isascii() or not _is_mixed(word):
        return ()
    latin = _in_letters(word, _latin_letters)
    cyrillic = _in_letters(word, _cyrillic_letters) if not _CYRILLIC.isdisjoint(word) else ()
    either = (*latin, *cyrillic) if _is_mostly_latin(word) else (*cyrillic, *latin)
    return tuple(dict.fromkeys(either))


def _is_mixed(word: str) -> bool:
    letters = frozenset(filter(str.isalpha, word))
    return not letters.isdisjoint(LATIN_LETTERS) and not any(letters <= alphabet for alphabet in _ALPHABETS)


def _is_mostly_latin(word: str) -> bool:
    return sum(char in _CYRILLIC for char in word) * 2 <= sum(map(str.isalpha, word))


def _in_letters(word: str, letters_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return the word in each combination of the letters that its letters may stand for."""
    choices = [letters_of(char) for char in word]
    if not all(choices):
        return ()
    return tuple(map("".join, islice(product(*choices), _MAX_LOOKALIKES)))


def _latin_letters(char: str) -> str:
    return char if char.isascii() or not char.isalpha() else LATIN_LETTERS.get(char, "")


def _cyrillic_letters(char: str) -> str:
    if char in _CYRILLIC or not char.isalpha():
        return char
    return "".join(_CYRILLIC_LETTERS.get(latin, "") for latin in _latin_letters(char))
