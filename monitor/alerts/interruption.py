"""Lower the placement of grave items that should not interrupt, such as live pages and asides. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.model import Event, Fingerprint, Item, Judged, Placement
from monitor.stories.arguments import FAMILIES
from monitor.stories.kinds import ReportKind, kind_of_title
from monitor.text import fold
from monitor.text.english import is_english

#: Terms of which a title has one if it is about an act of sanctions, or about one of trade in arms.
_OF_SANCTIONS = frozenset({"act:sanction", "act:impose", "act:relax", "act:seize"})
_OF_TRADE = frozenset({"act:buy", "act:sell", "act:halt", "act:aid"})
_TRADE = frozenset({"trade", "halt"})

#: Folded English words of measures that need not be sanctions, and of those that are.
_GENERIC = re.compile(r"\b(?:measures?|penalt(?:y|ies)|funds?|fines?)\b")
_SANCTIONS = re.compile(r"sanction|embargo|\bbans?\b|designat|list|terror|export|froz|freez|curb|blockade")


def without_interruption(judged: Judged, fingerprint: Fingerprint) -> Judged:
    """Return an item placed at the top of the digest at most if there is a reason not to interrupt."""
    decision = judged.decision
    if decision.placement is not Placement.NOW:
        return judged
    reason = next(_reasons(judged, fingerprint), "")
    if not reason:
        return judged
    because = f"{decision.because}; {reason}"
    return replace(judged, decision=replace(decision, placement=Placement.TOP, because=because))


def _reasons(judged: Judged, fingerprint: Fingerprint) -> Iterator[str]:
    kind = kind_of_title(judged.item.title)
    if kind is not ReportKind.REPORT:
        yield f"not a report: {kind}"
    event = judged.verdict.event
    if event is None or not is_english(judged.item.lang, judged.item.title):
        return
    if event.field == "summary" and not _is_about(fingerprint, event):
        yield "the title is about something else"
    if _is_of_tariffs(judged.item, event):
        yield "about tariffs"
    if _is_aimed_at_nobody(event):
        yield "neither a target nor sanctions are named"


def _is_about(fingerprint: Fingerprint, event: Event) -> bool:
    """Say whether a title has a word of the kind of act that its text reports."""
    of_trade = FAMILIES.get(event.type, "") in _TRADE
    return not (_OF_TRADE if of_trade else _OF_SANCTIONS).isdisjoint(fingerprint.title_terms)


def _is_aimed_at_nobody(event: Event) -> bool:
    """Say whether measures are imposed on nobody in particular, such as "orders austerity measures"."""
    quote = fold(event.quote)
    is_generic = _GENERIC.search(quote) is not None and _SANCTIONS.search(quote) is None
    return event.type == "imposed" and not event.targets and is_generic


def _is_of_tariffs(item: Item, event: Event) -> bool:
    """Say whether an exemption or a measure is one of tariffs, and the title names no sanctions."""
    title = fold(item.title)
    is_tariff = "tariff" in title and event.topic == "sanctions"
    return is_tariff and _SANCTIONS.search(title) is None
