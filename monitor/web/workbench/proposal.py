"""Turn what was typed into a change to try: the engine that it leads to, and the items that it concerns."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.match.query.explain import misses
from monitor.match.query.nodes import Query
from monitor.match.query.parser import mistakes_in, parse
from monitor.match.rules import Rule, excerpts_of
from monitor.match.spans import Doc
from monitor.match.variation import with_lexicon_files, with_rule, with_watch_list
from monitor.model import FileRole, RuleFile
from monitor.store import Store

from .fields import TOPICS, WorkbenchFields, WorkbenchKind, frame_class, rule_points
from .files import lexicon_name, tables_of, with_frame, with_frame_words
from .frame_classes import FrameClass, NewFrame, new_frame, read_frame_class, unjoined

_NOT_STORED = "the rules in force are not stored yet; try again in a moment"


#: Says what a text that a query does not find lacks; "" if it is no near miss.
Lacks = Callable[[Query, Doc], str]


def one_lacking(query: Query, doc: Doc) -> str:
    """Return what a text lacks if that is one thing, else ""."""
    lacking = misses(query, doc)
    return lacking[0] if len(lacking) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change to try. `query` finds the items whose hits are shown; `changed` is the engine it leads to.

    `earlier` is the query of what the change replaces, "" if it replaces nothing.
    """

    query: str
    changed: Engine
    earlier: str = ""
    lacks: Lacks = one_lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """The engine in force with its files and watch lists; `lexicon` is the file that the workbench writes."""

    engine: Engine
    store: Store
    lexicon: Path | None
    watch_lists: Mapping[str, tuple[str, ...]]

    def files(self, role: FileRole) -> tuple[RuleFile, ...]:
        """Return the files of the rules, or of the lexicon."""
        return self.store.rule_files(role, self.engine.versions[role])

    def lexicon_texts(self) -> dict[str, str]:
        """Return the files of the lexicon and of frames by name.

        Raises:
            ConfigError: they are not stored.
        """
        files = self.files(FileRole.LEXICON)
        if not files:
            raise ConfigError(_NOT_STORED)
        return {each.name: each.text for each in files if each.role is FileRole.LEXICON}

    def verb_classes(self) -> frozenset[str]:
        """Return the classes of verbs.

        Raises:
            ConfigError: the files of the lexicon are not stored.
        """
        return frozenset(tomllib.loads(self.lexicon_texts().get("verbs.toml", "")))

    def query_of(self, rule: str) -> str:
        """Return the query of a rule in force; "" if there is none of that id."""
        is_known = any(each.id == rule for each in self.engine.rules.rules)
        return self.queries({rule}).get(rule, "") if is_known else ""

    def queries(self, ids: set[str]) -> dict[str, str]:
        """Return the queries of rules in force by id."""
        texts = {each.name: each.text for each in self.files(FileRole.RULES)}
        return {each.id: each.when for each in excerpts_of(texts, ids, ()) if each.kind == "rule"}


def propose(fields: WorkbenchFields, force: RulesInForce) -> Proposal:
    """Return the change that the fields describe.

    Raises:
        ConfigError: every mistake in them, one a line.
    """
    if fields.kind is WorkbenchKind.RULE:
        return _of_rule(fields, force)
    if fields.kind is WorkbenchKind.FRAME:
        return _of_frame(fields, force)
    names = force.watch_lists.get(fields.id, ())
    removed = [name for name in names if name not in fields.words]
    changed = with_watch_list(force.engine, fields.id or "new", fields.words)
    return Proposal(query=any_of(fields.words), changed=changed, earlier=any_of(removed))


def _of_rule(fields: WorkbenchFields, force: RulesInForce) -> Proposal:
    if mistakes := mistakes_in(fields.query, force.engine.tags):
        raise ConfigError("\n".join(map(str, mistakes)))
    if fields.topic not in TOPICS:
        raise ConfigError("Choose a topic.")
    rule = Rule(
        id=fields.id or "new-rule",
        topics=(fields.topic,),
        points=rule_points(fields),
        when=parse(fields.query, force.engine.tags),
        because=fields.because,
    )
    earlier = force.query_of(fields.id) if fields.id else ""
    return Proposal(query=fields.query, changed=with_rule(force.engine, rule), earlier=earlier)


def frame_of(fields: WorkbenchFields, force: RulesInForce) -> NewFrame | None:
    """Return the frame that the fields add, if they add one.

    Raises:
        ConfigError: it has a mistake.
    """
    return new_frame(fields, _classes_of(fields, force), force.engine) if fields.adds_frame else None


def _classes_of(fields: WorkbenchFields, force: RulesInForce) -> FrameClass:
    return read_frame_class(fields.frame, force.engine, force.verb_classes())


def _of_frame(fields: WorkbenchFields, force: RulesInForce) -> Proposal:
    """Return a frame class to find, with the frame or the words that are added to it, or words alone."""
    if not fields.frame:
        return _of_words(fields, force)
    classes, added = _classes_of(fields, force), frame_of(fields, force)
    changed = _of_words(fields, force).changed if fields.words else force.engine
    found = changed.tables.frames_of(classes.verb, classes.thing)
    if added:
        path, texts = _file_of(force), force.lexicon_texts()
        texts[lexicon_name(path)] = with_frame(path, added.id, added.table())
        changed = with_lexicon_files(force.engine, texts)
        found = tuple(dict.fromkeys((added.id, *found)))
    if not found:
        raise ConfigError(f"No frame joins {classes}; choose a type of event to try a frame of your own.")
    earlier = f"@frame:{added.id}" if added and f"frame:{added.id}" in force.engine.tags else ""
    query = " OR ".join(f"@frame:{id}" for id in found)
    lacks = unjoined(classes, changed.tables)
    return Proposal(query=query, changed=changed, earlier=earlier, lacks=lacks)


def _of_words(fields: WorkbenchFields, force: RulesInForce) -> Proposal:
    group = frame_class(fields)
    path = _file_of(force)
    present = tables_of(path, group[0]).get(group[1], {}).get(fields.lang, ())
    texts = force.lexicon_texts()
    texts[lexicon_name(path)] = with_frame_words(path, group, fields.lang, fields.words)
    removed = [word for word in present if word not in fields.words]
    changed = with_lexicon_files(force.engine, texts)
    return Proposal(query=any_of(fields.words), changed=changed, earlier=any_of(removed))


def _file_of(force: RulesInForce) -> Path:
    if force.lexicon is None:
        raise ConfigError("no folder of the lexicon is configured")
    return force.lexicon


def any_of(words: Iterable[str]) -> str:
    """Return the query that finds any of these words or names; "" for none."""
    return " OR ".join(f'"{plain}"' for word in words if (plain := word.replace('"', " ").strip()))
