"""Hold a million names in a few flat arrays: a trie over word ids, laid out alike in memory and in its file.

Nodes are numbered level by level, so the children of a node are adjacent and sorted, and edge n leads to node
n: following a word is a bisection. Spotting uses only `token` and `find`; a faster index must provide both.
"""

import json
import sys
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

from monitor.errors import MonitorError
from monitor.text.lookalikes import lookalikes

from .grading import Reason

MAGIC = b"monitor names 1\n"
SEPARATOR = "\x1f"
WIDE: Literal["I"] = "I"

#: The sections of a file in order: arrays of 32-bit numbers, except `reasons` (8-bit) and the texts.
SECTIONS = (
    "slots", "word_ends", "words", "roots", "firsts", "labels", "names",
    "reasons", "owner_ends", "owners", "party_ends", "parties",
)  # fmt: skip
BYTES = frozenset({"words", "reasons", "parties"})


class BrokenIndex(MonitorError):
    """An index file is damaged or was made by another version; rebuild it."""


class Party(NamedTuple):
    """An entity to which a name belongs."""

    list: str
    id: str
    kind: str
    name: str
    countries: tuple[str, ...]
    programmes: tuple[str, ...]


def packed(party: Party) -> bytes:
    """Return an entity as the bytes that the index stores."""
    fields = (*party[:4], "\x1e".join(party.countries), "\x1e".join(party.programmes))
    return SEPARATOR.join(fields).encode("utf-8", "replace")


def unpacked(data: bytes) -> Party:
    """Return the entity stored in these bytes."""
    list, id, kind, name, countries, programmes = data.decode("utf-8").split(SEPARATOR)
    return Party(list, id, kind, name, _split(countries), _split(programmes))


def _split(joined: str) -> tuple[str, ...]:
    return tuple(joined.split("\x1e")) if joined else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIndex:
    """Finds names in a text given as word ids. `version` identifies the lists and word statistics used.

    The children of node n are nodes `firsts[n]` to `firsts[n + 1]`, reached by the words `labels[…]`; `roots`
    maps a word to its first node, `names` a node to the name that ends there; 0 means none.
    """

    version: str
    slots: Sequence[int]
    word_ends: Sequence[int]
    words: memoryview
    roots: Sequence[int]
    firsts: Sequence[int]
    labels: Sequence[int]
    names: Sequence[int]
    reasons: Sequence[int]
    owner_ends: Sequence[int]
    owners: Sequence[int]
    party_ends: Sequence[int]
    parties: memoryview

    def __len__(self) -> int:
        """Return how many different names there are."""
        return len(self.reasons) - 1

    def token(self, word: str) -> int:
        """Return the id of a folded word; 0 if no name contains it."""
        data, mask = word.encode("utf-8", "replace"), len(self.slots) - 1
        at = zlib.crc32(data) & mask
        while id := self.slots[at]:
            if self.words[self.word_ends[id - 1] : self.word_ends[id]] == data:
                return id
            at = (at + 1) & mask
        return 0

    def token_of(self, word: str) -> int:
        """Return the id of a folded word or of one that it looks like; 0 if no name contains any."""
        found = map(self.token, (word, *lookalikes(word)))
        return next(filter(None, found), 0)

    def find(self, tokens: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Yield (start, stop, name) of every name in a text, in reading order; the shorter of two first.

        Names that overlap are all yielded.
        """
        roots, firsts, labels, names, length = self.roots, self.firsts, self.labels, self.names, len(tokens)
        for start, token in enumerate(tokens):
            node, stop = roots[token], start + 1
            while node:
                if name := names[node]:
                    yield start, stop, name
                low, high = firsts[node], firsts[node + 1]
                if low == high or stop == length:
                    break
                node = bisect_left(labels, tokens[stop], low, high)
                if node == high or labels[node] != tokens[stop]:
                    break
                stop += 1

    def reason(self, name: int) -> Reason:
        """Return the reason for the grade of a name."""
        return Reason(self.reasons[name])

    def parties_of(self, name: int, most: int) -> tuple[Party, ...]:
        """Return the entities to which a name belongs, at most `most`."""
        low, high = self.owner_ends[name - 1], self.owner_ends[name]
        return tuple(self._party(self.owners[at]) for at in range(low, min(high, low + most)))

    def count(self, name: int) -> int:
        """Return the number of entities to which a name belongs."""
        return self.owner_ends[name] - self.owner_ends[name - 1]

    def _party(self, number: int) -> Party:
        return unpacked(bytes(self.parties[self.party_ends[number] : self.party_ends[number + 1]]))

    @property
    def size(self) -> int:
        """Its size in bytes, in memory and in a file."""
        return sum(memoryview(getattr(self, section)).nbytes for section in SECTIONS)


def to_bytes(version: str, sections: Mapping[str, bytes]) -> Iterator[bytes]:
    """Yield the bytes of an index file: magic, a JSON header with lengths and checksum, the sections."""
    parts = [_padded(sections[name]) for name in SECTIONS]
    check = 0
    for part in parts:
        check = zlib.crc32(part, check)
    head = {
        "version": version,
        "order": sys.byteorder,
        "check": check,
        "lengths": [len(sections[name]) for name in SECTIONS],
    }
    header = json.dumps(head).encode()
    yield MAGIC
    yield header + b" " * (-(len(MAGIC) + len(header) + 1) % 8) + b"\n"
    yield from parts


def from_buffer(data: memoryview) -> NameIndex:
    """Return the index in a file; its arrays are views of `data`, not copies.

    Raises:
        BrokenIndex: not an index file, from another kind of machine, truncated or damaged.
    """
    head, start = _head(data)
    ends = list(accumulate((length + -length % 8 for length in head.lengths), initial=start))
    if ends[-1] != len(data) or zlib.crc32(data[start:]) != head.check:
        raise BrokenIndex("it is damaged or cut off")
    try:
        parts = {
            name: part if name in BYTES else part.cast(WIDE)
            for name, at, length in zip(SECTIONS, ends, head.lengths, strict=False)
            for part in (data[at : at + length],)
        }
    except TypeError as error:
        raise BrokenIndex("its head names lengths that no section has") from error
    return NameIndex(version=head.version, **parts)


class _Head(NamedTuple):
    version: str
    order: str
    check: int
    lengths: list[int]


def _head(data: memoryview) -> tuple[_Head, int]:
    begin = bytes(data[:4096])
    end = begin.find(b"\n", len(MAGIC))
    if not begin.startswith(MAGIC) or end < 0:
        raise BrokenIndex("it is no file of names of this version")
    try:
        head = _Head(**json.loads(begin[len(MAGIC) : end]))
    except (ValueError, TypeError) as error:
        raise BrokenIndex("its head cannot be read") from error
    if not isinstance(head.lengths, list) or not all(type(n) is int and n >= 0 for n in head.lengths):
        raise BrokenIndex("its head cannot be read")
    if head.order != sys.byteorder or len(head.lengths) != len(SECTIONS):
        raise BrokenIndex("it was made on another kind of machine")
    return head, end + 1


def _padded(part: bytes) -> bytes:
    return part + b"\0" * (-len(part) % 8)
