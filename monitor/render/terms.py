"""Give the plain words for codes to messages that are not made from templates."""

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

#: Types of events; the same words as in ``words.j2``.
EVENTS: Mapping[str, str] = {
    "imposed": "listing or new measure",
    "proposed": "proposal",
    "agreed": "agreement in principle",
    "extended": "extension",
    "tightened": "tightening",
    "eased": "easing",
    "lifted": "delisting or measure lifted",
    "licence_issued": "licence issued",
    "licence_revoked": "licence revoked",
    "enforced": "enforcement",
    "litigated": "court ruling",
    "guidance": "guidance",
    "retaliation": "countermeasures",
    "evasion_reported": "evasion reported",
    "relief_talks": "talks on relief",
    "commentary": "analysis or comment",
    "approval": "approval or notification",
    "request": "request",
    "supply": "arms supply",
    "": "no new act found",
}

#: Fields of an item; the same words as in ``words.j2``.
FIELDS: Mapping[str, str] = {"title": "title", "summary": "summary", "body": "text"}


def direction_of(polarity: str, background: bool = False) -> str:
    """Return the words for a polarity, as it is if unknown; sanctions in the background are not new."""
    words = DIRECTIONS.get(polarity, polarity)
    return words.removeprefix("new ") if background else words
