"""Parse rules and event types from TOML: boolean queries with their meaning.

``[rule.<id>]`` gives points to a topic when its `when` holds; negative points are a penalty.
``[event.<id>]`` defines an event. Both have `yes` and `no` examples, which `check` and the tests run.
"""

import difflib
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import ConfigError
from monitor.match.query.nodes import Query
from monitor.match.query.parser import QueryError, parse

from .schema import number, rows, string, strings

TOPICS = ("sanctions", "arms")
POLARITIES = ("impose", "relax", "neutral", "enforce", "evade", "acquire", "supply", "halt")

_RULE_KEYS = frozenset("topic points when because yes no off".split())
_EVENT_KEYS = frozenset(
    "type topic polarity severity points when stage background hedgeable yes no off".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A type of event that a sentence reports. `stage` is one of the arms ladder, or "".

    `background` marks an ongoing measure rather than news ("sanctions remain in place"); `hedgeable` is false
    where a hedge belongs to the event itself (a notification is always of a "possible sale").
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
    """All rules and event types in force; `version` changes with any letter of their files.

    `notes` are warnings.
    """

    rules: tuple[Rule, ...]
    events: tuple[EventType, ...]
    version: str
    notes: tuple[str, ...] = ()


def load(texts: Mapping[str, str], tags: Collection[str]) -> RuleSet:
    """Read rule files, given as file name → text; `tags` are the @names of the lexicon.

    A later file's rule replaces an earlier one of the same id; ``off = true`` switches a rule off.

    Raises:
        ConfigError: one line for each mistake, as ``file: rule: when: column n: what``.
    """
    rules: dict[str, Rule] = {}
    events: dict[str, EventType] = {}
    mistakes: list[str] = []
    notes: list[str] = []
    for origin, kind, id, row in rows(texts, mistakes):
        known: dict[str, Any] = events if kind == "event" else rules
        if row.get("off") is True and id not in known and kind in {"rule", "event"}:
            close = difflib.get_close_matches(id, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            notes.append(f"{origin}: {id}: there is no such {kind} to switch off{hint}")
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
    return RuleSet(tuple(rules.values()), tuple(events.values()), digest.hexdigest()[:12], tuple(notes))


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
    except ValueError as error:
        mistakes.append(f"{origin}: {id}: {error}")


def _rule(id: str, row: Mapping[str, Any], origin: str, tags: Collection[str]) -> Rule:
    _known(row, _RULE_KEYS)
    several = isinstance(row["topic"], list) and row["topic"]
    topics = strings(row, "topic") if several else (string(row, "topic"),)
    return Rule(
        id=id,
        topics=tuple(_one_of(topic, "topic", TOPICS) for topic in topics),
        points=number(row, "points", -100, 100),
        when=parse(string(row, "when"), tags),
        because=string(row, "because", id),
        yes=strings(row, "yes"),
        no=strings(row, "no"),
        origin=origin,
    )


def _event(id: str, row: Mapping[str, Any], origin: str, tags: Collection[str]) -> EventType:
    _known(row, _EVENT_KEYS)
    return EventType(
        id=id,
        type=string(row, "type", id),
        topic=_one_of(string(row, "topic"), "topic", TOPICS),
        polarity=_one_of(string(row, "polarity"), "polarity", POLARITIES),
        severity=int(number(row, "severity", 0, 5)),
        points=number(row, "points", 0, 100, 25),
        when=parse(string(row, "when"), tags),
        stage=string(row, "stage", ""),
        background=bool(row.get("background", False)),
        hedgeable=bool(row.get("hedgeable", True)),
        yes=strings(row, "yes"),
        no=strings(row, "no"),
        origin=origin,
    )


def _known(row: Mapping[str, Any], keys: frozenset[str]) -> None:
    if wrong := set(row) - keys:
        raise ValueError(f"no key {', '.join(sorted(wrong))}; known: {', '.join(sorted(keys))}")


def _one_of(value: str, key: str, known: Collection[str]) -> str:
    if value not in known:
        raise ValueError(f"{key} is one of {', '.join(known)}, not {value!r}")
    return value
