"""Check the frames that an operator adds in files of the lexicon against the classes that are known."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import ConfigError, did_you_mean

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SWITCHES = frozenset({"alone", "by_means", "subject", "ahead", "first", "via", "about"})
_KEYS = _SWITCHES | {"type", "verbs", "objects", "with", "reach", "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameClasses:
    """The names that a frame may use: its types of event, verb and object classes, and needs."""

    ids: frozenset[str]
    types: frozenset[str]
    verbs: frozenset[str]
    objects: frozenset[str]
    needs: frozenset[str]


def classes_of(tables: Mapping[str, Any], verbs: Collection[str], own_objects: Iterable[str]) -> FrameClasses:
    """Return the names in ``frames.toml`` and in ``verbs.toml``, and the object classes of other files."""
    frames = tables.get("frame", {}).values()
    changes = (*tables.get("became", {}).values(), tables.get("stopped", {}))
    types = {row["type"] for row in frames} | {type for row in changes for type in row.values()}
    return FrameClasses(
        ids=frozenset(tables.get("frame", {})),
        types=frozenset(types),
        verbs=frozenset(verbs),
        objects=frozenset(own_objects).union(*(row.get("objects", ()) for row in frames)),
        needs=frozenset[str]().union(*(row.get("with", ()) for row in frames)),
    )


def own_frames(
    files: Iterable[tuple[str, Mapping[str, Any]]], known: FrameClasses
) -> dict[str, Mapping[str, Any]]:
    """Return the tables ``[frame.…]`` of files, given with their names, by the id of the frame.

    Raises:
        ConfigError: a frame has a mistake; names the file, the frame and what is known.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for name, rows in files:
        for id, row in rows.get("frame", {}).items():
            mistakes = list(_mistakes(id, row, known))
            if id in found:
                mistakes.append("another file has a frame of this name")
            if mistakes:
                raise ConfigError("\n".join(f"{name}: frame.{id}: {each}" for each in mistakes))
            found[id] = row
    return found


def unknown_name(kind: str, name: str, known: Collection[str]) -> str:
    """Return the sentence that there is no such class, with one that is spelt similarly, or all."""
    hint = did_you_mean(name, known) or f"; known: {', '.join(sorted(known))}"
    return f"no {kind} {name!r}{hint}"


def _mistakes(id: str, row: Any, known: FrameClasses) -> Iterator[str]:
    if not isinstance(row, Mapping):
        yield "write it as a table, [frame.name]"
        return
    if not _ID.fullmatch(id):
        yield "its name has small letters, digits and single -"
    if id in known.ids:
        yield "a frame of this name ships with the program; choose another"
    yield from (unknown_name("key", key, _KEYS) for key in sorted(set(row) - _KEYS))
    yield from (f"{key} is true or false" for key in sorted(_SWITCHES & set(row)) if not _is_switch(row[key]))
    if row.get("reach", "sentence") != "sentence":
        yield 'reach is "sentence", or left out'
    if bool(row.get("objects")) == (row.get("alone") is True):
        yield "give its objects, or alone = true"
    yield from _unknown_classes(row, known)


def _unknown_classes(row: Mapping[str, Any], known: FrameClasses) -> Iterator[str]:
    if str(row.get("type", "")) not in known.types:
        yield unknown_name("type of event", str(row.get("type", "")), known.types)
    if not row.get("verbs"):
        yield "give its verbs, as classes of verbs"
    parts = (
        ("verbs", "class of verbs", known.verbs),
        ("objects", "class of objects", known.objects),
        ("with", "need", known.needs),
    )
    for key, kind, names in parts:
        given = row.get(key, [])
        if not isinstance(given, list):
            yield f"{key} is a list"
            continue
        yield from (unknown_name(kind, str(each), names) for each in given if str(each) not in names)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)
