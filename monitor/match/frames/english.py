"""Tell the English verb "sanctions" from the noun, by what stands before and behind it."""

import re

from monitor.match.small_words import SmallWords
from monitor.text import Text

#: Forms that are nouns as well.
AMBIGUOUS = frozenset({"sanction", "sanctions", "blacklist", "blacklists"})

#: Endings of adjectives of states, and of others.
_ADJECTIVE = re.compile(r"(?:[^p]ian|yan|[^i]can|ean|ish|ese|ern|ical)$")

_ARTICLES = frozenset({"a", "an", "the", "its", "their"})

#: Behind a participle these show that nothing is acted upon.
NO_OBJECT = frozenset({"", "on", "in", "over", "for"})


#: Between an object and a participle behind it these begin a statement of its own.
_REPORTING = frozenset({"said", "says"})


def is_verb(small: SmallWords, text: Text, at: int, first: int, last: int, names: frozenset[int]) -> bool:
    """Say whether "sanctions" or "sanction" at a word acts; its clause is [first, last).

    `names` are the words that belong to names of states, authorities and persons.
    """
    if at == first or _hyphenated(text, at) or not takes_object(small, text, at, last):
        return False
    before = text.words[at - 1]
    if before in small.modals or (before == "and" and "to" in text.words[first:at]):
        return text.words[at] in {"sanction", "blacklist"}
    if before in small.before_noun or _ends_like_adjective(small, before):
        return False
    return all(_subject(small, text, i, names) for i in range(first, at))


def takes_object(small: SmallWords, text: Text, at: int, last: int) -> bool:
    """Say whether what stands behind "sanctions" may be whom it sanctions; its clause ends at `last`."""
    if at + 1 >= last:
        return False
    after = text.words[at + 1]
    if after == "over" and at + 2 < last and text.words[at + 2].isdigit():
        return True
    return after not in small.behind_noun and (not after.endswith("ed") or after in small.participles)


def _ends_like_adjective(small: SmallWords, word: str) -> bool:
    return word not in small.nouns and _ADJECTIVE.search(word) is not None


def _subject(small: SmallWords, text: Text, at: int, names: frozenset[int]) -> bool:
    """Say whether a word may belong to a subject: it is a name, capitalised, or common in subjects."""
    return at in names or text.words[at] in small.of_subjects or text.as_written(at)[0].isupper()


def _hyphenated(text: Text, at: int) -> bool:
    return text.raw[text.starts[at] - 1 : text.starts[at]] == "-" if text.starts[at] else False


def has_article(text: Text, at: int) -> bool:
    """Say whether an article or a number begins an object, so that the participle before it is finite."""
    word = text.words[at] if at < len(text.words) else ""
    return word in _ARTICLES or word.isdigit()


def is_attribute(small: SmallWords, text: Text, at: int) -> bool:
    """Say whether a participle before a noun, or behind a hyphen, only describes: "a sanctioned bank"."""
    return _hyphenated(text, at) or owned(text, at) or text.words[at - 1] in small.before_attribute


def owned(text: Text, at: int) -> bool:
    """Say whether a possessive stands before a word: "the Council's renewed sanctions"."""
    return at > 0 and text.raw[text.stops[at - 1] : text.stops[at - 1] + 1] in {"'", "’"}


def begins_statement(small: SmallWords, between: tuple[str, ...], named: bool) -> bool:
    """Say whether a participle behind an object is of its own: "deal, it said", "a deal that would cut".

    So is one in the active, unless a state is `named` as who did it: "arms have hit", "arms Oman has bought".
    """
    near = set(between[-2:])
    acting = not named and "been" not in near and not small.perfect.isdisjoint(near)
    supposed = not small.modals.isdisjoint(near - {"to"}) and "be" not in near
    return acting or supposed or not _REPORTING.isdisjoint(between)
