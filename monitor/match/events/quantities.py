"""How many of a thing: "1,200 Spike missiles", "18 Panzerhaubitzen", "66架F-16V"."""

import re
from collections.abc import Iterable, Iterator

from monitor.match.spans import Doc, Span
from monitor.text import Text

BEFORE_A_THING = 2

_NUMBER = re.compile(
    r"\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|several|hundreds"
    r"|deux|trois|quatre|cinq|dix|zwei|drei|vier|funf|sechs|acht|zehn|dos|tres|cuatro|cinco|seis|diez"
    r"|два|две|дви|три|четыре|чотири|пять|десять|iki|uc|dort|bes"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def quantities(doc: Doc, text: Text, things: Iterable[Span]) -> Iterator[str]:
    """Yield, as written, numbers with the thing close behind them; none of a name, of a sum or a year."""
    taken = (*doc["weapon"], *doc["amount"])
    for thing in things:
        for at in range(thing.start - 1, max(thing.start - BEFORE_A_THING - 1, -1), -1):
            word = text.words[at]
            named = any(s.field == thing.field and s.start <= at < s.stop for s in taken)
            if _NUMBER.fullmatch(word) and not named and not _YEAR.fullmatch(word):
                yield text.raw[_begin(text, at) : text.stops[thing.stop - 1]]
                break


def _begin(text: Text, at: int) -> int:
    """Return where a figure begins that commas or points have parted: at the 1 of "1,200"."""
    while at and text.words[at - 1].isdigit() and _gap(text, at) in {",", "."}:
        at -= 1
    return text.starts[at]


def _gap(text: Text, at: int) -> str:
    return text.raw[text.stops[at - 1] : text.starts[at]]
