"""Store parsed entities as JSON lines, so that a large list is parsed only once.

`STAMP` is a hash of the code that parses; another version of the program parses the documents again.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from monitor import text
from monitor.model import Entity, EntityKind, Identifier, Name, Strength, entities

_KINDS, _STRENGTHS = tuple(EntityKind), tuple(Strength)
_CODE = (
    *sorted(Path(__file__).parent.glob("*.py")),
    *sorted(Path(text.__file__).parent.glob("*.py")),
    Path(entities.__file__),
)

STAMP = hashlib.sha256(b"\0".join(path.read_bytes() for path in _CODE)).hexdigest()[:10]


def to_line(entity: Entity) -> str:
    """Return an entity as one line of JSON, without the name of its list."""
    names = [[name.text, _STRENGTHS.index(name.strength), name.lang] for name in entity.names]
    days = [day.isoformat() if day else "" for day in (entity.listed_on, entity.ends_on)]
    numbers = [[each.number, each.kind] for each in entity.identifiers]
    row = [entity.id, _KINDS.index(entity.kind), names, entity.countries, entity.programmes, *days, numbers]
    return json.dumps(row, ensure_ascii=False)


def read_parties(path: Path, list: str) -> Iterator[Entity]:
    """Yield the entities of a file of lines that `to_line` wrote; `list` is the name of their list."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            id, kind, names, countries, programmes, listed_on, ends_on, numbers = json.loads(line)
            yield Entity(
                id=id,
                list=list,
                kind=_KINDS[kind],
                names=tuple(Name(text, _STRENGTHS[strength], lang) for text, strength, lang in names),
                countries=tuple(countries),
                programmes=tuple(programmes),
                listed_on=date.fromisoformat(listed_on) if listed_on else None,
                ends_on=date.fromisoformat(ends_on) if ends_on else None,
                identifiers=tuple(Identifier(number, kind) for number, kind in numbers),
            )
