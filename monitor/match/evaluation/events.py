"""Count how well the event of an item is recognised: type, direction, severity and parties. Pure counting."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from monitor.model import Event, EventStatus

from .labels import NO_EVENT, EventLabel
from .parties import RoleCounts, measure_parties
from .topics import Answer, rate

NONE = "none"
NO_DIRECTION = "neutral"

#: The directions that contradict a direction.
OPPOSITES = {
    "impose": frozenset({"relax"}),
    "relax": frozenset({"impose", "enforce"}),
    "enforce": frozenset({"relax"}),
    "acquire": frozenset({"halt"}),
    "supply": frozenset({"halt"}),
    "halt": frozenset({"acquire", "supply"}),
}

#: An alert of the first severity interrupts its reader; one of the second does not.
URGENT, MINOR = 4, 2

Check = Callable[[EventLabel, Event | None], bool | None]


@dataclass(frozen=True, slots=True)
class TypeShare:
    """Of `n` items, the share whose event type is right."""

    n: int
    type: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFigures:
    """The figures of all items with an event label: shares from 0 to 1, and numbers of items.

    `opposite`, `false_urgent`, `missed_urgent` and `background_as_news` are numbers of items.
    """

    n: int
    type: float
    polarity: float
    opposite: int
    severity_exact: float
    severity_within_1: float
    false_urgent: int
    missed_urgent: int
    background_as_news: int
    parties: Mapping[str, RoleCounts]
    by_lang: Mapping[str, TypeShare]
    sure: TypeShare


def measure_events(answers: Iterable[Answer]) -> EventFigures | None:
    """Count the items that have an event label; return None if there are none.

    A field that the label of an item lacks is skipped for that item. Languages are sorted by name.
    """
    given = tuple(each for each in answers if each.item.event)
    if not given:
        return None
    langs = sorted({each.item.fields["lang"] or "?" for each in given})
    return EventFigures(
        n=len(given),
        type=_share(given, type_right),
        polarity=_share(given, polarity_right),
        opposite=_number(given, is_opposite),
        severity_exact=_share(given, severity_exact),
        severity_within_1=_share(given, severity_within_1),
        false_urgent=_number(given, is_false_urgent),
        missed_urgent=_number(given, is_missed_urgent),
        background_as_news=_number(given, is_background_as_news),
        parties=measure_parties(given),
        by_lang={lang: _types(a for a in given if (a.item.fields["lang"] or "?") == lang) for lang in langs},
        sure=_types(each for each in given if not each.item.unsure),
    )


def type_of(event: Event | None) -> str:
    """Return the type of an event; "none" without one, and for commentary."""
    return NONE if event is None or event.type in NO_EVENT else event.type


def type_right(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether the type is accepted; None if the label has no types."""
    if not label.types:
        return None
    accepted = set(label.types)
    if event and (event.hedged or event.status != EventStatus.DONE):
        accepted |= label.types_if_hedged
    type = type_of(event)
    return not accepted.isdisjoint(NO_EVENT) if type == NONE else type in accepted


def polarity_right(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether the direction is accepted; None if the label has none."""
    return _polarity(event) in label.polarity if label.polarity else None


def is_opposite(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether the direction contradicts every accepted one; None if the label has none."""
    if not label.polarity:
        return None
    return label.polarity <= OPPOSITES.get(_polarity(event), frozenset())


def severity_exact(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether the severity lies in the labelled range; None if the label has none."""
    return _within(label, event, 0)


def severity_within_1(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether the severity lies in the labelled range or one step outside; None if the label has none."""
    return _within(label, event, 1)


def is_false_urgent(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether an event that is minor at most was found urgent; None if the label has no severity."""
    return None if label.severity is None else _severity(event) >= URGENT and label.severity[1] <= MINOR


def is_missed_urgent(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether an event that is urgent was found minor; None if the label has no severity."""
    return None if label.severity is None else _severity(event) <= MINOR and label.severity[0] >= URGENT


def is_background_as_news(label: EventLabel, event: Event | None) -> bool | None:
    """Say whether an item that is not news has a done event of a wrong type; None without kind or types."""
    right = type_right(label, event)
    if right is None or not label.kind:
        return None
    done = event is not None and event.status == EventStatus.DONE and type_of(event) != NONE
    return label.kind != "news" and done and not right


def confusions(answers: Iterable[Answer]) -> Counter[tuple[str, str]]:
    """Count the wrong types as (expected types, found type); expected ones are sorted and joined by "/"."""
    return Counter(
        (expected(each.item.event), type_of(each.event))
        for each in answers
        if each.item.event and type_right(each.item.event, each.event) is False
    )


def expected(label: EventLabel) -> str:
    """Return the accepted types as one text, "none" for commentary and none."""
    named = {NONE if type in NO_EVENT else type for type in label.types}
    return "/".join(sorted(named))


#: What can be wrong with an event, in the order of printing.
FAULTS: Mapping[str, Check] = {
    "type": lambda label, event: _not(type_right(label, event)),
    "polarity": lambda label, event: _not(polarity_right(label, event)),
    "opposite": is_opposite,
    "severity": lambda label, event: _not(severity_exact(label, event)),
    "false urgent": is_false_urgent,
    "missed urgent": is_missed_urgent,
    "background as news": is_background_as_news,
}


def faults(answer: Answer) -> tuple[str, ...]:
    """Return the names of what is wrong with the event of an item; parties are left out."""
    label = answer.item.event
    return tuple(name for name, check in FAULTS.items() if label and check(label, answer.event))


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _types(answers: Iterable[Answer]) -> TypeShare:
    given = tuple(answers)
    return TypeShare(len(given), _share(given, type_right))


def _results(answers: Iterable[Answer], check: Check) -> list[bool]:
    results = (check(each.item.event, each.event) for each in answers if each.item.event)
    return [each for each in results if each is not None]


def _share(answers: Iterable[Answer], check: Check) -> float:
    results = _results(answers, check)
    return rate(sum(results), len(results))


def _number(answers: Iterable[Answer], check: Check) -> int:
    return sum(_results(answers, check))


def _polarity(event: Event | None) -> str:
    return event.polarity if event else NO_DIRECTION


def _severity(event: Event | None) -> int:
    return event.severity if event else 0


def _within(label: EventLabel, event: Event | None, steps: int) -> bool | None:
    if label.severity is None:
        return None
    lowest, highest = label.severity
    return lowest - steps <= _severity(event) <= highest + steps
