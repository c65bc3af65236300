"""Find the patterns without which a tag cannot be found in a text, for the full-text index. Pure."""

from collections.abc import Iterable

from monitor.match.frames.tables import OBJECT, Tables
from monitor.match.query.pattern import Pattern

from .lexicon import Lexicon

_FRAME = "frame:"


def patterns_of_tag(
    tag: str, lexicon: Lexicon, tables: Tables, *, has_names: bool
) -> tuple[Pattern, ...] | None:
    """Return patterns of which a text with the tag has one; None for a tag that is derived from others.

    An act of a frame has one of the frame's objects. With `has_names` the names of watch lists are found by
    an index, too.
    """
    if tag.startswith(_FRAME):
        return _of_objects(tables.objects_of(tag.removeprefix(_FRAME)), lexicon)
    if tag in lexicon.concepts:
        return tuple(lexicon.concepts[tag])
    entry = lexicon.entries.get(tag)
    if entry is None or (entry.kind == "watch" and has_names):
        return None
    return (*entry.patterns, *entry.ambiguous)


def _of_objects(objects: Iterable[str], lexicon: Lexicon) -> tuple[Pattern, ...] | None:
    """Return the patterns of all these classes of objects; None if one is no concept, as arms are."""
    names = [f"{OBJECT}{each}" for each in objects]
    if not names or any(name in _RECOGNISED or name not in lexicon.concepts for name in names):
        return None
    return tuple(pattern for name in names for pattern in lexicon.concepts[name])


#: Objects that weapons, units, makers and sums of money are as well, which no pattern of a concept finds.
_RECOGNISED = frozenset({f"{OBJECT}arms", f"{OBJECT}maker", f"{OBJECT}funding", f"{OBJECT}aid"})
