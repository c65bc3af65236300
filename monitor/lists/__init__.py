"""Parse sanctions lists and watch lists, keep the last good copy of each, and compare copies.

- one module per format: `au`, `ca`, `ch_seco`, `eu_fsf`, `ftm`, `ofac`, `ofac_xml`, `ofsi`, `opensanctions`,
  `plain`, `uk`, `un`, `us_csl`
- shared by the formats: `base`, `countries`; `elements` (XML), `tables` and `content` (text), and `sheet`
  (workbooks) limit what hostile input can cost
- `names`: names as people write them, by `wording` (labels, remarks), `commas` and `scripts`
- `cache`: the last good copy of each list on disk; `records`: its state; `parsed`: its entities, parsed once
- `sanity`: whether a new copy may replace the last one
- `diff`: what changed between two copies; `change_feed`: the changes as a feed
- `find`: look a name up

To add a list format:

1. Write `read_<format>(stream, name) -> Iterator[Entity]` in a module of its own. Yield one entity per entry,
   with the id that the list gives, names from `names.collect_names` and countries from `countries.codes_of`.
   Raise `base.list_error` as soon as the bytes are not of the format.
2. Add a row to `FORMATS` of ``formats.py``, `joined` if the documents of a list belong together.
3. Add a small sample with the real layout and invented entities to ``tests/lists/data/``, and its expected
   entities to ``tests/lists/test_formats.py``.

To add a list of a known format, add a table to ``seeds/lists.toml``: authority, licence, least size.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import BinaryIO

from monitor.model import Entity

from .base import in_force, with_unique_ids
from .formats import FORMATS

__all__ = ["FORMATS", "ignored_columns", "parse_list"]


def parse_list(
    format: str, documents: Sequence[BinaryIO], name: str, today: date | None = None
) -> Iterator[Entity]:
    """Yield the entities of a list, with unique ids; those without a name are left out.

    With `today`, so are those that have ended before it.

    Raises:
        ListError: the documents are not of this format.
    """
    named = (entity for entity in FORMATS[format].parser()(documents, name) if entity.names)
    for entity in with_unique_ids(named):
        if today is None or in_force(entity, today):
            yield entity


def ignored_columns(format: str, documents: Sequence[BinaryIO], name: str) -> tuple[str, ...]:
    """Return the columns of a plain table that are not understood; none for other formats."""
    if format != "plain":
        return ()
    from . import plain  # noqa: PLC0415  see `formats`

    return tuple(dict.fromkeys(chain(*(plain.ignored_columns(document, name) for document in documents))))
