"""Who buys what from whom: the parts of an arms event as its sentence tells them, empty where it does not.

A state's part is told by its place and by the small words and endings beside it; where two could be meant,
none is named.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.match.query.nodes import Match
from monitor.match.spans import Doc, Span
from monitor.model import Polarity
from monitor.text import Text

from .deadlines import deadlines
from .quantities import quantities

BUYER, SUPPLIER = "buyer", "supplier"
THINGS = ("weapon", "materiel", "platform", "drone")

#: Before a state: whom arms go to, whom they come from. "A", "de" and their like may mean either.
_TO = frozenset("to for an fur au aux para для до till الي به 对 對 向 给".split())
_FROM = frozenset("from von aus vom из від из-за from از من fran 从 從 自".split())
_ARTICLES = frozenset("the la le les l el los las der die das dem den des".split())
#: The Arabic particle before a name that does not itself begin with its letter, as Lebanon and Libya do.
_FOR = re.compile("لل|ل(?!بنان|بناني|يبي|اتفيا|يتوانيا|يختن|يسوتو|يبيريا|وكسم|اوس|ندن)")
_ENDINGS = {
    BUYER: re.compile(r"['’][yn]?[ae]\b", re.IGNORECASE),
    SUPPLIER: re.compile(r"['’]n?[dt][ae]n\b", re.IGNORECASE),
}

#: What a state does that gets arms, beside the concepts of buying.
_GETTING = re.compile(
    r"receiv|takes|taken|took|gets|отрима|получ|erhalt|erhielt|bekomm|recoi|recu|recep|recib|aldi|alan"
    r"|(?:[تي]?ت|است|تست|يست)?سلم|接"
)
_BUYING = frozenset("buy order order_noun purchase_noun purchase_of request interest select".split())
_SELLING = ("supply", "sell", "sale", "deliver", "send")
_ADJECTIVE = re.compile(r"(?:[ai]n|li|qi|ti|ese|ish|nch|tch|ek|ss)$")
_NOUN = re.compile(
    r"(?:stan|japan|iran|sudan|jordan|taiwan|oman|bhutan|spain|britain|bahrain|haiti|azerbaijan)$"
)
_SHORT = frozenset("us uk eu".split())
_UP_TO = re.compile(
    r"(?:up\sto|as\smuch\sas|bis\szu|до|jusqu['’]à|hasta|最多|azami)\s?(?:[A-Z]{1,2})?[$€£¥]?\s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Parties are ids of entities (``country:SE``), `systems` too; the rest is as written."""

    buyer: str = ""
    supplier: str = ""
    systems: tuple[str, ...] = ()
    quantity: str = ""
    deadline: str = ""
    ceiling: bool = False


def roles(doc: Doc, match: Match, polarity: str, year_now: int) -> Roles:
    """Read the parts of an arms event from the sentence of its match."""
    text, cue = doc.texts[match.field], match.spans[0]
    first, last = text.bounds(cue.start)
    sentence = (match.field, first, last)
    things = sorted(_within(sentence, (s for kind in THINGS for s in doc[kind])), key=_place)
    parties = _parties(doc, match, polarity, sentence, things)
    systems = (tag for tag in doc.spans if tag.startswith("weapon:") and [*_within(sentence, doc[tag])])
    start, stop = text.starts[first], text.stops[last - 1]
    times = (text.raw[a:b] for a, b in deadlines(text.raw, year_now) if start <= a < stop)
    return Roles(
        buyer=parties.get(BUYER, ""),
        supplier=parties.get(SUPPLIER, ""),
        systems=tuple(sorted(systems)),
        quantity=next(quantities(doc, text, things), ""),
        deadline=next(times, ""),
        ceiling=bool([*_within(sentence, doc["possible_sale"])]) or _limited(doc, text, sentence),
    )


def _within(sentence: tuple[str, int, int], spans: Iterable[Span]) -> Iterator[Span]:
    field, first, last = sentence
    return (span for span in spans if span.field == field and first <= span.start < last)


def _place(span: Span) -> tuple[int, int]:
    return span.start, -span.stop


