"""Rules and event types: boolean queries with what they mean, read from TOML.

``[rule.<id>]`` gives points to a topic when its `when` holds; negative points are a penalty.
``[event.<id>]`` says that something happened. Both carry `yes` and `no` examples, which `check` and the
tests run.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import ConfigError

from .parser import QueryError, parse
from .query import Query
from .tables import rows, strings

TOPICS = ("sanctions", "arms")
POLARITIES = ("impose", "relax", "neutral", "enforce", "evade", "acquire", "supply", "halt")


@dataclass(frozen=True, slots=True)
class Rule:
    """When `when` holds, each of `topics` gains `points` (0-100), once for an item."""

    id: str
    topics: tuple[str, ...]
    points: float
    when: Query
    because: str
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class EventType:
    """What a sentence says has happened. `stage` is the arms ladder's, or "".

    `background` marks a standing state rather than news ("sanctions remain in place"); `hedgeable` is false
    where the hedge belongs to the thing itself (a "possible sale" is what a notification notifies).
    """

    id: str
    type: str
    topic: str
    polarity: str
    severity: int
    points: float
    when: Query
    stage: str = ""
    background: bool = False
    hedgeable: bool = True
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules and event types in force; `version` changes with any letter of their files."""

    rules: tuple[Rule, ...]
    events: tuple[EventType, ...]
    version: str


def load(texts: Mapping[str, str], tags: Collection[str]) -> RuleSet:
    """Read rule files, given as file name → text; `tags` are the @names of the lexicon.

    A later file's rule replaces an earlier one of the same id; ``off = true`` switches a rule off.

    Raises:
        ConfigError: one line for each mistake, as ``file: rule: column: what``.
    """
    rules: dict[str, Rule] = {}
    events: dict[str, EventType] = {}
    mistakes: list[str] = []
    for origin, kind, id, row in rows(texts, mistakes):
        match kind:
            case "rule":
                _add(rules, _rule, (id, row, origin, tags), mistakes)
            case "event":
                _add(events, _event, (id, row, origin, tags), mistakes)
            case _:
                mistakes.append(f"{origin}: no table [{kind}.{id}]; known: rule, event")
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    digest = hashlib.sha256("\0".join(f"{name}\0{texts[name]}" for name in sorted(texts)).encode())
    return RuleSet(tuple(rules.values()), tuple(events.values()), digest.hexdigest()[:12])


def _add(
    into: dict[str, Any], make: Any, args: tuple[str, Any, str, Collection[str]], mistakes: list[str]
) -> None:
    id, row, origin, tags = args
    try:
        if row.get("off"):
            into.pop(id, None)
            return
        into[id] = make(id, row, origin, tags)
    except KeyError as error:
        mistakes.append(f"{origin}: {id}: the key {error} is missing")
    except QueryError as error:
        mistakes.append(f"{origin}: {id}: when: {error}")
    except (ValueError, TypeError, AttributeError) as error:
        mistakes.append(f"{origin}: {id}: {error}")


def _rule(id: str, row: Mapping[str, Any], origin: str, tags: Collection[str]) -> Rule:
    _known(row, {"topic", "points", "when", "because", "yes", "no", "off"})
    topics = (row["topic"],) if isinstance(row["topic"], str) else tuple(row["topic"])
    for topic in topics:
        _one_of(topic, "topic", TOPICS)
    points = float(row["points"])
    if not -100 <= points <= 100:
        raise ValueError(f"points are between -100 and 100, not {points:g}")
    examples = strings(row, "yes"), strings(row, "no")
    return Rule(id, topics, points, parse(row["when"], tags), row.get("because", id), *examples, origin)


def _event(id: str, row: Mapping[str, Any], origin: str, tags: Collection[str]) -> EventType:
    known = {
        "type",
        "topic",
        "polarity",
        "severity",
        "points",
        "when",
        "stage",
        "background",
        "hedgeable",
        "yes",
        "no",
    }
    _known(row, known | {"off"})
    _one_of(row["topic"], "topic", TOPICS)
    _one_of(row["polarity"], "polarity", POLARITIES)
    severity = int(row["severity"])
    if not 0 <= severity <= 5:
        raise ValueError(f"severity is between 0 and 5, not {severity}")
    return EventType(
        id=id,
        type=row.get("type", id),
        topic=row["topic"],
        polarity=row["polarity"],
        severity=severity,
        points=float(row.get("points", 25)),
        when=parse(row["when"], tags),
        stage=row.get("stage", ""),
        background=bool(row.get("background", False)),
        hedgeable=bool(row.get("hedgeable", True)),
        yes=strings(row, "yes"),
        no=strings(row, "no"),
        origin=origin,
    )


def _known(row: Mapping[str, Any], keys: set[str]) -> None:
    if wrong := set(row) - keys:
        raise ValueError(f"no key {', '.join(sorted(wrong))}; known: {', '.join(sorted(keys))}")


def _one_of(value: object, key: str, known: Collection[str]) -> None:
    if value not in known:
        raise ValueError(f"{key} is one of {', '.join(known)}, not {value!r}")
