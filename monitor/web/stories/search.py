"""Turn a query in the language of rules into a condition on words, tested exactly where need be."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.jobs import search as archive
from monitor.match.engine import Engine
from monitor.match.query.nodes import And, AtLeast, Near, Or, Query, Spread, Term, Without
from monitor.match.query.parser import parse
from monitor.match.spans import CATEGORY
from monitor.model import Item, ItemFilter, WordSearch
from monitor.text import words

#: What makes a word more than its letters: a tag, a pattern, a written form.
_SPECIAL = frozenset("@=#?~")
_ANYTHING = WordSearch()


@dataclass(frozen=True, slots=True)
class Search:
    """A query: `words` must hold for whatever it holds for; `exact` if nothing more need be tested.

    `archive_search` tests an item; it recognises names only if the query asks for an @name.
    """

    source: str
    words: WordSearch
    exact: bool
    archive_search: archive.Search

    def holds(self, item: Item) -> bool:
        """Say whether the query holds for an item."""
        return self.exact or self.archive_search.holds(item)


def search_of(source: str, engine: Engine) -> Search:
    """Return the search of a query.

    Raises:
        QueryError: with the column and a suggestion.
    """
    condition, exact = _condition(parse(source, engine.tags))
    needed = engine if archive.needs_engine(source) else None
    return Search(source, condition, exact, archive.search_of(source, ItemFilter(), needed))


def plain_search(source: str) -> WordSearch:
    """Return a search for all words of a text, where no rules are loaded."""
    return WordSearch(parts=tuple(WordSearch(words=(word,)) for word in words(source)))


def _condition(query: Query) -> tuple[WordSearch, bool]:
    match query:
        case Term():
            return _term(query)
        case And():
            return _all(query.parts)
        case Or():
            return _any(query.parts)
        case Without():
            return _without(query)
        case Near() | Spread() | AtLeast():
            return _needed(query), False
    return _ANYTHING, False


def _all(parts: Iterable[Query]) -> tuple[WordSearch, bool]:
    found = [_condition(part) for part in parts]
    return WordSearch(parts=tuple(each for each, _ in found)), all(exact for _, exact in found)


def _any(parts: Iterable[Query]) -> tuple[WordSearch, bool]:
    found = [_condition(part) for part in parts]
    return WordSearch(parts=tuple(each for each, _ in found), any=True), all(exact for _, exact in found)


def _without(query: Without) -> tuple[WordSearch, bool]:
    keep, keep_exact = _condition(query.keep)
    drop, drop_exact = _condition(query.drop)
    if not drop_exact:  # what is dropped too little is tested again, what is dropped too much is lost
        return keep, False
    return WordSearch(parts=(keep, WordSearch(parts=(drop,), never=True))), keep_exact


def _needed(query: Query) -> WordSearch:
    """Return the words that parts of a query about distances must have."""
    match query:
        case Near():
            return WordSearch(parts=(_condition(query.left)[0], _condition(query.right)[0]))
        case Spread():
            return _all(query.parts)[0]
    return _ANYTHING


def _term(term: Term) -> tuple[WordSearch, bool]:
    if term.field == CATEGORY:  # the words of stories are those of their texts
        return _ANYTHING, False
    source = term.source.strip("\"“”'")
    stem = source.endswith("*")
    plain = source.removesuffix("*")
    if not _SPECIAL.isdisjoint(source) or "*" in plain or "..." in plain or not (folded := words(plain)):
        return _ANYTHING, False
    is_spaced = all(
        word.isascii() for word in folded
    )  # other scripts have endings and particles of their own
    if not is_spaced:
        return _ANYTHING, False
    return WordSearch(words=folded, open=stem), not term.field
