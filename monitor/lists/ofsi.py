"""OFSI's consolidated list (ConList) as CSV, published until January 2026: for archives."""

from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity

from .uk import Layout, parties

_CONLIST = Layout(
    id="group id",
    type=("group type",),
    name_type="alias type",
    strength="alias quality",
    regime="regime",
    listed=("uk sanctions list date designated", "listed on"),
    countries=("nationality", "country"),
)


def read_ofsi(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per group ID, in the order in which they first appear.

    The layout of 2022, with original scripts and alias qualities, and the one before it are both read.

    Raises:
        ListError: a needed column is missing, or a row is cut off.
    """
    yield from parties(stream, name, _CONLIST)
