"""Find what happened: acts and queries of the event types, each with its parties, status and date."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import islice

from monitor.match.frames.find import status_at
from monitor.match.frames.tables import Parties, Tables
from monitor.match.query.nodes import Match, leads
from monitor.match.rules import EventType
from monitor.match.spans import FIELDS, Act, Doc
from monitor.model import Event, EventStatus, Polarity

from .amounts import amounts
from .anchors import dates_back
from .choose import VOTED
from .clauses import Guarded, guard
from .completing import completed
from .contesting import contest_of, evasion_of
from .deadlines import days
from .imposing import Imposing, imposing
from .names import Name, names_of
from .roles import Roles, roles
from .subjects import is_habitual
from .ties import scene_of
from .trading import giving

LONGEST_QUOTE = 24

#: Tellings of one event type that are looked at; who says it oftener says no more.
MOST = 12

#: Directions of events that somebody does to somebody by sanctions.
IMPOSING = frozenset({Polarity.IMPOSE, Polarity.RELAX, Polarity.ENFORCE})


#: Events of sanctions that hold until a day.
DATED = frozenset({"licence_expiring", "licence_issued", "licence_revoked", "extended"})

#: The state of a chamber that is named alone.
HOUSE = "country:US"
_CHAMBERS = frozenset({"senate", "house", "congress"})

#: What is not done is graver than this under no name.
MOST_SEVERE_UNDONE = 3
MOST_SEVERE_DENIED = 2
MOST_SEVERE_WISHED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An item that is read for its events: its text, names by field, and the states of entities by tag."""

    doc: Doc
    tables: Tables
    day: datetime
    names: Mapping[str, tuple[Name, ...]]
    states: Mapping[str, tuple[str, ...]]


def find_events(
    doc: Doc, types: Iterable[EventType], tables: Tables, day: datetime, states: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[EventType, Event], ...]:
    """Return every event told of, each with its type: once for each type, sentence, year and status.

    `states` are the codes of states by tag of entity: those of a maker, a person, a weapon.
    """
    matched = [(kind, match) for kind in types for match in _matches(doc, kind)]
    if not matched:
        return ()
    reading = Reading(doc=doc, tables=tables, day=day, names=names_of(doc), states=states)
    acts = {(act.field, act.start, act.stop, tag): act for act in doc.acts for tag in act.tags}
    found: dict[tuple[str | int | bool | None, ...], tuple[EventType, Event]] = {}
    for kind, match in matched:
        act = acts.get((match.field, match.start, match.stop, match.spans[0].tag))
        event = _of_act(reading, kind, act) if act else _of_match(reading, kind, match)
        sentence = doc.sentence(match.spans[0])
        key = (kind.type, match.field, sentence, event.year, event.background, event.status)
        first = found.get(key)
        found[key] = (kind, completed(first[1], (event,)) if first else event)
    return tuple(sorted(_without_repeated(doc, found.values()), key=lambda pair: _reading_order(pair[1])))


def _matches(doc: Doc, kind: EventType) -> Iterator[Match]:
    """Yield the first few matches of an event type that stand in one sentence."""
    return islice((match for match in leads(kind.when, doc) if _in_one_sentence(doc, match)), MOST)


def _without_repeated(doc: Doc, told: Iterable[tuple[EventType, Event]]) -> Iterator[tuple[EventType, Event]]:
    """Leave out objects under a mark alone where their sentence tells an event by more than that."""
    pairs = tuple(told)
    marked = {(act.field, act.start) for act in doc.acts if act.frame.startswith("governed-")}
    starts = {name: text.starts for name, text in doc.texts.items()}
    places = {(name, starts[name][at]) for name, at in marked}
    weak = {(e.field, e.start) for _, e in pairs if e.status is not EventStatus.DONE} & places
    strong = {
        (e.topic, e.field, _sentence(doc, e))
        for _, e in pairs
        if (e.field, e.start) not in weak and not e.background
    }
    for kind, event in pairs:
        place = event.topic, event.field, _sentence(doc, event)
        if (event.field, event.start) not in weak or place not in strong:
            yield kind, event


def _sentence(doc: Doc, event: Event) -> int:
    text = doc.texts[event.field]
    return text.sentences[bisect_left(text.starts, event.start)]


def _reading_order(event: Event) -> tuple[int, int, str]:
    return FIELDS.index(event.field), event.start, event.type


def _of_act(reading: Reading, kind: EventType, act: Act) -> Event:
    doc, day = reading.doc, reading.day
    match = Match(act.field, act.start, act.stop, act.spans)
    around = guard(doc, match, day.year)
    status = act.status
    why = act.why or ("" if around.why.startswith("told as") else around.why)
    if status is EventStatus.DONE and (
        around.year or around.why.startswith('"') or dates_back(doc, match, day)
    ):
        status = EventStatus.RECALLED
        why = why or "dated before"
    hedged = act.hedged or (around.unsourced and kind.hedgeable)
    event = _event(doc, kind, match, replace(around, hedged=hedged, why=why), status)
    return _with_parties(reading, kind, event, match, act)


