"""Part the names that commas join, and turn "SURNAME, Given names" round. Pure."""

import re
from difflib import SequenceMatcher

from monitor.model import EntityKind
from monitor.text import words

from .countries import is_country
from .scripts import script_of
from .wording import begins_surname, continues, is_company, is_suffix, is_title

_COMMA = re.compile(r"\s*[,،，]\s+")  # without a space it stands in a word: "JAMA,AT-UD-DA"
_JOINED = re.compile(r"\s+(?:and|i|y|e|et|und|и|ve|en)\s+", re.IGNORECASE)
_SIMILAR = 0.7
_MIN_JOINED = 3  # so many parts are a list of names, however different


def split_commas(text: str, kind: EntityKind, *, is_alias: bool) -> tuple[str, ...]:
    """Return the names in a text with commas, the best first; a comma before a legal form parts nothing."""
    parts = _parts(text)
    if kind is EntityKind.PERSON and (len(parts) > 1 or "," in text):
        return _of_person(parts)
    if len(parts) == 1:
        return (text,)
    if kind is EntityKind.OTHER and len(parts) == 2 and _is_inverted(*parts):
        return f"{parts[1]} {parts[0]}", " ".join(parts)
    return tuple(parts) if _are_names(parts, is_alias) else (text,)


def _parts(text: str) -> list[str]:
    """Return what commas part; a legal form or "Jr" stays with the name before it."""
    parts: list[str] = []
    for part in filter(None, map(str.strip, _COMMA.split(text))):
        if parts and is_suffix(part):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


def _of_person(parts: list[str]) -> tuple[str, ...]:
    """Return the names of a person, each in the order in which it is spoken."""
    parts = [part.replace(",", "") for part in parts if part is parts[0] or not is_title(part)]
    if len(parts) != 2:
        return tuple(parts)
    one, other = parts
    if script_of(one) != script_of(other) or _are_spellings(one, other):
        return one, other
    if begins_surname(one):
        return (f"{other} {one}",)
    if len(other.split()) > 1:
        return one, other
    return f"{other} {one}", one


def _are_spellings(one: str, other: str) -> bool:
    """Say whether two texts spell the same name, or one goes on where the other ends."""
    mine, others = words(one), words(other)
    if len(mine) == len(others):
        return all(
            SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SIMILAR
            for a, b in zip(mine, others, strict=True)
        )
    shorter, longer = sorted((mine, others), key=len)
    return len(shorter) > 1 and len(set(shorter) & set(longer)) > 1


def _is_inverted(one: str, other: str) -> bool:
    """Say whether two parts may be a surname and given names, of what may be a person or not."""
    if script_of(one) != script_of(other) or is_country(other) or is_company(f"{one} {other}"):
        return False
    if _JOINED.search(other):
        return False
    single = len(one.split()) == 1 and all(char.isalpha() or char in "-'’" for char in one)
    return single and len(other.split()) < 4 and all(char.isalpha() or char in " .-'’" for char in other)


def _are_names(parts: list[str], is_alias: bool) -> bool:
    """Say whether each part is a name of its own, and not a piece of one name."""
    if any(map(continues, parts[1:])):
        return False
    if len({script_of(part) for part in parts}) > 1:
        return True
    if not is_alias or any(_JOINED.search(part) and not is_company(part) for part in parts[1:]):
        return False
    if len(parts) >= _MIN_JOINED or all(map(is_company, parts)):
        return not any(map(is_country, parts[1:]))
    return _are_spellings(*parts) or _is_acronym(*parts)


def _is_acronym(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    initials = "".join(word[0] for word in long.split())
    return len(short) > 1 and " " not in short and short.casefold() in initials.casefold()
