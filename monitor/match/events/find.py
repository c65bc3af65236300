"""What happened: event types found in sentences, guarded, and one of them chosen as the news."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import islice

from monitor.match.query.nodes import Match, leads
from monitor.match.rules import EventType
from monitor.match.spans import FIELDS, Doc
from monitor.model import Event

from .amounts import amounts
from .clauses import Guarded, guard, same_clause
from .imposing import Imposing, imposing
from .roles import Roles, roles

_Found = tuple[EventType, Event, Match]

COMMENTARY = "commentary"
LONGEST_QUOTE = 24

#: Tellings of one event type that are looked at; who says it oftener says no more.
MOST = 12

#: Somebody puts sanctions on somebody, or takes them off.
IMPOSING = frozenset({"impose", "relax"})


def find_events(doc: Doc, types: Iterable[EventType], year_now: int) -> tuple[tuple[EventType, Event], ...]:
    """Return every event told of, each with its type: once for each type, sentence, year and standing."""
    told = [
        (kind, _told(doc, kind, match, year_now), match)
        for kind in types
        for match in islice((m for m in leads(kind.when, doc) if _in_one_sentence(doc, m)), MOST)
    ]
    found: dict[tuple[str | int | None, ...], tuple[EventType, Event]] = {}
    for each in told:
        kind, match, event = each[0], each[2], _standing(doc, each, told)
        sentence = doc.sentence(match.spans[0])
        key = (kind.type, match.field, sentence, event.year, event.background, event.negated)
        found.setdefault(key, (kind, event))
    return tuple(sorted(found.values(), key=lambda pair: _reading_order(pair[1])))


def choose(events: Iterable[Event]) -> tuple[Event | None, tuple[Event, ...]]:
    """Return the main event and the rest as background, in reading order.

    The title's event leads; of several the gravest, then the first told. What is recalled, denied or a
    standing state is never the news, unless a recalling clause is all there is.
    """
    told = tuple(events)
    comment = next((e for e in told if e.type == COMMENTARY), None)
    news = [e for e in told if not (e.background or e.negated) and e.type != COMMENTARY]
    if not news and comment is None:
        news = [e for e in told if e.background and e.why.startswith("told as") and not e.negated]
    main = comment or (min(news, key=_precedence) if news else None)
    rest = [e for e in told if main is None or not (e is main or _same(e, main))]
    if main is not None:
        main = replace(main, background=False, why="")
    return main, tuple(dict.fromkeys(replace(e, background=True, why=e.why or _beside(e)) for e in rest))


def _same(event: Event, main: Event) -> bool:
    """Say whether an event is the main one told again: same type or step, neither recalled nor denied."""
    candidates = event.type == main.type or (event.stage != "" and event.stage == main.stage)
    return candidates and not event.background and not event.negated


def _beside(event: Event) -> str:
    return "denied" if event.negated else "beside the main event"


def _precedence(event: Event) -> tuple[int, int, int]:
    return FIELDS.index(event.field), -event.severity, event.start


def _reading_order(event: Event) -> tuple[int, int, str]:
    return FIELDS.index(event.field), event.start, event.type


def _standing(doc: Doc, each: _Found, told: Iterable[_Found]) -> Event:
    """Return an event as it stands among the others: what another governs is no news."""
    event = each[1]
    over = next((other[1].quote for other in told if _governs(doc, other, each)), None)
    if over is None or event.background:
        return event
    return replace(event, background=True, why=f'part of "{over}"')


def _governs(doc: Doc, over: _Found, under: _Found) -> bool:
    """Who "considers buying" has not bought, and who "extends sanctions" imposes none.

    What is considered, discussed, proposed or agreed is no event of its own in that clause, whether the verb
    stands before it or, as in Turkish, behind it; nor is the object of another event's verb.
    """
    (kind, event, match), (other, _, inner) = over, under
    verb, cue = match.spans[0], inner.spans[0]
    if event.negated or kind.topic != other.topic or kind.type == other.type or match.field != inner.field:
        return False
    if not match.start <= cue.start < match.stop:
        return False
    supposed = not kind.hedgeable and same_clause(doc, verb, cue)
    if verb.start < cue.start:
        return supposed or any(span.start <= cue.start < span.stop for span in match.spans[1:])
    return supposed and other.hedgeable


def _in_one_sentence(doc: Doc, match: Match) -> bool:
    sentences = doc.texts[match.field].sentences
    return sentences[match.start] == sentences[match.stop - 1]


def _told(doc: Doc, kind: EventType, match: Match, year_now: int) -> Event:
    """Return the event of a match with its parties: who buys what from whom, who imposes what on whom."""
    event = _event(doc, kind, match, guard(doc, match, year_now))
    part: Roles | Imposing
    if kind.topic == "arms":
        part = roles(doc, match, kind.polarity, year_now)
    elif kind.polarity in IMPOSING and not kind.stage:
        part = imposing(doc, match)
    else:
        return event
    return replace(event, **{field.name: getattr(part, field.name) for field in fields(part)})


def _event(doc: Doc, kind: EventType, match: Match, around: Guarded) -> Event:
    text = doc.texts[match.field]
    hedged = kind.hedgeable and around.hedged
    start, stop = match.start, min(match.stop, match.start + LONGEST_QUOTE)
    return Event(
        topic=kind.topic,
        type=kind.type,
        stage=kind.stage,
        polarity=kind.polarity,
        severity=max(kind.severity - hedged, 0),
        field=match.field,
        start=text.starts[start],
        stop=text.stops[stop - 1],
        quote=text.quote(start, stop),
        hedged=hedged,
        negated=around.negated,
        status="denied" if around.negated else "done",
        background=kind.background or bool(around.why),
        why=_why(kind, around),
        year=around.year,
        amounts=tuple(_amounts(doc, match)),
    )


def _why(kind: EventType, around: Guarded) -> str:
    return around.why or ("a standing state" if kind.background else "")


def _amounts(doc: Doc, match: Match) -> Iterator[str]:
    """Yield the sums of money in the sentence, as written."""
    text, sentence = doc.texts[match.field], doc.sentence(match.spans[0])
    for start, stop in amounts(text.raw):
        if sentence == text.sentences[min(bisect_left(text.starts, start), len(text.words) - 1)]:
            yield text.raw[start:stop]
