"""Choose the news of an item among all that it tells; the rest is background."""

from collections.abc import Iterable
from dataclasses import replace

from monitor.match.frames.clauses import cut
from monitor.match.frames.tables import Tables
from monitor.match.spans import FIELDS, Doc
from monitor.model import Event, EventStatus, Stage
from monitor.text import Text

from .completing import completed, of_one_trade

COMMENTARY = "commentary"

#: How far an act must have come to be the news of a title, and of what follows it.
LEADING = frozenset({"done", "future", "wished", "threatened"})
DONE = frozenset({"done"})

#: What a measure is after a vote against it; such a denial is news.
VOTED = frozenset({"proposed", "relief_talks"})

#: Acts that are only named or described.
NAMED = frozenset({"describes", "named, not told"})

_QUESTION = frozenset("?？؟")
OPENING_WORDS = 2

#: A first sentence of so many words is a title of its own; posts have no other.
OWN_TITLE = 8

#: How grave an intention can be that only the text tells.
LEAST = 2


def choose(events: Iterable[Event], comments: bool = False) -> tuple[Event | None, tuple[Event, ...]]:
    """Return the main event and the rest as background, in reading order.

    The first act of the title leads, unless it is denied, asked or recalled; without one in the title, the
    first that is done in the text, else the first intended there. A title that asks, explains or `comments`
    leaves no news.
    """
    told = tuple(events)
    comment = next((each for each in told if each.type == COMMENTARY), None)
    main = comment or (None if comments else _news(told))
    rest = [each for each in told if main is None or not _same(each, main)]
    if main is not None:
        again = [each for each in told if each is not main and _completes(each, main)]
        main = completed(replace(main, background=False, why=""), again)
    return main, tuple(dict.fromkeys(replace(e, background=True, why=e.why or _beside(e)) for e in rest))


def _news(told: tuple[Event, ...]) -> Event | None:
    ordered = sorted(told, key=_reading_order)
    title = [each for each in ordered if each.field == "title" and not each.background]
    if led := next((each for each in title if each.status in LEADING or voted(each)), None):
        return _concluded(led, title) or led
    if title:
        return None
    later = [each for each in ordered if each.field != "title" and not each.background]
    done = next((each for each in later if each.status in DONE), None)
    intended = next((each for each in later if each.status in LEADING), None)
    return done or (intended and replace(intended, severity=min(intended.severity, LEAST)))


def _concluded(led: Event, title: list[Event]) -> Event | None:
    """Return the contract told behind an intended purchase: "закупит танки: контракт подписан"."""
    if led.type != "interest" or led.status != "future" or not led.buyer:
        return None
    signed = (each for each in title if each.type == "contract" and each.status in DONE)
    later = next((each for each in signed if each.start >= led.stop), None)
    if later is None or later.buyer or later.supplier:
        return None
    return replace(later, buyer=led.buyer, supplier=led.supplier, systems=later.systems or led.systems)


def _completes(event: Event, main: Event) -> bool:
    return _same(event, main) or of_one_trade(main, event)


def voted(event: Event) -> bool:
    """Say whether an event is a measure against which a body voted."""
    return event.negated and event.type in VOTED


def _same(event: Event, main: Event) -> bool:
    """Say whether an event is the main one told again: same type or step, or the same words."""
    alike = event.type == main.type or (event.stage != Stage.NONE and event.stage == main.stage)
    beside = event.field == main.field
    overlap = beside and event.start < main.stop and main.start < event.stop
    if beside and (event.type, event.start, event.stop) == (main.type, main.start, main.stop):
        return True
    if event.why in NAMED:
        return overlap or (alike and beside)
    if event.background or event.negated:
        return False
    return overlap or alike


def counts(event: Event) -> bool:
    """Say whether an event speaks for its topic: not when denied, only named, or sanctions told beside."""
    beside = event.topic == "sanctions" and event.field != "title" and event.why.startswith("told as")
    return not (event.negated or event.why in NAMED or beside)


def _beside(event: Event) -> str:
    return event.status if event.status != EventStatus.DONE else "beside the main event"


def _reading_order(event: Event) -> tuple[int, int]:
    return FIELDS.index(event.field), event.start


def comments(doc: Doc, tables: Tables) -> bool:
    """Say whether the title of an item asks, explains or comments."""
    text = doc.texts["title"]
    if not text.words:
        return False
    if text.raw.rstrip(" \"'”’»)")[-1:] in _QUESTION:
        return True
    first, last = text.bounds(0)
    if last < OWN_TITLE:
        last = len(text.words)
    hits = tables.lexemes(doc.lang).spot(text, first, last)
    marks = {hit.start for hit in hits if hit.tag == "s:comment:before"}
    return bool(marks) and any(_opens(text, clause.start, marks) for clause in cut(text, first, last, ()))


def _opens(text: Text, start: int, marks: set[int]) -> bool:
    return any(start <= mark < start + OPENING_WORDS for mark in marks)
