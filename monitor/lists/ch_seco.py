"""Switzerland's list of all sanctions targets (SECO), XML."""

from collections.abc import Iterator
from itertools import product
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import normalize_space, parse_date
from .countries import codes_of
from .elements import Element, records, text
from .identifiers import collect_identifiers
from .names import collect_names

_KINDS = {"individual": EntityKind.PERSON, "entity": EntityKind.ORGANISATION, "object": EntityKind.OTHER}
_OBJECTS = {"vessel": EntityKind.VESSEL, "aircraft": EntityKind.AIRCRAFT}
_ORDER = {"given-name": 0, "further-given-name": 1, "father-name": 2, "grand-father-name": 3}
_UNSPOKEN = frozenset({"title"})
_MOST_VARIANTS = 16  # of one name, when its parts have several spellings each


def read_ch_seco(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per target in force, in file order and constant memory.

    The file keeps who was taken off, and copies of former states within `modification`: neither is read.
    `Entity.id` is the SSID; names of the quality ``low`` are weak.

    Raises:
        ListError: not well-formed, or the root is not `swiss-sanctions-list`.

    Source: SESAM, ``downloadXmlGesamtliste``.
    """
    programmes: dict[str, str] = {}
    for record in records(stream, name, "swiss-sanctions-list", frozenset({"sanctions-program", "target"})):
        if record.tag == "sanctions-program":
            programmes |= _sets(record)
        elif (subject := _subject(record)) is not None and _in_force(record):
            yield _entity(record, subject, programmes, name)


def _sets(programme: Element) -> dict[str, str]:
    key = text(programme, "program-key[@lang='eng']") or text(programme, "program-key")
    return {found.get("ssid", ""): key for found in programme.iterfind("sanctions-set")}


def _subject(target: Element) -> Element | None:
    return next((found for tag in _KINDS if (found := target.find(tag)) is not None), None)


def _in_force(target: Element) -> bool:
    """Say whether the latest modification is no removal; the file lists the latest first."""
    steps = [
        (step.get("effective-date", ""), step.get("modification-type"))
        for step in target.iterfind("modification")
    ]
    latest = max((date for date, _ in steps), default="")
    return next((kind for date, kind in steps if date == latest), "") != "de-listed"


def _entity(target: Element, subject: Element, programmes: dict[str, str], name: str) -> Entity:
    kind = _OBJECTS.get(subject.get("object-type", ""), _KINDS[subject.tag])
    sets = [
        target.get("sanctions-set-id", ""),
        *(normalize_space(each.text) for each in target.iterfind("sanctions-set-id")),
    ]
    listed = (
        step.get("effective-date") or step.get("publication-date")
        for step in target.iterfind("modification")
        if step.get("modification-type") == "listed"
    )
    countries = (found.get("iso-code") for found in subject.iterfind("identity/nationality/country"))
    return Entity(
        id=target.get("ssid", ""),
        list=name,
        kind=kind,
        names=collect_names(_names(subject), kind),
        countries=codes_of(*countries),
        programmes=tuple(dict.fromkeys(programmes[each] for each in sets if programmes.get(each))),
        listed_on=min(filter(None, map(parse_date, listed)), default=None),
        identifiers=collect_identifiers(
            (each.get("document-type", ""), text(each, "number"))
            for each in subject.iterfind("identity/identification-document")
        ),
    )


def _names(subject: Element) -> Iterator[Name]:
    for identity in subject.iterfind("identity"):
        for name in identity.iterfind("name"):
            main = name.get("name-type") == "primary-name" and identity.get("main") == "true"
            weak = name.get("quality") == "low"
            strength = Strength.WEAK if weak else Strength.PRIMARY if main else Strength.ALIAS
            yield from (
                Name(whole, strength if not lang else Strength.WEAK if weak else Strength.ALIAS, lang)
                for whole, lang in _spellings(name)
            )


def _spellings(name: Element) -> Iterator[tuple[str, str]]:
    """Yield a name whole, as it is written first, then by script in its other spellings."""
    parts = [part for part in name.iterfind("name-part") if part.get("name-part-type") not in _UNSPOKEN]
    parts.sort(key=lambda part: _ORDER.get(part.get("name-part-type", ""), 9))
    yield normalize_space(" ".join(text(part, "value") or normalize_space(part.text) for part in parts)), ""
    variants = [_variants(part) for part in parts]
    for script in dict.fromkeys(script for found in variants for script in found):
        choices = (
            found.get(script) or [text(part, "value")] for part, found in zip(parts, variants, strict=True)
        )
        for number, whole in enumerate(product(*choices)):
            if number == _MOST_VARIANTS:
                break
            yield normalize_space(" ".join(whole)), script


def _variants(part: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variant in part.iterfind("spelling-variant"):
        if spelled := normalize_space(variant.text) or text(variant, "value"):
            found.setdefault(variant.get("script", "latn").lower(), []).append(spelled)
    return found
