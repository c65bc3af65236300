"""Find the folded words of which a given word is a reading: the inverse of `variants`, for an index of words.

Words of two alphabets are left out: `monitor.text.other_readings` adds their readings to the index instead.
"""

from functools import lru_cache
from itertools import product

from . import DESIGNATING, is_arabic, variants
from .lookalikes import LATIN_LETTERS

_CONJUNCTIONS, _PREPOSITIONS, _ARTICLES = ("", *"وف"), ("", *"بكلس"), ("", "ال")
_ARTICLE, _TO_THE = "ال", "لل"


@lru_cache(maxsize=10_000)
def spellings(word: str) -> tuple[str, ...]:
    """Return the folded words that have `word` among their variants, itself first."""
    if is_arabic(word):
        return (word, *(each for each in _with_particles(word) if word in variants(each)))
    forms = [form for form, latin in DESIGNATING.items() if latin == word]
    if len(word) == 1:
        forms += [letter for letter, latin in LATIN_LETTERS.items() if word in latin]
    return (word, *(form for form in dict.fromkeys(forms) if word in variants(form)))


@lru_cache(maxsize=10_000)
def spellings_of_stem(stem: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the beginnings and the whole words of which a variant can begin with `stem`."""
    if is_arabic(stem):
        return (stem, *_with_particles(stem)), ()
    words = tuple(form for form, latin in DESIGNATING.items() if latin.startswith(stem))
    return (stem,), words


def _with_particles(word: str) -> tuple[str, ...]:
    """Return an Arabic word with each combination of the particles that are joined to it."""
    joined = map("".join, product(_CONJUNCTIONS, _PREPOSITIONS, _ARTICLES))
    bare = word.removeprefix(_ARTICLE)
    to_the = (f"{conjunction}{_TO_THE}{bare}" for conjunction in _CONJUNCTIONS)
    return tuple(dict.fromkeys((*(f"{particles}{word}" for particles in joined if particles), *to_the)))
