"""What an edit of a stored item changed. Pure."""

from collections.abc import Iterator
from enum import Enum, auto

from monitor.model import Item, KnownItem, Verdict
from monitor.similarity import without_figures
from monitor.text import words

#: An item whose words changed so often is a ticker: it is not judged again.
MOST_REVISIONS = 24


class Edit(Enum):
    """Nothing that matters, the words, or once more those of an item that never rests."""

    NONE = auto()
    WORDS = auto()
    TICKER = auto()


def edit_of(item: Item, stored: KnownItem) -> Edit:
    """Return how an item differs from what is stored of it.

    A version that was there before is no edit: servers behind one name take turns. Nor are figures of a
    summary that the stored verdict does not rest on: they count views, or minutes.
    """
    before = stored.judged
    if item.content_hash in {before.item.content_hash, *before.earlier}:
        return Edit.NONE
    if _only_figures(item, before.item) and _rests(before.verdict, f"{item.title}\n{item.summary}"):
        return Edit.NONE
    return Edit.TICKER if stored.revisions >= MOST_REVISIONS else Edit.WORDS


def _only_figures(item: Item, before: Item) -> bool:
    """Say whether at most figures of the summary differ; case and punctuation never count."""
    same_title = words(item.title) == words(before.title)
    return same_title and without_figures(item.summary) == without_figures(before.summary)


def _rests(verdict: Verdict, text: str) -> bool:
    """Say whether a text still has every figure that a verdict quotes."""
    return all(quote in text for quote in _quotes(verdict) if any(map(str.isdigit, quote)))


def _quotes(verdict: Verdict) -> Iterator[str]:
    for event in (verdict.event, *verdict.background):
        if event:
            yield event.quote
            yield from event.amounts
    yield from (each.quote for each in (*verdict.evidence, *verdict.penalties))
    yield from (each.quote for each in verdict.entities)
