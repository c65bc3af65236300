"""Build the index of names: collect names as rows of word ids, sort them, lay them out level by level."""

import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from struct import Struct
from typing import NamedTuple

from monitor.model import Entity, EntityKind, Name, Strength
from monitor.text import compiled

from .forms import LONGEST, PATRONYMICS, NameForm, name_forms
from .grading import COMMON, IDEOGRAPH, UNKNOWN, Grader, Reason, WordStatistics
from .index import WIDE, Party, packed

#: Prefix of the names of the operator's own lists: ``watch:suppliers``.
WATCH = "watch:"

#: A word in more names than this, or than this share of all, does not identify anybody.
SHARED = 60
SHARED_PART = 0.000_3

_WORD = Struct(">I")
_ROW = Struct(">II")


#: Flags of a row, needed when names are graded.
WEAK, CUT, WATCHED, UPPER = 1, 2, 4, 8


def _numbers(*values: int) -> "array[int]":
    return array(WIDE, values)


@dataclass(slots=True)
class _Rows:
    """Every form of every name as bytes of word ids; `owners` and `flags` are in the order of adding."""

    ids: dict[str, int] = field(default_factory=dict)
    rows: list[bytes] = field(default_factory=list)
    owners: "array[int]" = field(default_factory=_numbers)
    flags: bytearray = field(default_factory=bytearray)

    def add(self, form: Sequence[str], owner: int, flags: int) -> None:
        ids = self.ids
        key = b"".join([_WORD.pack(ids.setdefault(word, len(ids) + 1)) for word in form])
        self.rows.append(key + _ROW.pack(0, len(self.flags)))
        self.owners.append(owner)
        self.flags.append(flags)

    def by_name(self) -> Iterator[tuple[tuple[int, ...], list[int]]]:
        """Yield the word ids of each distinct form, sorted, with the numbers of its rows."""
        for key, rows in groupby(self.rows, key=lambda row: row[: -_ROW.size]):
            yield _ids(key), [_ROW.unpack(row[-_ROW.size :])[1] for row in rows]


def _ids(key: bytes) -> tuple[int, ...]:
    numbers = array(WIDE, key)
    if sys.byteorder == "little":
        numbers.byteswap()
    return tuple(numbers)


@dataclass(slots=True)
class _Level:
    """The nodes at one depth: the word leading to each, its first child, the name that ends there."""

    labels: "array[int]" = field(default_factory=_numbers)
    firsts: "array[int]" = field(default_factory=_numbers)
    names: "array[int]" = field(default_factory=_numbers)


@dataclass(slots=True)
class _Trie:
    """Adds names in sorted order and lays them out as arrays."""

    levels: list[_Level] = field(default_factory=lambda: [_Level(), _Level()])
    last: tuple[int, ...] = ()

    def add(self, ids: tuple[int, ...], name: int) -> None:
        levels, last, same = self.levels, self.last, 0
        while same < len(last) and ids[same] == last[same]:  # sorted, so a later name is never a prefix
            same += 1
        for depth in range(same, len(ids)):
            if len(levels) == depth + 1:
                levels.append(_Level())
            level = levels[depth]
            level.labels.append(ids[depth])
            level.firsts.append(len(levels[depth + 1].labels))
            level.names.append(0)
        levels[len(ids) - 1].names[-1] = name
        self.last = ids

    def sections(self, words: int) -> Iterator[tuple[str, bytes]]:
        """Yield the arrays of the trie; node 0 is the root, followed by the nodes of the first level."""
        begins = list(accumulate((len(level.labels) for level in self.levels), initial=1))
        labels, names, firsts = _numbers(0), _numbers(0), _numbers(1)
        for level, begin in zip(self.levels, begins[1:], strict=True):
            labels += level.labels
            names += level.names
            firsts += _numbers(*(begin + first for first in level.firsts))
        firsts.append(begins[-1])
        roots = _numbers(*bytes(words + 1))
        for node, word in enumerate(self.levels[0].labels, 1):
            roots[word] = node
        yield from (("labels", labels.tobytes()), ("names", names.tobytes()), ("firsts", firsts.tobytes()))
        yield "roots", roots.tobytes()


