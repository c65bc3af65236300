"""State an act in one line: authority – act – whom – where – when. Pure, but for reading the catalogue."""

import re
from collections.abc import Iterator, Mapping, Sequence

from monitor.model import Event, Item, Verdict
from monitor.text.english import is_english

from .catalogue import ENGLISH, Catalogue, catalogue_of
from .event_slots import slots_of
from .event_variants import variant_of
from .sanitize import sanitize

_PART = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")

#: English words of a plan, and those that leave it open.
_PLANNED = re.compile(
    r"\b(?:will|plans?|vows?|vowed|pledges?|pledged|promis\w+|prepar\w+|intends?|set to|ready|moves? to)\b",
    re.I,
)
#: A subject, and right behind it "to": "EU to release".
_IS_TO = re.compile(
    r"(?:^|[\s‘’“\"'])(?<!\bthe )(?<!within )"
    r"(?:[A-Z][\w’'.-]*|lawmakers|leaders|ministers|military|forces|government)"
    r" to (?:(?:stop|halt|end|cease) )?$"
)
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|would|should|consider\w*|mulls?|weighs?|eyes?|propos\w+|urges?|urged|calls?|if|possibl\w+"
    r"|expected|likely|aims?|hopes?|wants?|seeks?|tries|offers?|refus\w+|fails?|used|helps?|how|orders?|ordered|tells?|told)\b",
    re.I,
)
#: English words right before what somebody agrees to do.
_AGREED = re.compile(r"\bagree[sd]? to $", re.I)
_REACH = 80

#: The key of a status where patterns have none for it.
_WITHOUT = {"agreed": "may"}

#: Types of events without an act of their own.
_NO_ACT = frozenset({"", "commentary"})


def event_line(item: Item, verdict: Verdict, catalogue: Catalogue | None = None, until: str = "") -> str:
    """Return the act of an item in one line, such as "United States designates 2 ICC judges".

    Only what the text states is in the line; other slots are left out. `until` is the day of a deadline in
    words. Without an act the line is "mentions sanctions; no new act found".
    """
    catalogue = catalogue or catalogue_of(ENGLISH)
    event = verdict.event
    if event is None or event.type in _NO_ACT:
        return no_event_line(verdict, catalogue)
    line = _line_of_event(item, verdict, event, catalogue, until)
    if not until or until in line:
        return line
    return f"{line} · {str(catalogue.find('text', 'deadline')).replace('{time}', until)}"


def _line_of_event(item: Item, verdict: Verdict, event: Event, catalogue: Catalogue, until: str) -> str:
    slots = {name: sanitize(words) for name, words in slots_of(item, verdict, event, catalogue).items()}
    slots["until"] = until or slots["until"]
    status = status_key(item, event)
    patterns = catalogue.table("acts")
    variant = variant_of(item, verdict, event, catalogue.event_words)
    for kind in (variant, event.type, "other"):
        own = patterns.get(kind, {}).get(status) or patterns.get(kind, {}).get(_WITHOUT.get(status, ""))
        if own and (line := _filled(own, slots)):
            return catalogue.capitalized(line)
    act = next(_nouns(patterns, variant, event, slots), slots["type"])
    sentence = catalogue.word("statuses", status)
    return catalogue.capitalized(sentence.replace("{act}", act))


def status_key(item: Item, event: Event) -> str:
    """Return the key of an event's status in the catalogue.

    What is to come is "future" if an English text says plainly that it is planned, "agreed" if it says so,
    else "may".
    """
    if event.negated:
        return "denied"
    if event.status != "future":
        return event.status
    if not is_english(item.lang, item.title) or event.hedged:
        return "may"
    text = f"{item.title}\n{item.summary}"
    before = text[: max(text.find(event.quote), 0)][-_REACH:].rpartition(". ")[2]
    if _AGREED.search(before):
        return "agreed"
    is_planned = _PLANNED.search(before + event.quote) or _IS_TO.search(before)
    return "future" if is_planned and not _POSSIBLE.search(f"{before}{event.quote}") else "may"


def no_event_line(verdict: Verdict, catalogue: Catalogue | None = None) -> str:
    """Return what an item without an act mentions or may be about."""
    catalogue = catalogue or catalogue_of(ENGLISH)
    for key, topics in (("mentions", verdict.topics), ("possible", verdict.possible)):
        if topics:
            names = catalogue.word("language", "and").join(catalogue.word("topics", each) for each in topics)
            return catalogue.word("no_act", key).replace("{topics}", names)
    return catalogue.word("no_act", "nothing")


def is_specific(item: Item, verdict: Verdict, catalogue: Catalogue | None = None) -> bool:
    """Say whether the line of an item names a party, a state, goods or a sum."""
    event = verdict.event
    if event is None or not has_event(verdict):
        return False
    catalogue = catalogue or catalogue_of(ENGLISH)
    slots = slots_of(item, verdict, event, catalogue)
    stated = any(slots[name] for name in ("who", "whom", "where", "buyer", "supplier", "sum"))
    return stated or bool(event.systems)


def has_event(verdict: Verdict) -> bool:
    """Say whether a verdict found an act, done or not."""
    return verdict.event is not None and verdict.event.type not in _NO_ACT


def _nouns(
    patterns: Mapping[str, Mapping[str, Sequence[str]]], variant: str, event: Event, slots: Mapping[str, str]
) -> Iterator[str]:
    """Yield the noun of an act, for sentences about acts that are not done."""
    for kind in (variant, event.type, "other"):
        if line := _filled(patterns.get(kind, {}).get("act", ()), slots):
            yield line


def _filled(patterns: Sequence[str], slots: Mapping[str, str]) -> str:
    """Return the first pattern whose slots are all stated, filled; "" if none is."""
    for pattern in patterns:
        kept = _PART.sub(lambda part: part[1] if _is_stated(part[1], slots) else "", pattern)
        if _is_stated(kept, slots):
            return " ".join(_SLOT.sub(lambda slot: slots[slot[1]], kept).split())
    return ""


def _is_stated(pattern: str, slots: Mapping[str, str]) -> bool:
    return all(slots.get(name) for name in _SLOT.findall(pattern))
