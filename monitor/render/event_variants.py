"""Choose the patterns for the line of an act: those of its type, or of a more particular act. Pure."""

import re
from collections.abc import Mapping

from monitor.model import Event, Item, Verdict
from monitor.text import fold

from .event_object import object_of
from .event_slots import measure_of
from .event_words import EventWords

#: The patterns of a purchase that its buyer approves or halts, and of exports that are allowed to anybody.
_PURCHASE, _HALTED, _EXPORTS = "purchase_approved", "purchase_halted", "exports_allowed"

#: The release of assets, and the naming of terrorists.
_RELEASE = (
    r"\b(?:releas|unfreez|unfroz|unblock|return)\w* .*\b(?:funds|assets|money|cash)\b|\bunfr[eo]ez\w*\b"
)
_TERROR = r"\bdesignat|\b(?:label|declar|brand)\w* .*\bterror"

#: Acts upon ships, by the first word of their quote.
_SHIPS = (
    (r"^(?:seiz|captur|impound|confiscat)", "seized"),
    (r"^board", "boarded"),
    (r"^intercept", "intercepted"),
    (r"^detain", "detained"),
)
#: Patterns of their own for some acts, by folded words of their quote; see [acts] of the catalogue. Those in
#: braces stand in seeds/event_words.toml.
_VARIANTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "imposed": (
        (_TERROR, "designated"),
        (
            r"\b(?:add(?:s|ed|ing)?|places?|placed|puts?|lists?|returns?)\b.*\b(?:list|lists|blacklist)\b",
            "listed",
        ),
        (r"^lists? .* as\b|^blacklist", "listed"),
        ("{blacklist}", "listed"),
        (r"^(?:freez\w+|froze)\b|\bfriert\b|\beingefroren", "frozen"),
        ("{freeze}", "frozen"),
        (r"^(?:seizes?|confiscates?)\b|\b(?:is|was|are|were) (?:seized|confiscated)", "assets_seized"),
    ),
    "proposed": ((_TERROR, "designated"),),
    "lifted": ((r"\bremov|\bdelist", "removed"), (_RELEASE, "released")),
    "eased": ((_RELEASE, "released"),),
    "relief_talks": ((_RELEASE, "released"),),
    "enforced": _SHIPS,
    "approval": (
        (r"\bnotif", "notified"),
        (r"\b(?:purchas|buy|acqui|procur)", _PURCHASE),
        (r"\bban\b|\bexport|\bveto\b|\brules\b", _EXPORTS),
        ("{export_rule}", _EXPORTS),
        ("{sold}", "sold"),
    ),
    "reversal": ((r"", _HALTED),),
}


def variant_of(item: Item, verdict: Verdict, event: Event, known: EventWords) -> str:
    """Return the name of the patterns for an act: its type, or a more particular one."""
    quote = fold(event.quote)
    for pattern, name in _VARIANTS.get(event.type, ()):
        written = known.quotes[pattern[1:-1]] if pattern.startswith("{") else pattern
        if re.search(written, quote) and _fits(name, item, verdict, event):
            return name
    if event.type == "imposed" and measure_of(item, event, known) == "sanctions" and object_of(item, event):
        return "sanctioned"
    return event.type


def _fits(name: str, item: Item, verdict: Verdict, event: Event) -> bool:
    """Say whether patterns fit who acts in an event, and what it names."""
    if name == _PURCHASE:
        return not _is_before(event.supplier, item, verdict, event)
    if name == _HALTED:
        is_buyers = _is_before(event.buyer, item, verdict, event)
        return is_buyers and not _is_before(event.supplier, item, verdict, event)
    return name != _EXPORTS or not (event.buyer or event.systems)


def _is_before(id: str, item: Item, verdict: Verdict, event: Event) -> bool:
    """Say whether the words of a title before an act name somebody."""
    before = item.title[: event.start] if event.field == "title" else ""
    return any(each.id == id and each.quote in before for each in verdict.entities)
