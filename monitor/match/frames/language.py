"""Guess in which of the judged languages a text is written, by its script and its small words."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain

#: Letters that tell languages of one script apart.
_UKRAINIAN = frozenset("іїєґ")
_RUSSIAN = frozenset("ыэъё")
_PERSIAN = frozenset("پچژگکی۰۱۲۳۴۵۶۷۸۹")

_SMALL = {
    "en": (
        "the a of to in and for on with over as is at by from after its his that has says new will be an it"
        " was are who against amid more us"
    ),
    "de": (
        "der die das und den im in von mit auf für gegen ist nach des ein eine dem zu sich nicht wird an bei"
        " aus will als zur zum über"
    ),
    "fr": (
        "le la les de des du et en à un une pour sur dans au aux par que qui est contre l d ses son après se"
        " s leur ne pas qu trois deux ont vers entre veut"
    ),
    "es": ("el la los las de del y en a un una para por con que contra al su se es tras sus lo más no sobre"),
    "sv": (
        "och att i på för av med som en ett till är om från det den mot har inte ska sina vid de sitt sin"
        " emot"
    ),
    "it": (
        "il la le l di del della e in a un una per con che su gli i al alla da nel dei sono è non delle"
        " contro dopo nella nello sulla sulle dalla"
    ),
    "pl": ("w i na z do o się nie przez dla po za od jest to przeciw ze że przeciwko oraz przy jak wobec"),
    "tr": ("ve bir bu için ile da de den dan abd rusya'ya ya karşı yeni olarak daha en göre ardından"),
}
_LETTERS = {
    "de": frozenset("äöüß"),
    "fr": frozenset("éèêçàùœ"),
    "es": frozenset("ñáíóú¿¡"),
    "sv": frozenset("åäö"),
    "it": frozenset("àèìòù"),
    "pl": frozenset("ąćęłńśźż"),
    "tr": frozenset("ığşçöüİ"),
}

#: The languages that small words tell apart.
LATIN = tuple(_SMALL)

_BY_WORD: dict[str, tuple[str, ...]] = {}
for _lang, _words in _SMALL.items():
    for _word in _words.split():
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _lang)


_HAN, _ARABIC, _CYRILLIC = map(re.compile, ("[\u4e00-\u9fff]", "[\u0620-\u06d3]", "[\u0400-\u04ff]"))
_LATIN_LETTER = re.compile("[a-z]")
_WORDS = re.compile(r"[^\W\d_]+")
_TURKISH = re.compile(r"\w['’](?:y?[ae]|[dt][ae]n?|n?[ıiuü]n|y?[ıiuü]|n[ae])\b")

#: Fewer votes than this leave a title to the verbs that are known of each language.
ENOUGH, CLEAR = 4, 3

#: The language of a text is told by so many of its first letters.
LONGEST_SAMPLE = 400

#: A text with more Latin letters for each letter of another script is in a Latin one.
FOREIGN = 8

#: Words of so few letters are names and articles in too many languages.
LITTLE = 2


def language_of(raw: str, verb_of: Callable[[str], Iterable[str]], hint: str = "") -> str:
    """Return the ISO code of the language of `raw`; `hint` decides where nothing else does.

    ``verb_of(word)`` names the languages in whose tables a word is a verb.
    """
    sample = raw[:LONGEST_SAMPLE].replace("İ", "i").lower().replace("non-", "")
    if sample.isascii():
        return _latin(_WORDS.findall(sample), frozenset(), hint, verb_of, _turkish_endings(sample))
    letters = frozenset(sample)
    if _is_in(_HAN, sample):
        return "zh"
    if _is_in(_ARABIC, sample):
        return "fa" if letters & _PERSIAN or hint == "fa" else "ar"
    if _is_in(_CYRILLIC, sample):
        if letters & _UKRAINIAN and not letters & _RUSSIAN:
            return "uk"
        return "uk" if hint == "uk" and not letters & _RUSSIAN else "ru"
    return _latin(_WORDS.findall(sample), letters, hint, verb_of, _turkish_endings(sample))


def _is_in(script: re.Pattern[str], sample: str) -> bool:
    """Say whether a text is in a script: not if it only gives a name so, as "Hsu Szu-chien (徐斯儉)"."""
    letters = len(script.findall(sample))
    return letters > 0 and letters * FOREIGN >= len(_LATIN_LETTER.findall(sample))


def _turkish_endings(sample: str) -> int:
    return len(_TURKISH.findall(sample)) if "'" in sample or "’" in sample else 0


def _latin(
    words: list[str],
    letters: frozenset[str],
    hint: str,
    verb_of: Callable[[str], Iterable[str]],
    turkish: int,
) -> str:
    votes: dict[str, int] = defaultdict(int)
    for lang in chain.from_iterable(_BY_WORD.get(word, ()) for word in words):
        votes[lang] += 2
    for lang, signs in _LETTERS.items():
        votes[lang] += len(letters & signs) if letters else 0
    votes["tr"] += 3 * turkish
    if hint in _SMALL:
        votes[hint] += 1
    best = sorted(votes.values(), reverse=True)
    if best[0] < ENOUGH or best[0] - best[1] < CLEAR:
        for lang in chain.from_iterable(verb_of(word) for word in words if len(word) > LITTLE):
            votes[lang] += 2
    lang, most = max(votes.items(), key=lambda vote: vote[1], default=("en", 0))
    return lang if most > votes["en"] else "en"
