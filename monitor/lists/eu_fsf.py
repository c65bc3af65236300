"""The EU's consolidated list of financial sanctions, XML: the schema in force and the one before 2018."""

from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, normalize_space, parse_date
from .countries import codes_of
from .elements import Element, records, text, texts
from .identifiers import collect_identifiers
from .names import collect_names

_OLD_KINDS = {"P": EntityKind.PERSON, "E": EntityKind.ORGANISATION}
_NO_COUNTRY = "00"


def read_eu_fsf(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per `sanctionEntity`, in file order and constant memory.

    `Entity.id` is the EU reference (``EU.42.99``); names whose `strong` is ``false`` are weak. A document of
    the old schema (root `WHOLE`) is read too, with the number of its `ENTITY` as id.

    Raises:
        ListError: not well-formed, or the root is neither the FSF `export` nor `WHOLE`.

    Source: EU Financial Sanctions Files, schema 1.1 (namespace …/fpi/fsd/export).
    """
    start = stream.read(1 << 12)
    stream.seek(0)
    if b"<WHOLE" in start:
        entries = records(stream, name, "WHOLE", frozenset({"ENTITY"}))
        yield from (_old(entry, name) for entry in entries)
    else:
        entries = records(stream, name, "export", frozenset({"sanctionEntity"}))
        yield from (_entity(entry, name) for entry in entries)


def _entity(entry: Element, name: str) -> Entity:
    type_ = entry.find("subjectType")
    kind = kind_of(type_.get("code")) if type_ is not None else EntityKind.OTHER
    countries = (
        place.get("countryIso2Code")
        for path in ("citizenship", "address")
        for place in entry.iterfind(path)
        if place.get("countryIso2Code") != _NO_COUNTRY
    )
    regulations = entry.findall("regulation")
    programmes = tuple(dict.fromkeys(filter(None, (law.get("programme") for law in regulations))))
    since = [entry.get("designationDate"), *(law.get("publicationDate") for law in regulations)]
    listed_on = next(filter(None, (parse_date((text or "")[:10]) for text in since)), None)
    id = entry.get("euReferenceNumber", "") or entry.get("logicalId", "")
    return Entity(
        id=id,
        list=name,
        kind=kind,
        names=collect_names(_names(entry), kind),
        countries=codes_of(*countries),
        programmes=programmes,
        listed_on=listed_on,
        identifiers=collect_identifiers(
            (each.get("identificationTypeDescription", ""), each.get("number", ""))
            for each in entry.iterfind("identification")
        ),
    )


def _names(entry: Element) -> Iterator[Name]:
    """Yield names as they stand; which is the main one is not said, so the first strong one is."""
    first = Strength.PRIMARY
    for alias in entry.iterfind("nameAlias"):
        parts = (alias.get(part, "") for part in ("firstName", "middleName", "lastName"))
        whole = normalize_space(alias.get("wholeName")) or normalize_space(" ".join(parts))
        weak = alias.get("strong") == "false"
        yield Name(whole, Strength.WEAK if weak else first, alias.get("nameLanguage", "").lower())
        first = first if weak or not whole else Strength.ALIAS


def _old(entry: Element, name: str) -> Entity:
    kind = _OLD_KINDS.get(entry.get("Type", ""), EntityKind.OTHER)
    names = [
        Name(text(alias, "WHOLENAME"), lang=text(alias, "LANGUAGE").lower())
        for alias in entry.iterfind("NAME")
    ]
    return Entity(
        id=entry.get("Id", ""),
        list=name,
        kind=kind,
        names=collect_names(names, kind),
        countries=codes_of(*texts(entry, "CITIZEN/COUNTRY"), *texts(entry, "ADDRESS/COUNTRY")),
        programmes=tuple(filter(None, (entry.get("programme"),))),
        listed_on=parse_date(entry.get("reg_date")),
    )
