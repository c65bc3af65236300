"""Give the plain words for severities and directions to messages that are not made from templates."""

from collections.abc import Mapping

#: By severity, 0 to 5; the same words as in ``words.j2``.
SEVERITIES = ("no new act found", "minor", "low", "medium", "high", "critical")

#: What an act does to sanctions or to a purchase of arms, by polarity; the same words as in ``words.j2``.
DIRECTIONS: Mapping[str, str] = {
    "impose": "new sanctions",
    "relax": "eases",
    "enforce": "enforces",
    "evade": "evades",
    "acquire": "buys",
    "supply": "supplies",
    "halt": "stops",
    "neutral": "neither tightens nor eases",
}


def direction_of(polarity: str, background: bool = False) -> str:
    """Return the words for a polarity, as it is if unknown; sanctions in the background are not new."""
    words = DIRECTIONS.get(polarity, polarity)
    return words.removeprefix("new ") if background else words
