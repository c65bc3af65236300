"""OFAC's SDN and consolidated lists as CSV: four files without headers that belong together."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, list_error, normalize_space
from .countries import codes_of
from .identifiers import collect_identifiers
from .names import collect_names, given_name_first
from .tables import rows, text_lines

_PARTIES, _ALIASES, _ADDRESSES, _COMMENTS = 12, 5, 6, 2
_WHAT = {_PARTIES: "sdn.csv", _ALIASES: "alt.csv", _ADDRESSES: "add.csv", _COMMENTS: "sdn_comments.csv"}

_NATIONAL = re.compile(r"(?:nationality|citizen) ([^;.]+)")
_WEAK = re.compile(r"[af]\.k\.a\. '(.+?)'(?=\s*(?:[;.(]|$))")
#: ``Passport D9004878 (Iran)``, ``alt. Tax ID No. 7704``, ``Identification IMO 9187629``: kind and number.
_NUMBERED = re.compile(
    r"(?:^|;\s*)(?:alt\. )?((?:[A-Z][\w./' -]{0,60}?)?(?:Passport|No\.|Number|ID|IMO|MMSI|Card|Code|BIC))"
    r"\s#?([A-Z0-9][\w./-]{2,39})(?=\s*(?:[;.(]|$|issued|expires))"
)

_Rows = dict[str, list[list[str]]]


def read_ofac(documents: Sequence[BinaryIO], name: str) -> Iterator[Entity]:
    """Yield one entity per row of ``sdn.csv`` or ``cons_prim.csv``, in file order.

    The other documents, in any order and known by their columns, add what they have: ``alt.csv`` aliases,
    ``add.csv`` countries, ``sdn_comments.csv`` the ends of long remarks. Remarks name nationalities and, in
    single quotes, the weak aliases. `Entity.id` is OFAC's own number.

    Raises:
        ListError: no party file among them, or a row that is cut off.

    Source: OFAC, SDN data specification; ``-0-`` stands for nothing, 0x1A may end a file.
    """
    parties: list[Iterator[list[str]]] = []
    more: dict[int, _Rows] = {width: {} for width in _WHAT}
    for document in documents:
        width, found = _numbered(document, name)
        if width == _PARTIES:
            parties.append(found)
            continue
        for row in found:
            more[width].setdefault(row[0], []).append(row)
    if not parties:
        raise list_error(name, "no document among these is OFAC's sdn.csv or cons_prim.csv, of 12 columns")
    yield from (_party(row, more, name) for row in chain.from_iterable(parties))


def _numbered(document: BinaryIO, name: str) -> tuple[int, Iterator[list[str]]]:
    """Return how many columns a file has, and its rows; a first row without a number is a header."""
    found = rows(text_lines(document, name), name)
    first = next(found, (0, []))
    width = len(first[1])
    if width not in _WHAT:
        what = "is empty" if not width else f"begins with a row of {width} columns"
        raise list_error(name, f"a document {what}; OFAC's have 12, 5, 6 or 2")
    kept = chain([first], found) if first[1][0].strip().isdecimal() else found
    return width, _checked(kept, width, name)


def _checked(found: Iterator[tuple[int, list[str]]], width: int, name: str) -> Iterator[list[str]]:
    for line, row in found:
        if len(row) != width or not row[0].strip().isdecimal():
            raise list_error(
                name, f"line {line} of {_WHAT[width]} is no row of {width} columns: {row[0][:40]!r}"
            )
        yield ["" if cell.strip() == "-0-" else normalize_space(cell) for cell in row]


def _party(row: list[str], more: dict[int, _Rows], name: str) -> Entity:
    number, main, type_, programmes = row[:4]
    kind = kind_of(type_) if type_ else EntityKind.ORGANISATION
    mine = {width: found.get(number, []) for width, found in more.items()}
    remarks = row[11] + "".join(comment[1] for comment in mine[_COMMENTS])
    said = given_name_first if kind is EntityKind.PERSON else normalize_space
    names = (
        Name(said(main), Strength.PRIMARY),
        *(Name(said(alias[3])) for alias in mine[_ALIASES]),
        *(Name(said(weak), Strength.WEAK) for weak in _WEAK.findall(remarks)),
    )
    countries = (row[9], *_NATIONAL.findall(remarks), *(address[4] for address in mine[_ADDRESSES]))
    return Entity(
        id=number,
        list=name,
        kind=kind,
        names=collect_names(names, kind),
        countries=codes_of(*countries),
        programmes=tuple(filter(None, map(normalize_space, programmes.split("] [")))),
        identifiers=collect_identifiers(_NUMBERED.findall(remarks)),
    )
