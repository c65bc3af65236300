"""OpenSanctions' ``targets.simple.csv``; data under CC BY-NC 4.0, or a licence of your own."""

from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, Name, Strength

from .base import by_look, gather, kind_of, several, tidy
from .countries import codes_of
from .tables import lines, table

_NEEDED = ("id", "schema", "name", "aliases", "countries", "dataset")


def read_opensanctions(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per row.

    Weak aliases stand among the others here and are known by their look; the FollowTheMoney file tells them.

    Raises:
        ListError: a needed column is missing, or a row is cut off.
    """
    for row in table(lines(stream), name, _NEEDED):
        kind = kind_of(row["schema"])
        aliases = (Name(alias, by_look(alias, kind)) for alias in several(row["aliases"]))
        yield Entity(
            tidy(row["id"]),
            name,
            kind,
            gather((Name(row["name"], Strength.PRIMARY), *aliases), kind),
            codes_of(*several(row["countries"])),
            several(row.get("program_ids")) or several(row["dataset"]),
        )
