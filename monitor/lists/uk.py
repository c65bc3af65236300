"""The UK Sanctions List as CSV: one row for each name, address and passport of a party."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, normalize_space, parse_date, split_cell
from .countries import codes_of
from .identifiers import collect_identifiers
from .names import collect_names, guess_strength
from .tables import Row, group_rows, read_table, text_lines

_NUMBERED = re.compile(r"\(\d+\)")
_PARTS = tuple(f"name {number}" for number in (1, 2, 3, 4, 5, 6))
_QUALITY = {
    "good quality": Strength.ALIAS,
    "strong": Strength.ALIAS,
    "good": Strength.ALIAS,
    "low quality": Strength.WEAK,
    "weak": Strength.WEAK,
    "low": Strength.WEAK,
}
_PRIMARY = frozenset({"primary name", "prime alias"})
_WHOLE = ("name non-latin script", "non-latin script language")
#: Columns of numbers in either list; a list has the columns of its own kind.
_NUMBERS = (
    "passport number",
    "national identifier number",
    "national identification number",
    "business registration number (s)",
    "business registration number",
    "imo number",
    "ofsi group id",
    "un reference number",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a list of this family; of several for one thing only the first is needed."""

    id: str
    type: tuple[str, ...]
    name_type: str
    strength: str
    regime: str
    listed: tuple[str, ...]
    countries: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are used."""
        others = (*self.type, self.name_type, self.strength, self.regime, *self.listed, *self.countries)
        return (*_PARTS, *_WHOLE, *others, *_NUMBERS)


LIST = Layout(
    id="unique id",
    type=("designation type", "individual, entity, ship"),
    name_type="name type",
    strength="alias strength",
    regime="regime name",
    listed=("date designated",),
    countries=("nationality(/ies)", "address country", "current believed flag of ship"),
)


def read_uk(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per unique ID (``RUS0251``), in the order in which they first appear.

    Where the alias strength is blank, as it mostly is, short single words are weak.

    Raises:
        ListError: a needed column is missing, or a row is cut off.

    Source: gov.uk, "UK Sanctions List", CSV of 58 columns.
    """
    yield from parties(stream, name, LIST)


def parties(stream: BinaryIO, name: str, layout: Layout) -> Iterator[Entity]:
    """Yield the entities of a list of this family.

    Raises:
        ListError: a needed column is missing, or a row is cut off.
    """
    needed = (layout.id, "name 6", "name 1", layout.name_type)
    found = read_table(text_lines(stream, name), name, needed)
    for id, rows in group_rows(found, lambda row: normalize_space(row[layout.id]), layout.columns):
        kind = kind_of(_first(rows, layout.type))
        yield Entity(
            id=id,
            list=name,
            kind=kind,
            names=collect_names(_names(rows, layout, kind), kind),
            countries=codes_of(
                *(each for row in rows for column in layout.countries for each in _places(row[column]))
            ),
            programmes=tuple(
                dict.fromkeys(filter(None, (normalize_space(row[layout.regime]) for row in rows)))
            ),
            listed_on=parse_date(_first(rows, layout.listed), "%d/%m/%Y"),
            identifiers=collect_identifiers(
                (column, each) for row in rows for column in _NUMBERS for each in _places(row[column])
            ),
        )


def _places(cell: str) -> tuple[str, ...]:
    """Return the countries of a cell: one, or several as ``(1) Iran (2) Iraq``."""
    return split_cell(_NUMBERED.sub(";", cell))


def _first(rows: list[Row], columns: tuple[str, ...]) -> str:
    return next((text for row in rows for column in columns if (text := normalize_space(row[column]))), "")


def _names(rows: list[Row], layout: Layout, kind: EntityKind) -> Iterator[Name]:
    for row in rows:
        text = normalize_space(" ".join(row[part] for part in _PARTS))
        primary = normalize_space(row[layout.name_type]).lower() in _PRIMARY
        said = _QUALITY.get(normalize_space(row[layout.strength]).lower())
        yield Name(text, Strength.PRIMARY if primary else said or guess_strength(text, kind))
        whole = normalize_space(row[_WHOLE[0]])
        yield Name(whole, guess_strength(whole, kind), normalize_space(row[_WHOLE[1]]).lower())
