"""Classify an edit of a stored item: none, words, or too frequent to judge again. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum, auto

from monitor.model import Item, KnownItem, Verdict
from monitor.similarity import without_figures
from monitor.text import words

#: An item with this many revisions is a ticker: it is not judged again.
MAX_REVISIONS = 24


class Edit(Enum):
    """NONE: nothing that matters; WORDS: the words; TICKER: the words of an item that changes too often."""

    NONE = auto()
    WORDS = auto()
    TICKER = auto()


def edit_of(item: Item, stored: KnownItem) -> Edit:
    """Return how an item differs from the stored one.

    An earlier version is no edit: servers behind one name take turns. Nor are changed figures that the stored
    verdict does not quote: they count views or minutes.
    """
    before = stored.judged
    if item.content_hash in {before.item.content_hash, *before.earlier} or _only_titled(item, before.item):
        return Edit.NONE
    if _differs_in_figures_only(item, before.item) and _keeps_quotes(
        before.verdict, f"{item.title}\n{item.summary}\n{item.body or before.item.body}"
    ):
        return Edit.NONE
    return Edit.TICKER if stored.revisions >= MAX_REVISIONS else Edit.WORDS


def _only_titled(item: Item, before: Item) -> bool:
    """Say whether an item was stored without a title, and now has its first sentence as one."""
    return not before.title and replace(item, title="").content_hash == before.content_hash


def _differs_in_figures_only(item: Item, before: Item) -> bool:
    """Say whether the summaries differ in figures only; case and punctuation do not count."""
    same_title = words(item.title) == words(before.title)
    return same_title and without_figures(item.summary) == without_figures(before.summary)


def _keeps_quotes(verdict: Verdict, text: str) -> bool:
    """Say whether a text still contains every figure that a verdict quotes."""
    return all(quote in text for quote in _quotes(verdict) if any(map(str.isdigit, quote)))


def _quotes(verdict: Verdict) -> Iterator[str]:
    for event in (verdict.event, *verdict.background):
        if event:
            yield event.quote
            yield from event.amounts
    yield from (each.quote for each in (*verdict.evidence, *verdict.penalties))
    yield from (each.quote for each in verdict.entities)
