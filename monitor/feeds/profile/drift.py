"""Detect drift: items in another language, about other subjects, or linking to other sites. Pure.

The words and link hosts of the last few items are compared with those of all items so far, where old items
fade. A sold domain, a hacked site and a parked name keep the address and change all of these at once.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from monitor.model import ContentProfile, Item
from monitor.text import words

#: The factor by which earlier items fade with each new item.
FADING_USUAL, FADING_LATELY = 0.995, 0.85

#: The least weights (roughly, numbers of items) for a comparison.
ENOUGH_USUAL, ENOUGH_LATELY = 30.0, 5.0

#: Below this share (0-1) of usual words in recent items: another language. Measured on 12 sources by
#: `benchmarks/drift.py`: 0.15 or more within a source, 0.07 or more in one language, 0.06 or less across two.
OTHER_LANGUAGE = 0.07

#: Below this share (0-1) of known long words: other subjects (0.07 or more within a source). The threshold
#: is higher where nearly all links lead to other sites too.
OTHER_SUBJECTS, OTHER_SUBJECTS_ELSEWHERE = 0.05, 0.10
OTHER_SITES = 0.1
_LONG_WORD = 6

_MAX_WORDS, _MAX_HOSTS = 250, 20
_MAX_SUMMARY = 400

#: How many items keep their words: those of one document are compared three times, one after another.
_MAX_ITEMS = 128


def with_items(profile: ContentProfile, items: Iterable[Item], fading: float) -> ContentProfile:
    """Return the content profile with these items added."""
    for item in items:
        profile = _with_item(profile, item, _words_of(item), fading)
    return profile


def with_usual_items(usual: ContentProfile, items: Iterable[Item]) -> ContentProfile:
    """Return the usual profile with these items added, except those that share hardly a word with it.

    Otherwise another language that arrives item by item would become usual before it is noticed.
    """
    for item in items:
        found = _words_of(item)
        if usual.weight < ENOUGH_USUAL or len(found & usual.words.keys()) > OTHER_LANGUAGE * len(found):
            usual = _with_item(usual, item, found, FADING_USUAL)
    return usual


def _with_item(profile: ContentProfile, item: Item, found: Collection[str], fading: float) -> ContentProfile:
    return ContentProfile(
        profile.weight * fading + 1,
        _faded(profile.hosts, {_host(item.url)}, fading, _MAX_HOSTS),
        _faded(profile.words, found, fading, _MAX_WORDS),
    )


def drift(usual: ContentProfile, lately: ContentProfile) -> str:
    """Describe how recent items differ from the usual ones; "" if they do not."""
    if usual.weight < ENOUGH_USUAL or lately.weight < ENOUGH_LATELY:
        return ""
    if _common_share(usual.words, usual.weight, lately.words, lately.weight) < OTHER_LANGUAGE:
        return "its items of late share almost no words with those before: another language or another feed"
    other_sites = _common_share(usual.hosts, usual.weight, lately.hosts, lately.weight) < OTHER_SITES
    if _known_share(usual.words, lately.words) < (
        OTHER_SUBJECTS_ELSEWHERE if other_sites else OTHER_SUBJECTS
    ):
        return "its items of late are about other things than before"
    return ""


def _known_share(usual: Mapping[str, float], lately: Mapping[str, float]) -> float:
    """Return the share (0-1) of recent long words that are known."""
    long = {word: count for word, count in lately.items() if len(word) >= _LONG_WORD or not word.isascii()}
    return sum(count for word, count in long.items() if word in usual) / max(sum(long.values()), 1e-9)


def _common_share(
    usual: Mapping[str, float], usual_weight: float, lately: Mapping[str, float], weight: float
) -> float:
    """Return the share (0-1) of recent names that are usually as frequent."""
    shares = {name: count / weight for name, count in lately.items()}
    common = sum(min(share, usual.get(name, 0.0) / usual_weight) for name, share in shares.items())
    return common / max(sum(shares.values()), 1e-9)


def _faded(counts: Mapping[str, float], found: Iterable[str], fading: float, most: int) -> dict[str, float]:
    faded = {name: count * fading for name, count in counts.items()}
    for name in found:
        faded[name] = faded.get(name, 0.0) + 1
    if len(faded) > most * 2:
        kept = sorted(faded, key=lambda name: (-faded[name], name))[:most]
        return {name: round(faded[name], 3) for name in kept}
    return faded


def _words_of(item: Item) -> frozenset[str]:
    """Return the words of an item; pairs of characters for scripts without spaces."""
    return _words_in(f"{item.title} {item.summary[:_MAX_SUMMARY]}")


@lru_cache(maxsize=_MAX_ITEMS)
def _words_in(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in words(text):
        whole = len(word) < 12 or word.isascii()
        found |= {word} if whole else {a + b for a, b in pairwise(word)}
    return frozenset(found)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
