"""The terms of a text: ids of what it names, families of acts, and stems of its other words. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Mention
from monitor.similarity import pieces
from monitor.text import words

from .vocabulary import Vocabulary

#: Kinds of names whose other forms are known by their first letters: "Colombia", "Colombian".
_INFLECTED = frozenset({"country", "person"})
_LEAST, _BEGINNING, _LONGEST_ENDING = 4, 5, 4


@dataclass(frozen=True, slots=True)
class NameForms:
    """The forms by which the names of one item are found in its words: whole quotes, and beginnings."""

    quotes: Mapping[tuple[str, ...], tuple[str, ...]]
    beginnings: Mapping[str, tuple[str, ...]]
    longest: int

    def at(self, tokens: Sequence[str], index: int) -> tuple[int, tuple[str, ...]]:
        """Return how many words from here on are a name, and the name's terms; 0 if none is."""
        for length in range(min(self.longest, len(tokens) - index), 0, -1):
            if terms := self.quotes.get(tuple(tokens[index : index + length])):
                return length, terms
        word = tokens[index]
        for start in (word[:_BEGINNING], word[:_LEAST]):
            if (terms := self.beginnings.get(start)) and len(word) <= len(start) + _LONGEST_ENDING:
                return 1, terms
        return 0, ()


def name_forms(mentions: Iterable[Mention]) -> NameForms:
    """Return the forms of the names that an item mentions; an authority stands for its state, too."""
    quotes: dict[tuple[str, ...], tuple[str, ...]] = {}
    beginnings: dict[str, tuple[str, ...]] = {}
    for each in mentions:
        quoted = tuple(pieces(each.quote))
        terms = terms_of_mention(each)
        quotes[quoted] = terms
        if each.kind in _INFLECTED and len(quoted) == 1 and len(quoted[0]) >= _LEAST:
            beginnings[quoted[0][:_BEGINNING]] = terms
    quotes.pop((), None)
    return NameForms(quotes, beginnings, max(map(len, quotes), default=0))


def terms_of_mention(mention: Mention) -> tuple[str, ...]:
    """Return the id of a mention; of an authority also the ids of its states."""
    states = mention.countries if mention.kind == "authority" else ()
    return (mention.id, *(f"country:{code}" for code in states if f"country:{code}" != mention.id))


def terms_of(text: str, names: NameForms, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the terms of a text in reading order, each once; figures are not among them."""
    tokens, found, index = list(pieces(text)), dict[str, None](), 0
    while index < len(tokens):
        length, terms = names.at(tokens, index)
        if not length:
            term = vocabulary.term(tokens[index])
            length, terms = 1, (term,) if term and not term.isdigit() else ()
        found.update(dict.fromkeys(terms))
        index += length
    return tuple(found)


def unlisted_names(title: str, names: NameForms, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return stems of the names behind the first act of a title that no table has and that are no places.

    They are written with a capital and are no everyday words. A title in capitals throughout names nothing.
    """
    written = [word for word in title.split() if word[:1].isalpha()]
    if not written or sum(word[0].isupper() for word in written) > _TITLE_CASE * len(written):
        return ()
    capitals = {word for each in written if each[0].isupper() for word in words(each)}
    capitals -= {word for place in _PLACE.findall(title) for word in words(place)}
    cuts = {vocabulary.term(word) for word in capitals}
    terms = terms_of(title, names, vocabulary)
    act = next((index for index, term in enumerate(terms) if term.startswith("act:")), len(terms))
    return tuple(
        each for each in terms[act:] if each in cuts and ":" not in each and each not in vocabulary.everyday
    )


#: Titles with more capitals than this share of their words show no names.
_TITLE_CASE = 0.8

#: The name of a place behind a preposition.
_PLACE = re.compile(r"\b(?:in|off|near|at|from|to|of|through|across|into)\s(?:the\s)?((?:[A-Z]\w*[\s-]?)+)")
