"""Country codes: ISO 3166-1 alpha-2, and aliases of them."""

from collections.abc import Mapping

#: From codes of the EU style guide and withdrawn ISO codes to the ISO 3166-1 code in force.
COUNTRY_ALIASES: Mapping[str, str] = {
    "UK": "GB",
    "EL": "GR",
    "BU": "MM",
    "DD": "DE",
    "FX": "FR",
    "TP": "TL",
    "YD": "YE",
    "ZR": "CD",
}

_PREFIX = "country:"


def iso_code(code: str) -> str:
    """Return the ISO 3166-1 code for an alias; any other code as it is."""
    return COUNTRY_ALIASES.get(code, code)


def iso_id(entity_id: str) -> str:
    """Return the id of an entity with the ISO code of its country: ``country:GB`` for ``country:UK``."""
    if not entity_id.startswith(_PREFIX):
        return entity_id
    return f"{_PREFIX}{iso_code(entity_id.removeprefix(_PREFIX))}"
