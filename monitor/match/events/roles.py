"""Read who buys what from whom from the ties of an event's names; a part that is not told stays empty."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.match.query.nodes import Match
from monitor.match.rules import EventType
from monitor.match.spans import Doc, Span
from monitor.text import Text
from monitor.text.patterns import late_pattern

from .deadlines import deadlines
from .quantities import quantities
from .scene import Scene
from .trade import Trade
from .trade_words import BUYER, SUPPLIER
from .trading import parties

THINGS = ("weapon", "materiel", "platform", "drone")

_UP_TO = late_pattern(
    r"(?:up\sto|as\smuch\sas|bis\szu|до|jusqu['’]à|hasta|最多|azami)\s?(?:[A-Z]{1,2})?[$€£¥]?\s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Parties are ids of entities (``country:SE``), `systems` too; the rest is as written."""

    buyer: str = ""
    supplier: str = ""
    systems: tuple[str, ...] = ()
    quantity: str = ""
    deadline: str = ""
    ceiling: bool = False


def roles(
    scene: Scene, match: Match, kind: EventType, states: Mapping[str, tuple[str, ...]], year_now: int
) -> Roles:
    """Read the parts of an arms event from the sentence of its match."""
    doc, text, cue = scene.doc, scene.text, scene.cue
    first, last = text.bounds(cue.start)
    sentence = (match.field, first, last)
    things = sorted(_within(sentence, (s for kind in THINGS for s in doc[kind])), key=_place)
    systems = tuple(
        sorted(tag for tag in doc.spans if tag.startswith("weapon:") and [*_within(sentence, doc[tag])])
    )
    parts = parties(
        Trade(
            scene=scene,
            match=match,
            type=kind.type,
            polarity=kind.polarity,
            states=states,
            systems=systems,
            things=tuple(things),
        )
    )
    start, stop = text.starts[first], text.stops[last - 1]
    times = (text.raw[a:b] for a, b in deadlines(text.raw, year_now) if start <= a < stop)
    return Roles(
        buyer=parts.get(BUYER, ""),
        supplier=parts.get(SUPPLIER, ""),
        systems=systems,
        quantity=next(quantities(doc, text, things), ""),
        deadline=next(times, ""),
        ceiling=bool([*_within(sentence, doc["possible_sale"])]) or _limited(doc, text, sentence),
    )


def _within(sentence: tuple[str, int, int], spans: Iterable[Span]) -> Iterator[Span]:
    field, first, last = sentence
    return (span for span in spans if span.field == field and first <= span.start < last)


def _place(span: Span) -> tuple[int, int]:
    return span.start, -span.stop


def _limited(doc: Doc, text: Text, sentence: tuple[str, int, int]) -> bool:
    begun = (text.starts[span.start] for span in _within(sentence, doc["amount"]))
    return any(_UP_TO.search(text.raw[max(begin - 15, 0) : begin]) for begin in begun)
