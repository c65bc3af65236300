"""FollowTheMoney entities, one JSON object a line (``entities.ftm.json``), as of OpenSanctions."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from monitor.model import Entity, Name, Strength

from .base import ENTITY_KINDS, kind_of, list_error
from .countries import codes_of
from .identifiers import collect_identifiers
from .names import collect_names

_ALIASES = ("name", "alias", "previousName")
_WEAK = ("weakAlias", "abbreviation")
_COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "flag")
_NUMBERS = (
    "passportNumber",
    "idNumber",
    "registrationNumber",
    "taxNumber",
    "innCode",
    "ogrnCode",
    "leiCode",
    "swiftBic",
    "imoNumber",
    "mmsi",
    "callSign",
)
_LONGEST = 20_000_000


def read_ftm(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per target that is a person, organisation, vessel or aircraft, in constant memory.

    `Entity.name` is the caption; weak aliases and abbreviations are weak.

    Raises:
        ListError: a line is no FollowTheMoney object, or the file is empty.

    Source: followthemoney.tech, schemata and the entity stream format.
    """
    number = 0
    for number, line in enumerate(iter(lambda: stream.readline(_LONGEST), b""), 1):
        data = _object(line, number, name) if line.strip() else {}
        if data.get("target", True) and _is_party(data):
            yield _entity(data, name)
    if not number:
        raise list_error(name, "is empty")


def _object(line: bytes, number: int, name: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise list_error(name, f"line {number} is no JSON: {error}") from error
    if not (isinstance(data, dict) and {"id", "schema", "properties"} <= data.keys()):
        raise list_error(
            name, f"line {number} is no FollowTheMoney entity: it lacks id, schema or properties"
        )
    return data


def _is_party(data: dict[str, Any]) -> bool:
    return str(data.get("schema")).lower() in ENTITY_KINDS


def _entity(data: dict[str, Any], name: str) -> Entity:
    said = data["properties"] if isinstance(data["properties"], dict) else {}
    kind = kind_of(str(data["schema"]))
    names = (
        Name(str(data.get("caption", "")), Strength.PRIMARY),
        *(Name(each) for key in _ALIASES for each in _texts(said, key)),
        *(Name(each, Strength.WEAK) for key in _WEAK for each in _texts(said, key)),
    )
    programmes = _texts(said, "programId") or _texts(data, "datasets")
    countries = codes_of(*(each for key in _COUNTRIES for each in _texts(said, key)))
    return Entity(
        id=str(data["id"]),
        list=name,
        kind=kind,
        names=collect_names(names, kind),
        countries=countries,
        programmes=programmes,
        identifiers=collect_identifiers((key, each) for key in _NUMBERS for each in _texts(said, key)),
    )


def _texts(said: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = said.get(key, ())
    return tuple(value for value in found if isinstance(value, str)) if isinstance(found, list) else ()
