"""Make engines that differ in one rule, in words of frames, or in one watch list. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .engine import Engine
from .frames import tables
from .lexicon import LexiconEntry, watched
from .query.parser import terms
from .query.prefilter import prefilter_of
from .rules import EventType, Rule
from .spotting import spotter_of


def with_rule(engine: Engine, rule: Rule) -> Engine:
    """Return an engine with a rule, in place of the one of that id."""
    others = tuple(each for each in engine.rules.rules if each.id != rule.id)
    rules = replace(engine.rules, rules=(*others, rule))
    all_of_them: tuple[Rule | EventType, ...] = (*rules.rules, *rules.events)
    prefilter = prefilter_of((each.when, each) for each in all_of_them)
    return replace(engine.also(terms(rule.when)), rules=rules, prefilter=prefilter)


def with_lexicon_files(engine: Engine, texts: Mapping[str, str]) -> Engine:
    """Return an engine that finds acts by the frames in these files, the whole lexicon; names stay.

    Raises:
        ConfigError: a file has a mistake in its words of frames.
    """
    return replace(engine, tables=tables.load(texts))


def with_watch_list(engine: Engine, name: str, names: Sequence[str]) -> Engine:
    """Return an engine with a watch list, in place of the one of that name.

    Raises:
        ConfigError: a name has no word.
    """
    found: dict[str, LexiconEntry] = watched({name: tuple(names)})
    tag = f"watch:{name}"
    lexicon = replace(engine.lexicon, entries={**engine.lexicon.entries, **found})
    kept = tuple(pair for pair in engine.spotter.patterns if pair[0] != tag)
    added = tuple((tag, pattern) for pattern in found[tag].patterns)
    spotter = spotter_of((*kept, *added), engine.spotter.names)
    return replace(engine, lexicon=lexicon, spotter=spotter)
