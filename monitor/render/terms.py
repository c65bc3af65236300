"""Give the English words for codes to messages that are not made from templates."""

from collections.abc import Mapping

from .catalogue import ENGLISH, catalogue_of

_WORDS = catalogue_of(ENGLISH)

#: By severity, 0 to 5.
SEVERITIES = tuple(_WORDS.word("severities", str(severity)) for severity in range(6))

#: What an act does to sanctions or to a purchase of arms, by polarity.
DIRECTIONS: Mapping[str, str] = _WORDS.table("directions")

#: Types of events; no type is no new act.
EVENTS: Mapping[str, str] = _WORDS.table("events")

#: Fields of an item.
FIELDS: Mapping[str, str] = _WORDS.table("fields")


def direction_of(polarity: str) -> str:
    """Return the words for a polarity, as it is if unknown."""
    return DIRECTIONS.get(polarity, polarity)
