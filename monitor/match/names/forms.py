"""Derive the forms in which news writes a listed name."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice, product

from monitor.model import EntityKind
from monitor.text import words
from monitor.text.lookalikes import lookalikes

from .grading import WordStatistics

LONGEST = 24
_MAX_READINGS = 4  # of a name with words in letters of two alphabets

_INSIDE = re.compile(r"(?<=\w)['’ʼ＇`](?=\w)")
_CUTTING = re.compile(r"(?<=\w\w)['’ʼ＇](?=\w)")
#: Endings of patronymics.
PATRONYMICS = (
    "vich vych vics ovna evna ivna yvna inichna ich ович евич йович ьич овна евна івна ївна ична".split()
)
_PATRONYMIC = re.compile(rf"\w\w+(?:{'|'.join(PATRONYMICS)})")

NameForm = tuple[tuple[str, ...], bool]


def folded(name: str) -> tuple[str, ...]:
    """Return the words of a name as `text.words` does; cached by the pieces between spaces."""
    if name.isascii() and name.replace(" ", "").isalnum():
        return tuple(name.lower().split())
    return tuple(chain.from_iterable(map(_piece, name.split())))


@lru_cache(maxsize=200_000)
def _piece(text: str) -> tuple[str, ...]:
    return words(text)


def _readings(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a name; a word in letters of two alphabets in either one."""
    whole = folded(name)
    if name.isascii():
        yield whole
        return
    choices = [lookalikes(word) or (word,) for word in whole]
    yield from islice(product(*choices), _MAX_READINGS)


def name_forms(name: str, kind: EntityKind, statistics: WordStatistics) -> Iterator[NameForm]:
    """Yield (words, cut) of each form of a name, none twice.

    The forms are: as given; without apostrophes ("Qa'ida": Qaida; what remains of it before the apostrophe is
    `cut`); a firm without its legal form; a ship without its "MV"; a person without the patronymic. Words in
    letters of two alphabets are put into either one.
    """
    seen = set()
    for spelling, cut in _spellings(name):
        for whole in _readings(spelling):
            for form in (whole, _bare(whole, kind, statistics)):
                if 0 < len(form) <= LONGEST and form not in seen:
                    seen.add(form)
                    yield form, cut


def _spellings(name: str) -> tuple[tuple[str, bool], ...]:
    if _INSIDE.search(name) is None:
        return ((name, False),)
    return (name, _CUTTING.search(name) is not None), (_INSIDE.sub("", name), False)


def _bare(name: tuple[str, ...], kind: EntityKind, statistics: WordStatistics) -> tuple[str, ...]:
    if kind is EntityKind.PERSON:
        return _without_patronymic(name)
    if kind is EntityKind.VESSEL:
        return name[1:] if len(name) > 1 and name[0] in statistics.vessels else name
    return _without_legal_form(name, statistics)


def _without_patronymic(name: tuple[str, ...]) -> tuple[str, ...]:
    if len(name) != 3:
        return name
    at = next((place for place in (1, 2) if _is_patronymic(name[place])), None)
    return name if at is None else name[:at] + name[at + 1 :]


@lru_cache(maxsize=20_000)
def _is_patronymic(word: str) -> bool:
    return _PATRONYMIC.fullmatch(word) is not None


def _without_legal_form(name: tuple[str, ...], statistics: WordStatistics) -> tuple[str, ...]:
    first, last = 0, len(name)
    while last > first and name[last - 1] in statistics.forms:
        last -= 1
    while first < last and name[first] in statistics.forms:
        first += 1
    core = name[first:last]
    return core if len(core) > 1 or (core and len(core[0]) > 3) else name
