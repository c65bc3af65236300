"""Sanctions and watch lists, one file per format; the last good copy of each stays on the shelf.

To add a format:

1. write `read_<format>(stream, name) -> Iterator[Entity]` in a file of its own: one entity per entry, with
   the list's own id, names made by `base.gather`, countries by `countries.codes_of`; raise `ListError` by
   `base.broken` as soon as the bytes are not what they claim. XML is read by `elements.records`, tables by
   `tables.table`: they bound and distrust what they read;
2. name it in `FORMATS`, within `each` unless its documents belong together;
3. put a small sample of its true shape, with invented parties, under ``tests/lists/data/`` and what it holds
   into ``tests/lists/test_formats.py``.

To add a list of a known format: a table in ``seeds/lists.toml``, with its authority, licence and least size.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from monitor.model import Entity

from .au import read_au
from .base import Reader, each, unique
from .ca import read_ca
from .ch_seco import read_ch_seco
from .eu_fsf import read_eu_fsf
from .ftm import read_ftm
from .ofac import read_ofac
from .ofac_xml import read_ofac_xml
from .ofsi import read_ofsi
from .opensanctions import read_opensanctions
from .plain import read_plain
from .uk import read_uk
from .un import read_un
from .us_csl import read_us_csl

__all__ = ["FORMATS", "Reader", "read"]

FORMATS: dict[str, Reader] = {
    "ofac": read_ofac,
    "ofac-xml": each(read_ofac_xml),
    "us-csl": each(read_us_csl),
    "un": each(read_un),
    "eu-fsf": each(read_eu_fsf),
    "uk": each(read_uk),
    "ofsi": each(read_ofsi),
    "ca": each(read_ca),
    "au": each(read_au),
    "ch-seco": each(read_ch_seco),
    "opensanctions": each(read_opensanctions),
    "ftm": each(read_ftm),
    "plain": each(read_plain),
}


def read(format: str, documents: Sequence[BinaryIO], name: str) -> Iterator[Entity]:
    """Yield the parties of a list, with ids that are unique within it; those without a name are left out.

    Raises:
        ListError: the documents are not of this format.
    """
    yield from unique(entity for entity in FORMATS[format](documents, name) if entity.names)
