"""Run the examples of rules; report those that fail, and why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from monitor.match.query.explain import misses, quotes

from .rules import EventType, Rule
from .spans import Doc


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


def failed(judged: Iterable[Rule | EventType], annotate: Callable[[str], Doc]) -> Iterator[Failed]:
    """Yield every `yes` that does not match and every `no` that does; `annotate` reads a text."""
    for each in judged:
        for wanted, texts in ((True, each.yes), (False, each.no)):
            for text in texts:
                doc = annotate(text)
                if bool(matches := each.when.find(doc)) is not wanted:
                    words = ", ".join(f"“{quote}”" for quote in quotes(matches, doc))
                    why = "; ".join(misses(each.when, doc)) if wanted else f"because of {words}"
                    yield Failed(each.origin, each.id, text, wanted, why)