class _Pure(NamedTuple):
    """What the compiled build uses of the pure functions."""

    name_forms: Callable[[str, EntityKind, WordStatistics], Iterator[NameForm]] = name_forms
    is_ideograph: Callable[[str], object] = IDEOGRAPH.match
    person: EntityKind = EntityKind.PERSON
    vessel: EntityKind = EntityKind.VESSEL
    weak: Strength = Strength.WEAK
    watch: str = WATCH
    patronymics: Sequence[str] = PATRONYMICS
    longest: int = LONGEST
    shared: int = SHARED
    shared_part: float = SHARED_PART
    unknown: int = UNKNOWN
    common: int = COMMON


_compiled = compiled.module("building")


def build(entities: Iterable[Entity], statistics: WordStatistics) -> dict[str, bytes]:
    """Return the sections of an index of all names of these entities."""
    if _compiled is None:
        return build_pure(entities, statistics)
    sections: dict[str, bytes] = _compiled.build(entities, statistics, _Pure())
    return sections


def build_pure(entities: Iterable[Entity], statistics: WordStatistics) -> dict[str, bytes]:
    """Return the same without the compiled build."""
    rows = _Rows()
    parties, party_ends = bytearray(), _numbers(0)
    for number, entity in enumerate(entities):
        parties += packed(_party(entity))
        party_ends.append(len(parties))
        for form, flags in _forms(entity, statistics):
            rows.add(form, number, flags)
    rows.rows.sort()
    sections = {"parties": bytes(parties), "party_ends": party_ends.tobytes()}
    return sections | dict(_vocabulary(rows.ids)) | _names(rows, statistics)


def _party(entity: Entity) -> Party:
    return Party(entity.list, entity.id, entity.kind, entity.name, entity.countries, entity.programmes)


def _forms(entity: Entity, statistics: WordStatistics) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield each form of each name of an entity once, with the flags of the first."""
    watched = WATCHED if entity.list.startswith(WATCH) else 0
    found: dict[tuple[str, ...], int] = {}
    for name in entity.names:
        flags = watched | _flags(name)
        for form, cut in name_forms(name.text, entity.kind, statistics):
            found.setdefault(form, flags | (CUT if cut else 0))
    yield from found.items()


def _flags(name: Name) -> int:
    weak = WEAK if name.strength is Strength.WEAK else 0
    return weak | (UPPER if name.text.isupper() else 0)


def _names(rows: _Rows, statistics: WordStatistics) -> dict[str, bytes]:
    grader, spelt = Grader(statistics, _shared(rows)), ["", *rows.ids]
    trie, reasons, owners, ends = _Trie(), bytearray(b"\0"), _numbers(), _numbers(0)
    for ids, numbers in rows.by_name():
        form = tuple([spelt[id] for id in ids])
        mine = [(_reason(grader, form, rows.flags[n]), rows.owners[n]) for n in numbers]
        best = max(mine)[0]
        if len(mine) > 1:
            mine = [(reason, owner) for reason, owner in mine if reason.grade == best.grade]
        trie.add(ids, len(reasons))
        reasons.append(best)
        owners.extend(dict.fromkeys([owner for _, owner in mine]))
        ends.append(len(owners))
    sections = {"reasons": bytes(reasons), "owners": owners.tobytes(), "owner_ends": ends.tobytes()}
    return sections | dict(trie.sections(len(rows.ids)))


def _shared(rows: _Rows) -> frozenset[str]:
    """Return the words that very many names contain."""
    counts, names = Counter[int](), 0
    for ids, _ in rows.by_name():
        counts.update(ids)
        names += 1
    least = max(SHARED, names * SHARED_PART)
    spelt = ["", *rows.ids]
    return frozenset(spelt[id] for id, count in counts.items() if count > least)


def _reason(grader: Grader, form: tuple[str, ...], flags: int) -> Reason:
    if flags & WATCHED:
        return Reason.WATCHED
    reason = grader.reason(form, bool(flags & UPPER), bool(flags & WEAK))
    return min(reason, Reason.CUT) if flags & CUT else reason


def _vocabulary(ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the words, concatenated, and a hash table of their ids by CRC-32, at most half full."""
    words = [word.encode("utf-8", "replace") for word in ids]
    yield "words", b"".join(words)
    yield "word_ends", _numbers(0, *accumulate(map(len, words))).tobytes()
    size = 1 << (2 * len(words)).bit_length()
    slots = _numbers(*bytes(size))
    for id, word in enumerate(words, 1):
        at = zlib.crc32(word) & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at] = id
    yield "slots", slots.tobytes()
