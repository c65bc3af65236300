"""Warn of overlaps, repetitions and impossible queries in lexicon and rules. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from monitor.match.lexicon import Lexicon, LexiconEntry
from monitor.match.rules import EventType, Rule, RuleSet
from monitor.match.score import Scoring
from monitor.text import tokenize

from .explain import SHOWN, describe, notation_of
from .nodes import And, Near, Or, Query, Without
from .pattern import Pattern


def warnings(lexicon: Lexicon, rules: RuleSet, scoring: Scoring | None = None) -> Iterator[str]:
    """Yield one sentence for each warning."""
    concepts = {name: tuple(patterns) for name, patterns in lexicon.concepts.items()}
    yield from _shared(concepts)
    for name, patterns in concepts.items():
        yield from (f"concept.{name}: {what}" for what in _idle(patterns))
    yield from _namesakes(lexicon.entries.values())
    yield from rules.notes
    types = {each.type for each in rules.events}
    for type in scoring.severity if scoring else ():
        if type not in types:
            yield f"scoring: severity.{type}: no rule reports such an event"
    judged: tuple[Rule | EventType, ...] = (*rules.rules, *rules.events)
    yield from _same_queries(judged)
    for each in judged:
        yield from (f"{each.origin}: {each.id}: {what}" for what in _impossible(each.when))


def _shared(concepts: Mapping[str, tuple[Pattern, ...]]) -> Iterator[str]:
    """Yield pairs of concepts that share patterns."""
    owners: dict[Pattern, list[str]] = defaultdict(list)
    for name, patterns in concepts.items():
        for pattern in dict.fromkeys(patterns):
            owners[pattern].append(name)
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pattern, names in owners.items():
        for pair in combinations(names, 2):
            pairs[pair].append(f"“{notation_of(pattern)}”")
    for (one, other), shared in pairs.items():
        more = f" and {len(shared) - SHOWN} more" if len(shared) > SHOWN else ""
        yield f"concept.{one} and concept.{other} share {', '.join(shared[:SHOWN])}{more}"


@lru_cache(maxsize=4_000)
def _idle(patterns: tuple[Pattern, ...]) -> tuple[str, ...]:
    """Return what is said of each pattern of one concept that is repeated, impossible or covered by another.

    Results are kept: the lexicon that ships and the operator's have most concepts in common.
    """
    return tuple(_idle_patterns(patterns))


def _idle_patterns(patterns: tuple[Pattern, ...]) -> Iterator[str]:
    stems = {p.elements[0].value for p in patterns if len(p.elements) == 1 and p.elements[0].kind == "stem"}
    seen: set[Pattern] = set()
    for pattern in patterns:
        if pattern in seen:
            yield f"“{notation_of(pattern)}” is there twice"
        elif not _alive(pattern):
            yield f"“{notation_of(pattern)}” can never be found"
        elif stem := _covering(pattern, stems):
            yield f"“{notation_of(pattern)}” is found by “{stem}*” already"
        seen.add(pattern)


def _covering(pattern: Pattern, stems: set[str]) -> str:
    first, *others = pattern.elements
    if others or pattern.written or first.kind not in {"word", "stem"}:
        return ""
    shorter = (
        stem for stem in stems if first.value.startswith(stem) and (first.kind, first.value) != ("stem", stem)
    )
    return next(shorter, "")


def _alive(pattern: Pattern) -> bool:
    """Say whether a pattern finds its own text; patterns with inner wildcards are not tested."""
    kinds = {element.kind for element in pattern.elements}
    if "glob" in kinds:
        return True
    samples = {"number": "12", "gap": ""}
    text = tokenize(pattern.written or " ".join(samples.get(e.kind, e.value) for e in pattern.elements))
    return (
        bool(text.words) and pattern.elements[0].accepts(text.words[0]) and pattern.ends(text, 0) is not None
    )


def _namesakes(entries: Iterable[LexiconEntry]) -> Iterator[str]:
    """Yield names that two entries of one kind share."""
    owners: dict[tuple[str, Pattern], list[str]] = defaultdict(list)
    for entry in entries:
        for pattern in entry.patterns:
            owners[entry.kind, pattern].append(entry.tag)
    names: dict[tuple[str, ...], str] = {}
    for (_, pattern), tags in owners.items():
        if len(tags) > 1:
            names.setdefault(tuple(tags), notation_of(pattern))
    for several, name in names.items():
        yield f"{' and '.join(several)} are both called “{name}”"


def _same_queries(judged: Iterable[Rule | EventType]) -> Iterator[str]:
    asked: dict[Query, Rule | EventType] = {}
    for each in judged:
        before = asked.setdefault(each.when, each)
        if before is not each:
            yield f"{each.origin}: {each.id}: asks the same as {before.id} in {before.origin}"


def _impossible(query: Query) -> Iterator[str]:
    """Yield the parts that a query requires and excludes at once."""
    match query:
        case Without(keep=keep, drop=drop):
            wanted = keep.parts if isinstance(keep, And) else (keep,)
            banned = drop.parts if isinstance(drop, Or) else (drop,)
            for each in wanted:
                if each in banned or (isinstance(each, Or) and set(each.parts) <= set(banned)):
                    yield f"can never match: {describe(each)} is required and excluded"
            yield from _impossible(keep)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _impossible(part)
        case Near(left=left, right=right):
            yield from (*_impossible(left), *_impossible(right))
