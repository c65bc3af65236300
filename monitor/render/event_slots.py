"""Find the words for the slots of an act: who acts, on whom, where, what is bought, for how much. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from monitor.model import Event, Item, Mention, Verdict, imposers_of, iso_code
from monitor.text import fold, words
from monitor.text.english import is_english
from monitor.text.sums import Sum, sums

from .catalogue import ENGLISH, Catalogue
from .event_object import object_of
from .event_words import EventWords
from .parties import named_as

MAX_NAMES = 3
_COUNTRY = "country:"

#: Bodies that are rarely a target.
_UNIONS = frozenset({"country:EU", "country:UN"})

#: A body that a title names beside a target, as its expert or its list, and that is none itself.
_WORLD = "country:UN"

#: Slots for what an act is called, by folded words of its quote; empty if a quote has words of none, or two.
_NAMED_BY_QUOTE: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "halt": {
        "halted": re.compile(r"\b(?:halt|suspend|freez|froze|paus)"),
        "refused": re.compile(r"\b(?:refus|reject|block|den(?:y|ie))"),
        "cancelled": re.compile(r"\b(?:cancel|scrap|drop|terminat)"),
    },
    "permit": {
        "licence": re.compile(fold(r"\b(?:licen[cs]|lizenz|lisans|лиценз|ліценз)")),
        "waiver": re.compile(r"\b(?:waiver|muafiyet)"),
    },
    "penalty": {
        "fine": re.compile(r"\bfine[sd]?\b"),
        "settlement": re.compile(r"\bsettle(?:ment|s)\b"),
    },
}

#: English names of authorities that are bodies of their own: "US Treasury".
_BODY = re.compile(r"\w (?:Treasury|Department|Ministry|Council|Commission)\b")

#: What begins another clause of an English title.
_CONJUNCTION = re.compile(r"\s(?:as|while|after|amid|despite)\s")

#: Measures that are named by the quote or not at all.
_BANS = frozenset({"travel_ban", "export_ban"})

#: Folded words that make a number an upper limit, before it ("bis zu 100|") or behind it ("100'e kadar").
_LIMIT = re.compile(
    r"(?:bis zu|до|jusqu'?a|hasta|fino a|ate|upp till|do|up to|最多|تا|حتي) ?\||\|.{0,3}kadar"
)

_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def slots_of(item: Item, verdict: Verdict, event: Event, catalogue: Catalogue) -> dict[str, str]:
    """Return the words of every slot; "" where the text states nothing."""
    whom = _whom(item, verdict, event, catalogue)
    return {
        "type": catalogue.word("events", event.type),
        "who": _who(item, verdict, catalogue),
        "whom": whom,
        "where": _listed(_where(verdict, event, whom, catalogue), catalogue, ", "),
        "measure": catalogue.word("measures", measure_of(item, event, catalogue.event_words)),
        "buyer": _name(verdict, event.buyer, catalogue),
        "supplier": _name(verdict, event.supplier, catalogue),
        "what": _what(item, verdict, event, catalogue),
        "sum": _sum(event, catalogue, _other_clause(item, event)),
        "until": event.deadline if item.lang.startswith(catalogue.language) else "",
        **_named_by_quote(event, catalogue),
    }


def _named_by_quote(event: Event, catalogue: Catalogue) -> dict[str, str]:
    """Return the words of slots that the quote decides; "" where it does not."""
    quote = fold(event.quote)
    slots = {}
    for slot, patterns in _NAMED_BY_QUOTE.items():
        found = [name for name, pattern in patterns.items() if pattern.search(quote)]
        slots[slot] = catalogue.word("slots", found[0]) if len(found) == 1 else ""
    return slots


def sum_in_words(written: Sum, catalogue: Catalogue) -> str:
    """Return a sum as people write it: "$4.5bn"."""
    sign = catalogue.find("currencies", written.currency) or f"{written.currency} "
    scale, form = next((each for each in _SCALES if written.value >= each[0]), (1, "unit"))
    value = Decimal(str(written.value)) / scale
    figure = f"{value:,.2f}".rstrip("0").rstrip(".") if scale > 1 else f"{value:,.0f}"
    if catalogue.word("language", "decimal") == ",":
        figure = figure.translate(str.maketrans(",.", ".,"))
    return catalogue.word("sums", form).replace("{sign}", sign).replace("{n}", figure)


def _name(verdict: Verdict, id: str, catalogue: Catalogue) -> str:
    if not id:
        return ""
    own = catalogue.find("countries", iso_code(id.removeprefix(_COUNTRY))) if _is_country(id) else None
    return str(own or named_as(verdict, id))


def _who(item: Item, verdict: Verdict, catalogue: Catalogue) -> str:
    """Return who acts: the imposer, and in brackets those with whom a title says it does."""
    ids = imposers_of(item, verdict) or ("",)
    known = {each.id: each for each in verdict.entities}
    first = _authority(item, known.get(ids[0]), catalogue) or _name(verdict, ids[0], catalogue)
    others = [_name(verdict, id, catalogue) for id in ids[1:] if not _is_of_one_state(known, ids[0], id)]
    if not others:
        return first
    together = _listed(others, catalogue)
    return catalogue.word("slots", "together").replace("{who}", first).replace("{others}", together)


def _authority(item: Item, mention: Mention | None, catalogue: Catalogue) -> str:
    """Return an authority as an English text names it in several words; "US Treasury" for OFAC."""
    if mention is None or mention.kind != "authority" or not is_english(item.lang, item.title):
        return ""
    is_name = catalogue.language == ENGLISH and _BODY.search(mention.quote)
    return mention.quote if is_name and set(words(mention.quote)).isdisjoint(words(mention.name)) else ""


def _is_of_one_state(known: Mapping[str, Mention], first: str, other: str) -> bool:
    """Say whether two that act are a state and one of its authorities."""
    states = [set(known[id].countries) if id in known else set() for id in (first, other)]
    return not states[0].isdisjoint(states[1])


def _is_country(id: str) -> bool:
    return id.startswith(_COUNTRY)


def measure_of(item: Item, event: Event, known: EventWords) -> str:
    """Return the measure that the quote names, else the title, else the summary; bans only of the quote."""
    for text in map(fold, (event.quote, item.title, item.summary)):
        for name, begins in known.measures.items():
            is_known = text == fold(event.quote) or name not in _BANS
            if is_known and any(word in text for word in begins):
                return name
    return "restrictions"


def _whom(item: Item, verdict: Verdict, event: Event, catalogue: Catalogue) -> str:
    """Return the object of an English title, else the parties by name or count; states are in `where`."""
    if object := object_of(item, event):
        return object
    known = {each.id: each for each in verdict.entities}
    parties = [known[id] for id in event.targets if id in known and not _is_country(id)]
    if parties and len(parties) <= MAX_NAMES:
        return _listed([each.name for each in parties], catalogue)
    return _listed(_counts(parties, catalogue), catalogue, ", ")


def _counts(parties: Iterable[Mention], catalogue: Catalogue) -> Iterator[str]:
    kinds = ["persons" if each.kind == "person" else "entities" for each in parties]
    for kind in ("entities", "persons"):
        if kind in kinds:
            yield catalogue.word("slots", kind).replace("{n}", str(kinds.count(kind)))


def _where(verdict: Verdict, event: Event, whom: str, catalogue: Catalogue) -> Iterator[str]:
    """Yield the states that are targets, but for those that `whom` names already."""
    known = {each.id: each for each in verdict.entities}
    for id in event.targets:
        mention = known.get(id)
        is_said = mention and (_is_named(mention, whom) or _is_owner(mention, event))
        if _is_country(id) and id not in {event.imposer, _WORLD} and not is_said:
            yield _name(verdict, id, catalogue)


def _is_named(mention: Mention, whom: str) -> bool:
    """Say whether words hold the name of a state or an adjective of it, by the first four letters."""
    begins = {fold(name)[:4] for name in (mention.name, mention.quote)}
    return any(word[:4] in begins for word in fold(whom).split())


def _is_owner(mention: Mention, event: Event) -> bool:
    """Say whether a quote names somebody as the author of sanctions: "adopts EU sanctions"."""
    return f"{fold(mention.quote)} sanctions" in fold(event.quote) and mention.id in _UNIONS


def _what(item: Item, verdict: Verdict, event: Event, catalogue: Catalogue) -> str:
    """Return the goods: the quantity as an English text writes it, else the systems by name."""
    systems = [named_as(verdict, id) for id in event.systems]
    quotes = [each.quote for each in verdict.entities if each.id in event.systems]
    holds_system = any(fold(quote) in fold(event.quantity) for quote in quotes)
    if event.quantity.isdigit() and len(systems) == 1:
        return f"{event.quantity} × {systems[0]}"
    if event.quantity and is_english(item.lang, item.title) and catalogue.language == "en":
        named = holds_system or not systems
        return event.quantity if named else f"{event.quantity} ({_listed(systems, catalogue)})"
    number = re.match(r"\d[\d,. ]*(?![\d%])", fold(event.quantity))
    if number and holds_system and len(systems) == 1:
        goods = f"{number[0].strip()} × {systems[0]}"
        is_limit = _LIMIT.search(_around(item, event.quantity))
        return catalogue.word("slots", "up_to").replace("{sum}", goods) if is_limit else goods
    return _listed(systems, catalogue) or catalogue.word("slots", "arms")


def goods_of(item: Item, verdict: Verdict, catalogue: Catalogue) -> str:
    """Return the goods of an arms event, "" if it names none."""
    event = verdict.event
    return _what(item, verdict, event, catalogue) if event and (event.systems or event.quantity) else ""


def sums_of(verdict: Verdict, catalogue: Catalogue) -> str:
    """Return the first sum of an event in words, "" without one."""
    return _sum(verdict.event, catalogue) if verdict.event else ""


def _around(item: Item, words: str) -> str:
    """Return the folded text just before and after some words of an item."""
    before, _, after = f"{item.title}\n{item.summary}".partition(words)
    return f"{fold(before)[-10:]}|{fold(after)[:10]}"


def _other_clause(item: Item, event: Event) -> str:
    """Return what stands behind a conjunction after the words of an act in a title."""
    found = _CONJUNCTION.search(item.title, event.stop) if event.field == "title" else None
    return item.title[found.start() :] if found else ""


def _sum(event: Event, catalogue: Catalogue, elsewhere: str = "") -> str:
    """Return the first sum of an event that is not `elsewhere`; an upper limit is marked as one."""
    own = [text for text in event.amounts if text not in elsewhere]
    found = next((each for text in own for each in sums(text)), None)
    if found is None:
        return ""
    words = sum_in_words(found, catalogue)
    return catalogue.word("slots", "up_to").replace("{sum}", words) if event.ceiling else words


def _listed(names: Iterable[str], catalogue: Catalogue, last: str = "") -> str:
    """Return names in a row; more than three are counted."""
    known = list(dict.fromkeys(name for name in names if name))
    if len(known) > MAX_NAMES:
        more = catalogue.word("slots", "more").replace("{n}", str(len(known) - 2))
        return more.replace("{names}", ", ".join(known[:2]))
    *first, end = known or [""]
    return f"{', '.join(first)}{last or catalogue.word('language', 'and')}{end}" if first else end
