"""Compare the parties of an event with labelled parties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model import COUNTRY_ALIASES, Event, Mention

from .labels import ROLES, Labelled, Parties
from .topics import Answer, rate

#: Codes of one country or body under several names, in small letters.
ALIASES = {alias.lower(): code.lower() for alias, code in COUNTRY_ALIASES.items()} | {"uno": "un"}

#: Roles that name one party in an event: of joint actors, any is the right one.
SINGLE = frozenset({"imposer", "buyer", "supplier"})


@dataclass(frozen=True, slots=True)
class RoleCounts:
    """Parties of one role: right and wrong ones among those found, and required ones found and missed."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return rate(self.right, self.right + self.wrong)

    @property
    def recall_parties(self) -> float:
        return rate(self.found, self.found + self.missed)

    def __add__(self, other: "RoleCounts") -> "RoleCounts":
        return RoleCounts(
            self.right + other.right,
            self.wrong + other.wrong,
            self.found + other.found,
            self.missed + other.missed,
        )


def measure_parties(answers: Iterable[Answer]) -> dict[str, RoleCounts]:
    """Return the counts of each role over the items that have a label for it."""
    given = tuple(answers)
    return {role: sum((count_role(each, role) for each in given), RoleCounts()) for role in ROLES}


def count_role(answer: Answer, role: str) -> RoleCounts:
    """Return the counts of one role in one item; all are 0 where the role was not labelled."""
    label = _parties(answer.item).get(role)
    if label is None:
        return RoleCounts()
    found = {names_of(id, answer.entities) for id in ids_of(answer.event, role)}
    required, optional = frozenset(map(_name, label.required)), frozenset(map(_name, label.optional))
    accepted = required | optional
    right = sum(not names.isdisjoint(accepted) for names in found)
    hits = sum(any(name in names for names in found) for name in required)
    wanted = len(required)
    if role in SINGLE and wanted:
        hits, wanted = min(hits, 1), 1
    return RoleCounts(right, len(found) - right, hits, wanted - hits)


def ids_of(event: Event | None, role: str) -> tuple[str, ...]:
    """Return the ids of the parties that an event has in a role."""
    if event is None:
        return ()
    ids = {
        "imposer": (event.imposer,),
        "target": event.targets,
        "buyer": (event.buyer,),
        "supplier": (event.supplier,),
        "system": event.systems,
    }
    return tuple(id for id in ids[role] if id)


def names_of(id: str, entities: Iterable[Mention]) -> frozenset[str]:
    """Return the label names that an id stands for: itself without its kind, and its state or body."""
    kind, _, name = id.rpartition(":")
    mention = next((each for each in entities if each.id == id), None)
    states = mention.countries if mention and kind not in {"country", "weapon"} else ()
    return frozenset(map(_name, (name, *states)))


def wrong_parties(answer: Answer) -> dict[str, tuple[str, str]]:
    """Return (expected, found) of each role that has a wrong or a missing party, as printable names."""
    wrong = {}
    for role, label in _parties(answer.item).items():
        counts = count_role(answer, role)
        if counts.wrong or counts.missed:
            names = [*sorted(label.required), *(f"{name}?" for name in sorted(label.optional))]
            wrong[role] = (", ".join(names), ", ".join(ids_of(answer.event, role)))
    return wrong


def _parties(item: Labelled) -> Mapping[str, Parties]:
    return item.event.parties if item.event else {}


def _name(name: str) -> str:
    folded = name.partition(":")[2] or name if name.startswith(("country:", "weapon:")) else name
    folded = folded.strip().casefold()
    return ALIASES.get(folded, folded)
