"""Find what the verbs of frames act upon: objects of the lexicon, arms, makers and sums for arms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from monitor.match.spans import Doc, Span
from monitor.text import Text

from .tables import OBJECT

#: How far behind arms the head of their compound may stand, in words.
HEAD_REACH = 2

#: How many words may stand between "for" and the arms that a sum is for.
SUM_REACH = 4

#: Tags of the lexicon that are objects of the class "arms".
ARMS = ("arms", "arms_strong", "drone")

#: Tags of arms that a sum may be for.
_PAID = (*ARMS, "weapon", "materiel", "platform", "helicopter")

#: Where an item has one of these, a ship of any kind may be stopped for sanctions.
_OF_SANCTIONS = ("sanction", "sanctions", "sanctioned", "sanctioned_ship", "programme")

#: Behind English arms these make them another thing, and none that is traded.
_OTHER_HEADS = frozenset(
    "attack attacks strike strikes barrage test tests launch launches shortage shortages stockpile stockpiles"
    " incursion incursions crash sanctions sanction treaty control inspectors programme program"
    " base bases site sites factory plant maker makers crew crews pilots threat threats expertise fire debris"
    " show summit race disarmament shipyard shipyards".split()
)

#: And these heads behind several words that are none of `_PARTED`: "missile and satellite tracking firm".
_FIRMS = frozenset("firm company startup manufacturer developer".split())
_PARTED = frozenset("by for from to of with in at on over as amid after".split())
FIRM_REACH = 4

#: Prefixes that make another thing of an object: "anti-sanctions rally", "pre-sanctions level".
_PREFIXES = frozenset("anti pre post".split())

#: Objects that leave others inside them standing.
_SHARING = frozenset(
    f"{OBJECT}{name}"
    for name in (
        "arms alone shipment violation deal trade illicit defiance bypass sanctioned_party crew".split()
    )
)

#: Right behind the name of a maker these leave it alone.
_BEHIND_MAKERS = frozenset("for over as to in after and by with on from".split())


def objects_of(doc: Doc) -> dict[tuple[str, int], list[Span]]:
    """Return what verbs may act upon, by field and sentence; units are arms where a weapon is named."""
    found: dict[tuple[str, int], list[Span]] = defaultdict(list)
    spans = [span for tag, each in doc.spans.items() if tag.startswith(OBJECT) for span in each]
    units = doc["unit"] if doc["weapon"] else ()
    makers = {(span.field, at) for span in doc["maker"] for at in range(span.start, span.stop)}
    arms = (
        each for each in (*(each for tag in ARMS for each in doc[tag]), *units) if not _is_named(each, makers)
    )
    spans += [Span(span.field, span.start, span.stop, f"{OBJECT}arms") for span in arms]
    spans += [Span(s.field, s.start, s.stop, f"{OBJECT}maker") for s in doc["maker"] if _stands_alone(doc, s)]
    spans += _sums(doc)
    if any(doc[tag] for tag in _OF_SANCTIONS):
        spans += [Span(span.field, span.start, span.stop, f"{OBJECT}ship") for span in doc["vessel"]]
    for span in spans:
        if span.tag == f"{OBJECT}arms" and _of_other_head(doc, span):
            continue
        if span.start and doc.texts[span.field].words[span.start - 1] in _PREFIXES:
            continue
        found[span.field, doc.texts[span.field].sentences[span.start]].append(span)
    return found


def _is_named(arms: Span, makers: set[tuple[str, int]]) -> bool:
    """Say whether arms are a word in the name of a maker: "Airbus Helicopters"."""
    return all((arms.field, at) in makers for at in range(arms.start, arms.stop))


def _sums(doc: Doc) -> Iterator[Span]:
    """Yield the sums of money for arms as money that is granted: "clears €3.5bn for frigates".

    Between two states such money is aid: "gives Georgia €3bn for drones".
    """
    if not doc["amount"]:
        return
    starts = {(span.field, span.start) for tag in _PAID for span in doc[tag]}
    for span in doc["amount"]:
        words = doc.texts[span.field].words
        near = range(span.stop, min(span.stop + 2, len(words)))
        at = next((index for index in near if words[index] in doc.small.meant_for), None)
        if at is not None and any((span.field, at + 1 + step) in starts for step in range(SUM_REACH)):
            aided = doc.lang == "en" and any(_shares_sentence(doc, span, each) for each in doc["pair"])
            yield Span(span.field, span.start, span.stop, f"{OBJECT}{'aid' if aided else 'funding'}")


def _shares_sentence(doc: Doc, span: Span, other: Span) -> bool:
    return span.field == other.field and doc.sentence(span) == doc.sentence(other)


def _of_other_head(doc: Doc, arms: Span) -> bool:
    """Say whether arms only describe the English noun behind them: "drone attacks", "missile test"."""
    text = doc.texts[arms.field]
    if doc.lang != "en":
        return False
    behind = text.words[arms.stop : arms.stop + _compound(text, arms.stop, FIRM_REACH)]
    firms = [at for at, word in enumerate(behind) if word in _FIRMS]
    of_firm = bool(firms) and _PARTED.isdisjoint(behind[: firms[0]])
    return of_firm or not _OTHER_HEADS.isdisjoint(behind[:HEAD_REACH])


def _stands_alone(doc: Doc, maker: Span) -> bool:
    """Say whether the name of a maker describes no noun behind it: "picks Saab for", not "Saab's chief"."""
    text = doc.texts[maker.field]
    if maker.stop == len(text.words) or _compound(text, maker.stop, 1) == 0 or doc.lang == "ar":
        return True
    return text.words[maker.stop] in _BEHIND_MAKERS


def _compound(text: Text, start: int, reach: int) -> int:
    """Return how many of `reach` words from `start` on may be of one compound: a space parts them."""
    gaps = (text.raw[text.stops[at - 1] : text.starts[at]] for at in range(start, len(text.words)))
    return sum(1 for _ in takewhile(lambda gap: gap in {" ", "-"}, islice(gaps, reach)))


def longest(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Of objects that overlap the longest stands; of the same words all do, and arms within their trade."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span.start - span.stop, span.start, span.tag)):
        if not any(_covers(other, span) for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: (span.start, span.stop, span.tag)))


def _covers(longer: Span, span: Span) -> bool:
    if (longer.start, longer.stop) == (span.start, span.stop):
        return False
    within = longer.start <= span.start and span.stop <= longer.stop
    if span.tag == f"{OBJECT}alone":
        return within and longer.tag == f"{OBJECT}violation"
    return within and longer.tag not in _SHARING
