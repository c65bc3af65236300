"""Labelled news: the text to judge, and what a person says about its topics and its event."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.match.rules import TOPICS

from .lines import read_lines, text_of, texts_of

#: The fields of an item that the engine may read; labels and buckets are for counting only.
FIELDS = ("title", "summary", "lang", "source", "date")

#: The roles whose parties are labelled; `target` and `system` may have several parties in one event.
ROLES = ("imposer", "target", "buyer", "supplier", "system")

#: The types of an item without an event.
NO_EVENT = frozenset({"none", "commentary"})


@dataclass(frozen=True, slots=True)
class Parties:
    """The labelled parties of one role: those that must be found and those that may be found."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLabel:
    """What a person accepts as the event of an item; an empty field was not labelled.

    `types_if_hedged` are accepted too where the event is hedged or not done. `severity` is (lowest, highest).
    `kind` is news, background or commentary.
    """

    types: frozenset[str] = frozenset()
    types_if_hedged: frozenset[str] = frozenset()
    polarity: frozenset[str] = frozenset()
    severity: tuple[int, int] | None = None
    kind: str = ""
    parties: Mapping[str, Parties] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An item and its labels.

    `topics` holds the topics that were labelled. `weight` is how many items of a news stream it stands for.
    """

    id: str
    fields: Mapping[str, str]
    topics: Mapping[str, bool]
    event: EventLabel | None = None
    unsure: bool = False
    weight: float = 1.0
    bucket: str = ""


def read_labelled(lines: Iterable[str | bytes], mistakes: list[str]) -> Iterator[Labelled]:
    """Yield the items of JSON Lines; add each line that cannot be read to `mistakes` and skip it.

    Each line is an object ``{id, title, summary, lang, source, date, sanctions, arms}``. The last two are
    true or false, 1 or 0; a topic that is null or absent was not labelled. ``event`` is an object with the
    fields of `EventLabel`, where a party that ends in "?" is optional, or the name of one type. ``unsure``,
    ``weight`` and ``bucket`` may be added.
    """
    return read_lines(lines, mistakes, _labelled)


def _labelled(row: Mapping[str, Any], number: int) -> Labelled:
    fields = {key: text_of(row, key) for key in FIELDS}
    if not (fields["title"].strip() or fields["summary"].strip()):
        raise ValueError("neither title nor summary")
    return Labelled(
        id=str(row.get("id", number)),
        fields=fields,
        topics={topic: _truth(row, topic) for topic in TOPICS if row.get(topic) is not None},
        event=_event(row),
        unsure=_truth(row, "unsure") if "unsure" in row else False,
        weight=_weight(row.get("weight", 1.0)),
        bucket=text_of(row, "bucket"),
    )


def _truth(row: Mapping[str, Any], key: str) -> bool:
    if row[key] not in (0, 1):
        raise ValueError(f"{key} is true or false, not {row[key]!r}")
    return bool(row[key])


def _weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(f"weight is a number from 0 up, not {value!r}")
    return float(value)


def _event(row: Mapping[str, Any]) -> EventLabel | None:
    label = row.get("event")
    if label is None:
        return None
    if isinstance(label, str):
        return EventLabel(types=frozenset({label}))
    if not isinstance(label, dict):
        raise ValueError(f"event is an object or the name of a type, not {label!r}")
    return EventLabel(
        types=frozenset(texts_of(label, "types")),
        types_if_hedged=frozenset(texts_of(label, "types_if_hedged")),
        polarity=frozenset(texts_of(label, "polarity")),
        severity=_severity(label.get("severity")),
        kind=text_of(label, "kind"),
        parties=_parties(label.get("parties")),
    )


def _severity(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    whole = isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)
    if not whole or not 0 <= value[0] <= value[1] <= 5:
        raise ValueError(f"severity is the lowest and the highest, such as [2, 3], not {value!r}")
    return value[0], value[1]


def _parties(value: Any) -> dict[str, Parties]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"parties is an object of {', '.join(ROLES)}, not {value!r}")
    return {role: _role(texts_of(value, role)) for role in ROLES if value.get(role) is not None}


def _role(names: tuple[str, ...]) -> Parties:
    optional = frozenset(name.removesuffix("?") for name in names if name.endswith("?"))
    return Parties(frozenset(name for name in names if not name.endswith("?")), optional)
