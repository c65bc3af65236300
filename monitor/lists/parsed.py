"""Parties as they were read, one line each: a large list is parsed once, and then taken from here.

`STAMP` is made from the code that reads; another version of the program reads the documents anew.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from monitor import text
from monitor.model import Entity, EntityKind, Name, Strength, entities

_KINDS, _STRENGTHS = tuple(EntityKind), tuple(Strength)
_CODE = (*sorted(Path(__file__).parent.glob("*.py")), Path(text.__file__), Path(entities.__file__))

STAMP = hashlib.sha256(b"\0".join(path.read_bytes() for path in _CODE)).hexdigest()[:10]


def line_of(entity: Entity) -> str:
    """Return a party as one line of JSON, without the name of its list."""
    names = [[name.text, _STRENGTHS.index(name.strength), name.lang] for name in entity.names]
    day = entity.listed_on.isoformat() if entity.listed_on else ""
    row = [entity.id, _KINDS.index(entity.kind), names, entity.countries, entity.programmes, day]
    return json.dumps(row, ensure_ascii=False)


def parties(path: Path, list: str) -> Iterator[Entity]:
    """Yield the parties of a file of such lines, as those of the list of this name."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            id, kind, names, countries, programmes, day = json.loads(line)
            yield Entity(
                id,
                list,
                _KINDS[kind],
                tuple(Name(text, _STRENGTHS[strength], lang) for text, strength, lang in names),
                tuple(countries),
                tuple(programmes),
                date.fromisoformat(day) if day else None,
            )
