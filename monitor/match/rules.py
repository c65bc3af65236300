"""Parse rules and event types from TOML: boolean queries with their meaning.

``[rule.<id>]`` gives points to a topic when its `when` holds; negative points are a penalty.
``[event.<id>]`` defines an event. Both have `yes` and `no` examples, which `check` and the tests run.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import ConfigError, did_you_mean
from monitor.match.query.nodes import Or, Query
from monitor.match.query.parser import mistakes_in, parse
from monitor.model import Polarity, RuleExcerpt, Stage

from .schema import Collector, rows

TOPICS = ("sanctions", "arms")

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
    """A type of event that a sentence reports.

    `background` marks an ongoing measure rather than news ("sanctions remain in place"); `hedgeable` is false
    where a hedge belongs to the event itself (a notification is always of a "possible sale").
    """

    id: str
    type: str
    topic: str
    polarity: Polarity
    severity: int
    points: float
    when: Query
    stage: Stage = Stage.NONE
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
    ruleset, mistakes = load_sound(texts, tags)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return ruleset


def load_sound(texts: Mapping[str, str], tags: Collection[str]) -> tuple[RuleSet, list[str]]:
    """Return the rules without a mistake, and every mistake of the others; arguments as of `load`."""
    found: dict[str, dict[str, Any]] = {"rule": {}, "event": {}}
    mistakes: list[str] = []
    notes: list[str] = []
    for origin, kind, id, row in rows(texts, mistakes):
        if kind not in found:
            mistakes.append(f"{origin}: no table [{kind}.{id}]; known: rule, event")
        elif row.get("off"):
            if found[kind].pop(id, None) is None and row["off"] is True:
                notes.append(f"{origin}: {id}: {_nothing_to_switch_off(kind, id, found[kind])}")
        else:
            collect = Collector(row)
            made = _MAKERS[kind](id, collect, origin, tags)
            mistakes += [f"{origin}: {id}: {each}" for each in collect.mistakes]
            if not collect.mistakes:
                found[kind][id] = made
    digest = hashlib.sha256("\0".join(f"{name}\0{texts[name]}" for name in sorted(texts)).encode())
    rules, events = tuple(found["rule"].values()), tuple(found["event"].values())
    return RuleSet(rules, events, digest.hexdigest()[:12], tuple(notes)), mistakes


def _nothing_to_switch_off(kind: str, id: str, known: Collection[str]) -> str:
    return f"there is no such {kind} to switch off{did_you_mean(id, known)}"


def _rule(id: str, collect: Collector, origin: str, tags: Collection[str]) -> Rule:
    collect.refuse_unknown(_RULE_KEYS)
    return Rule(
        id=id,
        topics=_topics(collect),
        points=collect.number("points", -100, 100),
        when=_query(collect, tags),
        because=collect.string("because", id),
        yes=collect.strings("yes"),
        no=collect.strings("no"),
        origin=origin,
    )


def _topics(collect: Collector) -> tuple[str, ...]:
    given = collect.row.get("topic")
    several = isinstance(given, list) and given
    return collect.choices("topic", TOPICS) if several else (collect.choice("topic", TOPICS),)


def _event(id: str, collect: Collector, origin: str, tags: Collection[str]) -> EventType:
    collect.refuse_unknown(_EVENT_KEYS)
    return EventType(
        id=id,
        type=collect.string("type", id),
        topic=collect.choice("topic", TOPICS),
        polarity=collect.member("polarity", Polarity),
        severity=int(collect.number("severity", 0, 5)),
        points=collect.number("points", 0, 100, 25),
        when=_query(collect, tags),
        stage=collect.member("stage", Stage, Stage.NONE),
        background=bool(collect.row.get("background", False)),
        hedgeable=bool(collect.row.get("hedgeable", True)),
        yes=collect.strings("yes"),
        no=collect.strings("no"),
        origin=origin,
    )


_MAKERS: Mapping[str, Callable[[str, Collector, str, Collection[str]], Rule | EventType]] = {
    "rule": _rule,
    "event": _event,
}


def _query(collect: Collector, tags: Collection[str]) -> Query:
    """Return the query of a row; with a mistake, one that finds nothing."""
    source = collect.string("when")
    if isinstance(collect.row.get("when"), str):
        collect.mistakes += [f"when: {each}" for each in mistakes_in(source, tags)]
    return Or(()) if collect.mistakes else parse(source, tags)


def excerpts_of(
    texts: Mapping[str, str], rules: Collection[str], event_types: Collection[str]
) -> Iterator[RuleExcerpt]:
    """Yield rules by id and events by type as sound files state them; the last file with an id counts."""
    found: dict[tuple[str, str], RuleExcerpt] = {}
    for origin, kind, id, row in rows(texts, []):
        wanted = id in rules if kind == "rule" else row.get("type", id) in event_types
        if wanted and not row.get("off"):
            because = str(row.get("because", ""))
            when = str(row["when"])
            found[kind, id] = RuleExcerpt(kind=kind, id=id, file=origin, when=when, because=because)
    yield from found.values()
