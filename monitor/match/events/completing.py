"""Fill the parties that one sentence about an act leaves out from the other sentences about it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from monitor.match.spans import Doc
from monitor.model import Event

SYSTEM = "weapon:"

#: The parties of an event, and for each the one that cannot be the same.
PARTIES = {
    "imposer": "targets",
    "targets": "imposer",
    "buyer": "supplier",
    "supplier": "buyer",
}


def completed(event: Event, others: Iterable[Event]) -> Event:
    """Return an event with the parties that it lacks, from the first other report of the act."""
    for other in others:
        if other.topic == event.topic and _agrees(event, other):
            event = replace(event, **_missing(event, other))
    return event


def of_one_trade(event: Event, other: Event) -> bool:
    """Say whether another act of arms in the same field shares a party: "signs deal to buy"."""
    arms = event.topic == other.topic == "arms" and event.field == other.field
    return arms and not other.background and any(_overlap(event, other, role) for role in PARTIES)


def with_systems(event: Event, doc: Doc) -> Event:
    """Return an event of arms in a title with the systems of the summary's first sentence, if it has none."""
    summary = doc.texts.get("summary")
    named = event.topic == "arms" and event.field == "title" and not event.negated
    if not named or event.systems or summary is None or not summary.words:
        return event
    systems = {tag for tag, spans in doc.spans.items() if tag.startswith(SYSTEM)}
    first = summary.sentences[0]
    found = (
        tag
        for tag in systems
        if any(s.field == "summary" and summary.sentences[s.start] == first for s in doc[tag])
    )
    return replace(event, systems=tuple(sorted(found)))


def _agrees(event: Event, other: Event) -> bool:
    """Say whether no party of one contradicts the other's."""
    return all(
        not getattr(event, role) or not getattr(other, role) or _overlap(event, other, role)
        for role in PARTIES
    )


def _overlap(event: Event, other: Event, role: str) -> bool:
    return not _ids(event, role).isdisjoint(_ids(other, role))


def _missing(event: Event, other: Event) -> Mapping[str, Any]:
    """Return the parties that only the other has and that stand in no other role here."""
    return {
        role: getattr(other, role)
        for role, opposite in PARTIES.items()
        if not getattr(event, role) and _ids(other, role).isdisjoint(_ids(event, opposite))
    }


def _ids(event: Event, role: str) -> frozenset[str]:
    value = getattr(event, role)
    ids = (value,) if isinstance(value, str) else value
    return frozenset(id for id in ids if id)
