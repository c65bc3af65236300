"""OpenSanctions' ``targets.simple.csv``; data under CC BY-NC 4.0, or a licence of your own."""

from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, Name, Strength

from .base import kind_of, normalize_space, split_cell
from .countries import codes_of
from .identifiers import collect_identifiers
from .names import collect_names, guess_strength
from .tables import read_table, text_lines

_NEEDED = ("id", "schema", "name", "aliases", "countries", "dataset")


def read_opensanctions(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per row.

    This table does not mark weak aliases, so `guess_strength` does; the FollowTheMoney file marks them.

    Raises:
        ListError: a needed column is missing, or a row is cut off.
    """
    for row in read_table(text_lines(stream, name), name, _NEEDED):
        kind = kind_of(row["schema"])
        aliases = (Name(alias, guess_strength(alias, kind)) for alias in split_cell(row["aliases"]))
        yield Entity(
            id=normalize_space(row["id"]),
            list=name,
            kind=kind,
            names=collect_names((Name(row["name"], Strength.PRIMARY), *aliases), kind),
            countries=codes_of(*split_cell(row["countries"])),
            programmes=split_cell(row.get("program_ids")) or split_cell(row["dataset"]),
            identifiers=collect_identifiers(("", each) for each in split_cell(row.get("identifiers"))),
        )
