"""Search the archive by a query in the language of rules and by properties of items. Writes nothing.

The full-text index finds candidates. Each is annotated and the query is evaluated, so that a search and a
rule with the same query find the same items.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from monitor.match.engine import LONGEST_BODY, LONGEST_SUMMARY, Engine
from monitor.match.query.fields import asks_categories
from monitor.match.query.lexer import scan
from monitor.match.query.nodes import Query
from monitor.match.query.parser import parse, terms
from monitor.match.query.pattern import parse as parse_pattern
from monitor.match.query.words import word_condition
from monitor.match.spans import CATEGORY, Doc, Span, with_categories
from monitor.match.spotting import spotter_of
from monitor.model import Item, ItemFilter, Judged, WordCondition
from monitor.text import tokenize

#: Items read at a time: few at first, because a search mostly ends after few.
BATCHES = (50, 500)

#: Candidates that one search evaluates at most: words alone take 0.2 ms each, @names 7 ms.
MAX_EXAMINED, MAX_ANNOTATED = 50_000, 5_000

Annotate = Callable[[Item], Doc]


class SearchStore(Protocol):
    """A source of stored items by words and properties."""

    def find_items(
        self,
        asked: ItemFilter,
        words: WordCondition | None = None,
        after: Judged | None = None,
        limit: int = 500,
    ) -> tuple[Judged, ...]:
        """Return items that fit, newest first; continue `after` the last one of a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search that can be run: its filter, its query, and the words that the index looks up for it.

    `annotate` recognises in an item what the query asks for; at most `max_examined` items are evaluated.
    """

    asked: ItemFilter
    query: Query | None = None
    words: WordCondition | None = None
    annotate: Annotate | None = None
    max_examined: int = MAX_EXAMINED

    def holds(self, item: Item) -> bool:
        """Say whether the query holds for an item."""
        return self.query is None or self.annotate is None or bool(self.query.find(self.annotate(item)))


@dataclass(slots=True)
class SearchProgress:
    """How many items were evaluated so far, and whether the search ended at the limit of them."""

    examined: int = 0
    cut_short: bool = False


def needs_engine(source: str) -> bool:
    """Say whether a query asks for what only an engine recognises: an @name."""
    tokens, _ = scan(source)
    return any(token.kind == "tag" for token in tokens)


def search_of(source: str, asked: ItemFilter, engine: Engine | None = None) -> Search:
    """Return the search for a query, "" for none; `engine` is required if `needs_engine`.

    Raises:
        QueryError: the query has a mistake; with its column and the remedy.
    """
    if not source.strip():
        return Search(asked=asked)
    query = parse(source, engine.tags if engine else ())
    if engine is None:
        return Search(asked=asked, query=query, words=word_condition(query), annotate=_words_of(query))
    return Search(
        asked=asked,
        query=query,
        words=word_condition(query, engine.patterns_of),
        annotate=_all_of(query, engine.also(terms(query))),
        max_examined=MAX_ANNOTATED,
    )


def run_search(
    store: SearchStore, search: Search, limit: int, progress: SearchProgress | None = None
) -> Iterator[Judged]:
    """Yield at most `limit` items that fit, newest first, as they are found."""
    progress = progress or SearchProgress()
    found, last, size = 0, None, BATCHES[0]
    while batch := store.find_items(search.asked, search.words, last, size):
        for judged in batch:
            if found == limit:
                return
            if progress.examined == search.max_examined:
                progress.cut_short = True
                return
            progress.examined += 1
            if search.holds(judged.item):
                found += 1
                yield judged
        last, size = batch[-1], BATCHES[1]


def _words_of(query: Query) -> Annotate:
    """Return a function that finds the words of a query alone, without a lexicon."""
    patterns = [(tag, parse_pattern(tag.removeprefix("w:"))) for tag in sorted(terms(query))]
    spotter, categories = spotter_of(patterns), asks_categories(query)

    def annotate(item: Item) -> Doc:
        texts = {"title": tokenize(item.title), "summary": tokenize(item.summary[:LONGEST_SUMMARY])}
        texts |= {"body": tokenize(item.body[:LONGEST_BODY])} if item.body else {}
        spans = [span for name, text in texts.items() for span in spotter.spot(name, text)]
        doc = Doc(texts=texts, spans=_by_tag(spans))
        if not categories or not item.categories:
            return doc
        text = tokenize(item.category_text[:LONGEST_SUMMARY])
        return with_categories(doc, Doc(texts={CATEGORY: text}, spans=_by_tag(spotter.spot(CATEGORY, text))))

    return annotate


def _by_tag(spans: Iterable[Span]) -> dict[str, tuple[Span, ...]]:
    found: dict[str, list[Span]] = {}
    for span in spans:
        found.setdefault(span.tag, []).append(span)
    return {tag: tuple(each) for tag, each in found.items()}


def _all_of(query: Query, engine: Engine) -> Annotate:
    categories = asks_categories(query)

    def annotate(item: Item) -> Doc:
        given = item.category_text if categories else ""
        return engine.annotate(item.title, item.summary, item.body, item.lang, categories=given)

    return annotate
