"""Fill the parties that one sentence about an act leaves out from the other sentences about it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from monitor.model import Event

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
