"""OFAC's SDN and consolidated lists as one XML file, the simple one (``sdn.xml``, ``consolidated.xml``)."""

from collections.abc import Iterator
from typing import BinaryIO

from monitor.model import Entity, EntityKind, Name, Strength

from .base import kind_of, normalize_space
from .countries import codes_of
from .elements import Element, records, text, texts
from .identifiers import collect_identifiers
from .names import collect_names

_COUNTRIES = (
    "nationalityList/nationality/country",
    "citizenshipList/citizenship/country",
    "vesselInfo/vesselFlag",
    "addressList/address/country",
)


def read_ofac_xml(stream: BinaryIO, name: str) -> Iterator[Entity]:
    """Yield one entity per `sdnEntry`, in file order and constant memory.

    `Entity.id` is OFAC's `uid`; aliases of the category ``weak`` stay weak.

    Raises:
        ListError: not well-formed, or the root is not `sdnList`.
    """
    for entry in records(stream, name, "sdnList", frozenset({"sdnEntry"})):
        kind = kind_of(text(entry, "sdnType"))
        names = [Name(_name(entry), Strength.PRIMARY)]
        for alias in entry.iterfind("akaList/aka"):
            weak = text(alias, "category").lower() == "weak"
            names.append(Name(_name(alias), Strength.WEAK if weak else Strength.ALIAS))
        countries = codes_of(*(country for path in _COUNTRIES for country in texts(entry, path)))
        programmes = texts(entry, "programList/program")
        yield Entity(
            id=text(entry, "uid"),
            list=name,
            kind=_known(kind),
            names=collect_names(names, kind),
            countries=countries,
            programmes=programmes,
            identifiers=collect_identifiers(_numbers(entry)),
        )


def _numbers(entry: Element) -> Iterator[tuple[str, str]]:
    for each in entry.iterfind("idList/id"):
        yield text(each, "idType"), text(each, "idNumber")


def _known(kind: EntityKind) -> EntityKind:
    return EntityKind.ORGANISATION if kind is EntityKind.OTHER else kind


def _name(of: Element) -> str:
    return normalize_space(f"{text(of, 'firstName')} {text(of, 'lastName')}")
