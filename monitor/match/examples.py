"""Run the examples of rules; report those that fail, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from monitor.match.query.explain import misses, quotes

from .rules import EventType, Rule
from .spans import CATEGORY, Doc


@dataclass(frozen=True, slots=True)
class Failed:
    """An example with the wrong result; `why` names what is missing, or the words that were found."""

    origin: str
    id: str
    text: str
    wanted: bool
    why: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.id}: {'does not match' if self.wanted else 'matches'} {self.text!r}"


class Annotates(Protocol):
    """Recognises what is in a text."""

    def annotate(self, title: str, *, categories: str = "") -> Doc:
        """Return a title, with categories, and everything recognised in it."""


def title_and_categories(text: str) -> tuple[str, tuple[str, ...]]:
    """Return an example without its first line ``category: A; B``, and the categories in that line."""
    first, _, remaining = text.partition("\n")
    if not first.startswith(f"{CATEGORY}:") or not remaining:
        return text, ()
    named = (each.strip() for each in first.removeprefix(f"{CATEGORY}:").split(";"))
    return remaining, tuple(filter(None, named))


def annotated(text: str, by: Annotates) -> Doc:
    """Return an example as rules see it."""
    title, categories = title_and_categories(text)
    return by.annotate(title, categories="; ".join(categories))


def failed(judged: Iterable[Rule | EventType], by: Annotates) -> Iterator[Failed]:
    """Yield every `yes` that does not match and every `no` that does."""
    for each in judged:
        for wanted, texts in ((True, each.yes), (False, each.no)):
            for text in texts:
                doc = annotated(text, by)
                if bool(matches := each.when.find(doc)) is not wanted:
                    words = ", ".join(f"“{quote}”" for quote in quotes(matches, doc))
                    why = "; ".join(misses(each.when, doc)) if wanted else f"because of {words}"
                    yield Failed(each.origin, each.id, text, wanted, why)
