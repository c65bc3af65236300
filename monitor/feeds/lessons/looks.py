"""Items that no longer look like this feed's: another language, other subjects, other sites. Pure.

Words and link hosts of all items so far, old ones fading, against those of the last few. A domain that was
bought by a casino, a hacked site, a parked name: each keeps the address and changes all of these at once.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from urllib.parse import urlsplit

from monitor.model import Item, Looks
from monitor.text import words

#: How much of an item is still felt when the next one comes.
FADING_USUAL, FADING_LATELY = 0.995, 0.85

#: Below these weights (roughly, numbers of items) there is nothing to compare.
ENOUGH_USUAL, ENOUGH_LATELY = 20.0, 5.0

#: How much of what items say lately is usual (0-1): less is another language; between, other subjects only
#: where most links lead to new sites too.
OTHER_TONGUE, OTHER_SUBJECTS, OTHER_SITES = 0.15, 0.45, 0.2

_MOST_WORDS, _MOST_HOSTS = 250, 20
_LONGEST = 400


def looked(looks: Looks, items: Iterable[Item], fading: float) -> Looks:
    """Return what items look like once these have come too."""
    for item in items:
        looks = Looks(
            looks.weight * fading + 1,
            _faded(looks.hosts, {_host(item.url)}, fading, _MOST_HOSTS),
            _faded(looks.words, _said(item), fading, _MOST_WORDS),
        )
    return looks


def drift(usual: Looks, lately: Looks) -> str:
    """Return in words what changed about the items of late, "" if they look as usual."""
    if usual.weight < ENOUGH_USUAL or lately.weight < ENOUGH_LATELY:
        return ""
    said = _alike(usual.words, usual.weight, lately.words, lately.weight)
    if said < OTHER_TONGUE:
        return "its items of late share almost no words with those before: another language or another feed"
    sites = _alike(usual.hosts, usual.weight, lately.hosts, lately.weight)
    if said < OTHER_SUBJECTS and sites < OTHER_SITES:
        return "its items of late are about other things and link to other sites than before"
    return ""


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