def _limited(doc: Doc, text: Text, sentence: tuple[str, int, int]) -> bool:
    begun = (text.starts[span.start] for span in _within(sentence, doc["amount"]))
    return any(_UP_TO.search(text.raw[max(begin - 15, 0) : begin]) for begin in begun)


def _parties(
    doc: Doc, match: Match, polarity: str, sentence: tuple[str, int, int], things: list[Span]
) -> dict[str, str]:
    """Return the tags of buyer and supplier; a part that several states claim is left out."""
    text, cue = doc.texts[match.field], match.spans[0]
    countries = _countries(doc)
    buying = _is_buying(doc, match, polarity, sentence)
    marked: dict[str, set[str]] = {BUYER: set(), SUPPLIER: set()}
    judge_item: dict[str, set[str]] = {BUYER: set(), SUPPLIER: set()}
    for span in _within(sentence, countries):
        if part := _of_origin(text, span, things) or _by_neighbours(text, span):
            marked[part].add(span.tag)
        elif part := _by_place(text, span, cue, buying):
            judge_item[part].add(span.tag)
    if cue.tag == "request":
        judge_item |= _asking(_within(sentence, _countries(doc)), cue)
    known = marked[BUYER] | marked[SUPPLIER]
    claims = {part: marked[part] or judge_item[part] - known for part in (BUYER, SUPPLIER)}
    both = claims[BUYER] & claims[SUPPLIER]
    return {part: min(tags) for part, tags in claims.items() if len(tags) == 1 and not tags & both}


def _countries(doc: Doc) -> Iterator[Span]:
    return (s for tag, spans in doc.spans.items() if tag.startswith("country:") for s in spans)


def _asking(countries: Iterable[Span], cue: Span) -> dict[str, set[str]]:
    """Return who asks and who is asked, where two states stand before what is asked for."""
    before = sorted((span for span in countries if span.stop <= cue.start), key=_place)
    tags = list(dict.fromkeys(span.tag for span in before))
    return {BUYER: {tags[0]}, SUPPLIER: {tags[1]}} if len(tags) == 2 else {}


def _is_buying(doc: Doc, match: Match, polarity: str, sentence: tuple[str, int, int]) -> bool | None:
    """Say whether the subject of the sentence gets the arms; None where a contract may be either's."""
    text, cue = doc.texts[match.field], match.spans[0]
    if any(span.tag in _BUYING for span in match.spans):
        return True
    if polarity == Polarity.ACQUIRE:
        return None if any([*_within(sentence, doc[tag])] for tag in _SELLING) else True
    return polarity == Polarity.SUPPLY and any(
        _GETTING.match(word) for word in text.words[cue.start : cue.stop]
    )


def _by_neighbours(text: Text, span: Span) -> str:
    """Tell a state's part by a preposition before it, an Arabic particle on it or a Turkish ending."""
    at = span.start - 1
    while at >= 0 and text.words[at] in _ARTICLES:
        at -= 1
    before = text.words[at] if at >= 0 else ""
    tail = text.raw[text.stops[span.stop - 1] :][:6]
    if before in _TO or _FOR.match(text.words[span.start]) or _ENDINGS[BUYER].match(tail):
        return BUYER
    return SUPPLIER if before in _FROM or _ENDINGS[SUPPLIER].match(tail) else ""


def _of_origin(text: Text, span: Span, things: list[Span]) -> str:
    """An adjective before arms says where they come from."""
    near = any(0 <= thing.start - span.stop < 2 for thing in things)
    return SUPPLIER if near and _is_adjective(text, span) else ""


def _is_adjective(text: Text, span: Span) -> bool:
    word = text.words[span.stop - 1]
    ending = bool(_ADJECTIVE.search(word) and not _NOUN.search(word))
    return ending or word in _SHORT or text.as_written(span.start).islower()


def _by_place(text: Text, span: Span, cue: Span, buying: bool | None) -> str:
    """Who stands before the verb does it; who gets arms stands behind it."""
    if buying is None:
        return ""
    if span.stop <= cue.start:
        return BUYER if buying else SUPPLIER
    return "" if buying or _is_adjective(text, span) else BUYER