def _of_match(reading: Reading, kind: EventType, match: Match) -> Event:
    doc = reading.doc
    around = guard(doc, match, reading.day.year)
    status, hedged = status_at(doc, reading.tables, match.spans[0])
    if around.negated:
        status = EventStatus.DENIED
    elif around.why or kind.background:
        status = EventStatus.RECALLED
    elif not kind.hedgeable and status is not EventStatus.DENIED:
        status = EventStatus.DONE
    event = _event(doc, kind, match, replace(around, hedged=around.hedged or hedged), status)
    return _with_parties(reading, kind, event, match, None)


def _in_one_sentence(doc: Doc, match: Match) -> bool:
    sentences = doc.texts[match.field].sentences
    return sentences[match.start] == sentences[match.stop - 1]


def _with_parties(reading: Reading, kind: EventType, event: Event, match: Match, act: Act | None) -> Event:
    """Return an event with its parties: who buys what from whom, who imposes what on whom."""
    doc, names = reading.doc, reading.names.get(match.field, ())
    wanted = reading.tables.parties.get(kind.type) or (kind.polarity in IMPOSING and Parties.ACTING)
    part: Roles | Imposing
    if kind.topic == "arms":
        scene = scene_of(doc, match, act, names, giving(doc, match.field, act))
        part = roles(scene, match, kind, reading.states, reading.day.year)
    elif wanted is Parties.MEASURES:
        scene = scene_of(doc, match, act, names, frozenset())
        part = (evasion_of if kind.type == "evasion_reported" else contest_of)(scene, reading.states)
    elif wanted:
        scene = scene_of(doc, match, act, names, frozenset())
        part = imposing(scene, event, reading.states, answers=wanted is Parties.ANSWERING)
        part = part if part.imposer else replace(part, imposer=_leading(reading, match, part))
    else:
        return event
    return replace(event, **{field.name: getattr(part, field.name) for field in fields(part)})


def _leading(reading: Reading, match: Match, part: Imposing) -> str:
    """Return who imposes by the title's first words, where another sentence tells the act without a name."""
    first = next(iter(reading.names["title"]), None)
    if house := _house(reading.doc, match):
        return house
    if match.field == "title" or first is None or first.start or not is_habitual(first):
        return ""
    return "" if first.possessive or first.tag in part.targets else first.tag


def _house(doc: Doc, match: Match) -> str:
    """Return the state of a chamber, where "Senate" or "House" opens an English sentence about an act."""
    opening = doc.texts[match.field].bounds(match.spans[0].start)[0]
    named = (span for span in doc["legislature"] if span.field == match.field and span.start == opening)
    first = doc.texts[match.field].words[opening]
    return HOUSE if doc.lang == "en" and any(named) and first in _CHAMBERS else ""


def _event(doc: Doc, kind: EventType, match: Match, around: Guarded, status: EventStatus) -> Event:
    text = doc.texts[match.field]
    hedged = kind.hedgeable and around.hedged
    start, stop = match.start, min(match.stop, match.start + LONGEST_QUOTE)
    return Event(
        topic=kind.topic,
        type=kind.type,
        stage=kind.stage,
        polarity=kind.polarity,
        severity=_severity(kind, hedged, status),
        field=match.field,
        start=text.starts[start],
        stop=text.stops[stop - 1],
        quote=text.quote(start, stop),
        hedged=hedged,
        negated=status is EventStatus.DENIED,
        background=kind.background or bool(around.why) or status is EventStatus.RECALLED,
        why=_why(kind, around),
        year=around.year,
        amounts=tuple(_amounts(doc, match)),
        deadline=next(_days(doc, match), "") if kind.type in DATED else "",
        status=status,
    )


def _severity(kind: EventType, hedged: bool, status: EventStatus) -> int:
    """What is not done is less grave; what is denied or asked changes little."""
    severity = max(kind.severity - hedged, 0)
    if status is EventStatus.DENIED and kind.type in VOTED:
        return MOST_SEVERE_UNDONE
    if status in {EventStatus.DENIED, EventStatus.ASKED}:
        return min(severity, MOST_SEVERE_DENIED)
    if status is EventStatus.WISHED:
        return min(severity, MOST_SEVERE_WISHED)
    return severity if status is EventStatus.DONE else min(severity, MOST_SEVERE_UNDONE)


def _why(kind: EventType, around: Guarded) -> str:
    return around.why or ("a standing state" if kind.background else "")


def _days(doc: Doc, match: Match) -> Iterator[str]:
    """Yield the days in the sentence until which something holds, as written."""
    text, sentence = doc.texts[match.field], doc.sentence(match.spans[0])
    for start, stop in days(text.raw):
        if sentence == text.sentences[min(bisect_left(text.starts, start), len(text.words) - 1)]:
            yield text.raw[start:stop]


def _amounts(doc: Doc, match: Match) -> Iterator[str]:
    """Yield the sums of money in the sentence, as written."""
    text, sentence = doc.texts[match.field], doc.sentence(match.spans[0])
    for start, stop in amounts(text.raw):
        if sentence == text.sentences[min(bisect_left(text.starts, start), len(text.words) - 1)]:
            yield text.raw[start:stop]
