"""Items that no longer look like this feed's: another language, other subjects, other sites. Pure.

Words and link hosts of all items so far, old ones fading, against those of the last few. A domain that was
bought by a casino, a hacked site, a parked name: each keeps the address and changes all of these at once.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from urllib.parse import urlsplit

from monitor.model import ContentProfile, Item
from monitor.text import words

#: How much of an item is still felt when the next one comes.
FADING_USUAL, FADING_LATELY = 0.995, 0.85

#: Below these weights (roughly, numbers of items) there is nothing to compare.
ENOUGH_USUAL, ENOUGH_LATELY = 30.0, 5.0

#: Less than this of what items say lately is as usual (0-1): another language. Measured on 12 sources by
#: `benchmarks/drift.py`: 0.15 or more within a source, 0.07 or more in one language, 0.06 or less across two.
OTHER_TONGUE = 0.07

#: Less than this of the long words was ever said before (0-1): other subjects; 0.07 or more within a source.
#: Where nearly all links lead to other sites too, less is proof enough.
OTHER_SUBJECTS, OTHER_SUBJECTS_ELSEWHERE = 0.05, 0.10
OTHER_SITES = 0.1
_LONG = 6

_MOST_WORDS, _MOST_HOSTS = 250, 20
_LONGEST = 400


def looked(looks: ContentProfile, items: Iterable[Item], fading: float) -> ContentProfile:
    """Return what items look like once these have come too."""
    for item in items:
        looks = _with(looks, item, _said(item), fading)
    return looks


def learned(usual: ContentProfile, items: Iterable[Item]) -> ContentProfile:
    """Return what is usual once these have come too; what shares hardly a word with it is not learned from.

    Else a strange language that comes item by item would be usual before it is noticed.
    """
    for item in items:
        said = _said(item)
        if usual.weight < ENOUGH_USUAL or len(said & usual.words.keys()) > OTHER_TONGUE * len(said):
            usual = _with(usual, item, said, FADING_USUAL)
    return usual


def _with(looks: ContentProfile, item: Item, said: set[str], fading: float) -> ContentProfile:
    return ContentProfile(
        looks.weight * fading + 1,
        _faded(looks.hosts, {_host(item.url)}, fading, _MOST_HOSTS),
        _faded(looks.words, said, fading, _MOST_WORDS),
    )


def drift(usual: ContentProfile, lately: ContentProfile) -> str:
    """Return in words what changed about the items of late, "" if they look as usual."""
    if usual.weight < ENOUGH_USUAL or lately.weight < ENOUGH_LATELY:
        return ""
    if _alike(usual.words, usual.weight, lately.words, lately.weight) < OTHER_TONGUE:
        return "its items of late share almost no words with those before: another language or another feed"
    elsewhere = _alike(usual.hosts, usual.weight, lately.hosts, lately.weight) < OTHER_SITES
    if _known(usual.words, lately.words) < (OTHER_SUBJECTS_ELSEWHERE if elsewhere else OTHER_SUBJECTS):
        return "its items of late are about other things than before"
    return ""


def _known(usual: Mapping[str, float], lately: Mapping[str, float]) -> float:
    """Return how much of the long words said lately was said before (0-1)."""
    long = {word: count for word, count in lately.items() if len(word) >= _LONG or not word.isascii()}
    return sum(count for word, count in long.items() if word in usual) / max(sum(long.values()), 1e-9)


def _alike(
    usual: Mapping[str, float], usual_weight: float, lately: Mapping[str, float], weight: float
) -> float:
    """Return how much of what is found lately is found as often usually (0-1)."""
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


def _said(item: Item) -> set[str]:
    """Return the words of an item; of scripts that write without spaces, each two characters."""
    said: set[str] = set()
    for word in words(f"{item.title} {item.summary[:_LONGEST]}"):
        whole = len(word) < 12 or word.isascii()
        said |= {word} if whole else {a + b for a, b in pairwise(word)}
    return said


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
