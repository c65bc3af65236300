"""Find what was saved at the workbench before: rules, frames of acts, watch lists, and versions of files."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.config.versions import FileChange, VersionedFile
from monitor.errors import ConfigError
from monitor.model import FileRole
from monitor.web.base import WebContext

from .fields import WorkbenchFields, WorkbenchKind, read_fields
from .files import NAME, NewRule, rule_toml, tables_of
from .frame_classes import known_pairs
from .proposal import RulesInForce


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """One thing that was saved; `address` is the query by which it is tried again."""

    name: str
    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The entries of a kind, the changes of their file, the names that frames use, and the TOML to copy.

    `classes` are of words, `pairs` the frame classes of all frames, `events` the types of events.
    """

    entries: tuple[SavedEntry, ...] = ()
    changes: tuple[FileChange, ...] = ()
    classes: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    toml: str = ""
    mistake: str = ""


def rules_in_force(web: WebContext) -> RulesInForce:
    """Return what judges now.

    Raises:
        ConfigError: no rules are loaded.
    """
    policy = web.policy
    if policy.engine is None:
        raise ConfigError("no rules are loaded")
    return RulesInForce(
        engine=policy.engine,
        store=web.store,
        lexicon=files_of(web, WorkbenchKind.FRAME),
        watch_lists=policy.watch_lists,
    )


def files_of(web: WebContext, kind: WorkbenchKind) -> Path | None:
    """Return the file that entries of a kind are saved to; None if there is none."""
    policy = web.policy
    if kind is WorkbenchKind.WATCH:
        return policy.config_file
    folder = policy.rules_folder if kind is WorkbenchKind.RULE else policy.lexicon_folder
    return folder / NAME if folder else None


def saved_of(web: WebContext, fields: WorkbenchFields, force: RulesInForce) -> Saved:
    """Return what was saved of the kind that the fields are of."""
    path = files_of(web, fields.kind)
    of_frames = fields.kind is WorkbenchKind.FRAME
    changes = VersionedFile(path).changes() if path else ()
    toml, mistake, entries = "", "", list[SavedEntry]()
    try:
        if fields.kind is WorkbenchKind.WATCH:
            entries = list(_watch_lists(force))
        elif path:
            entries = list(_rules(path) if not of_frames else (*_frames(path), *_words(path)))
        if fields.kind is WorkbenchKind.RULE:
            toml = rule_toml(_new_rule(fields), fields.comment)
    except ConfigError as error:
        mistake = str(error)
    return Saved(
        entries=tuple(entries),
        changes=changes,
        classes=_classes(force) if of_frames else (),
        pairs=known_pairs(force.engine) if of_frames else (),
        events=tuple(sorted(force.engine.tables.types)) if of_frames else (),
        toml=toml,
        mistake=mistake,
    )


def _new_rule(fields: WorkbenchFields) -> NewRule:
    digits = fields.points.removeprefix("-")
    return NewRule(
        id=fields.id or "new-rule",
        topic=fields.topic,
        points=int(fields.points) if digits.isascii() and digits.isdigit() else 60,
        because=fields.because,
        when=fields.query,
        yes=fields.yes,
        no=fields.no,
    )


def _rules(path: Path) -> Iterator[SavedEntry]:
    for id, table in tables_of(path, "rule").items():
        given = {key: _text(table.get(key, "")) for key in ("topic", "points", "because", "yes", "no")}
        given |= {"kind": "rule", "id": id, "q": _text(table.get("when", ""))}
        yield SavedEntry(id, given["q"], _address(given))


def _words(path: Path) -> Iterator[SavedEntry]:
    for kind in ("verb", "status"):
        for name, table in tables_of(path, kind).items():
            for lang, words in table.items():
                if isinstance(words, list):
                    given = {"kind": "frame", "group": f"{kind}.{name}", "lang": lang, "words": _text(words)}
                    yield SavedEntry(f"{kind}.{name} {lang}", ", ".join(map(str, words)), _address(given))


def _frames(path: Path) -> Iterator[SavedEntry]:
    for id, table in tables_of(path, "frame").items():
        pair = " × ".join(_text(table.get(key, "")).partition("\n")[0] for key in ("verbs", "objects"))
        given = {"kind": "frame", "id": id, "frame": pair, "event": _text(table.get("type", ""))}
        yield SavedEntry(f"frame.{id}", f"{pair}: {given['event']}", _address(given))


def _watch_lists(force: RulesInForce) -> Iterator[SavedEntry]:
    for name, names in force.watch_lists.items():
        given = {"kind": "watch", "id": name, "words": "\n".join(names)}
        yield SavedEntry(name, f"{len(names)} names: {', '.join(names[:5])}", _address(given))


def _classes(force: RulesInForce) -> tuple[str, ...]:
    """Return the classes of verbs and of status, as ``verb.impose``."""
    texts = {each.name: each.text for each in force.files(FileRole.LEXICON)}
    found: list[str] = []
    for kind, file in (("verb", "verbs.toml"), ("status", "statuses.toml")):
        found += [f"{kind}.{name}" for name in sorted(tomllib.loads(texts.get(file, "")))]
    return tuple(found)


def _text(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _address(given: dict[str, str]) -> str:
    return read_fields(lambda name: given.get(name, "")).address
