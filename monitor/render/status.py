"""Put the status and the parties of an event into words."""

from collections.abc import Iterator, Mapping

from monitor.model import Event, EventStatus, Verdict

from .parties import named_as

#: Verbs for what is announced, by polarity.
_WILL: Mapping[str, str] = {
    "impose": "will impose",
    "relax": "will ease",
    "enforce": "will enforce",
    "evade": "will evade",
    "acquire": "will buy",
    "supply": "will supply",
    "halt": "will stop",
}

#: What each status means for the reader; only "done" is an act.
_MEANINGS: Mapping[str, str] = {
    "done": "an act",
    "wished": "somebody calls for it; not an act",
    "asked": "a question; not an act",
    "threatened": "a threat; not an act yet",
    "denied": "denied or refused; not an act",
    "recalled": "an earlier act; not news",
}

#: More names than these are counted.
MOST_NAMES = 3


def status_of(event: Event) -> str:
    """Return the status and its meaning, such as "future: will impose; not an act yet"."""
    meaning = _MEANINGS.get(event.status, "not an act")
    if event.status == EventStatus.FUTURE:
        meaning = f"{_WILL.get(event.polarity, 'announced')}; not an act yet"
    return f"{event.status}: {meaning}"


def parties_of(verdict: Verdict, event: Event) -> str:
    """Return the parties by role, such as "imposer: United States; target: 4 entities"; "" without any."""
    return "; ".join(f"{role}: {names}" for role, names in _roles(verdict, event) if names)


def _roles(verdict: Verdict, event: Event) -> Iterator[tuple[str, str]]:
    for role, id in (("imposer", event.imposer), ("buyer", event.buyer), ("supplier", event.supplier)):
        yield role, named_as(verdict, id) if id else ""
    yield "target", _named(verdict, event.targets)
    yield "system", _named(verdict, event.systems)
    yield "quantity", event.quantity
    yield "deadline", event.deadline


def _named(verdict: Verdict, ids: tuple[str, ...]) -> str:
    if len(ids) > MOST_NAMES:
        return f"{len(ids)} entities"
    return ", ".join(named_as(verdict, id) for id in ids)
