"""The scene of an act of the arms trade, and whether its subject gets the arms or gives them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.match.query.nodes import Match
from monitor.match.spans import Span
from monitor.model import Polarity

from .names import Name
from .prepositions import Tie
from .scene import Scene
from .subjects import first_of_list, subject_of

#: What a state does that gets arms, beside the concepts of buying.
_GETTING = re.compile(
    r"receiv|takes|taken|took|gets|отрима|получ|erhalt|erhielt|bekomm|recoi|recu|recep|recib|aldi|alan"
    r"|(?:[تي]?ت|است|تست|يست)?سلم|接|riceve|otrzym|mottag|taslim"
)
#: Folded beginnings of nouns of buying, where a purchase is approved.
_PURCHASE = re.compile(
    r"purchas|acquisit|procur|kauf|beschaff|achat|compra|adquisic|покупк|закупк|закупів|kop\b|inkop"
    r"|acquist|zakup"
)
_BUYING = frozenset("buy order order_noun purchase_noun purchase_of request interest select".split())

#: Folded beginnings of words for export beside a contract.
_EXPORT = ("export", "exportac", "экспортн", "експортн", "ihracat", "صادرات")

#: Verbs by which a supplier gets an order, and what these orders are called.
WON = frozenset(
    "win wins won land lands landed bag bags bagged receives received books booked nabs scoops".split()
)
ORDERED = frozenset("order orders contract contracts".split())

#: Objects that are a trade, of which a state before them is the buyer: "Taiwan arms sale".
TRADES = frozenset(f"object-{name}" for name in "shipment deal aid permit".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A scene of arms, with the states behind makers and weapons, and the arms of its sentence."""

    scene: Scene
    match: Match
    type: str
    polarity: Polarity
    states: Mapping[str, tuple[str, ...]]
    systems: tuple[str, ...]
    things: tuple[Span, ...]


def state_of(trade: Trade, name: Name) -> str:
    """Return the state of a name: a maker, an agency and a person stand for theirs."""
    if name.kind == "country":
        return name.tag
    codes = trade.states.get(name.tag, ())
    return f"country:{codes[0]}" if codes else ""


def is_bought(trade: Trade) -> bool:
    """Say whether the verb is one of buying."""
    return any(span.tag in _BUYING for span in trade.match.spans)


def is_buying(trade: Trade) -> bool | None:
    """Say whether the subject of the sentence gets the arms; None where a contract may be either's."""
    scene = trade.scene
    if is_bought(trade) or _is_licensed(trade) or _is_of_purchase(trade):
        return True
    if _is_export(trade):
        return False
    words = scene.text.words[scene.cue.start : scene.cue.stop]
    getting = any(_GETTING.match(word) for word in words)
    if scene.cue.start in scene.giving and not getting:
        return False
    if is_halted_deal(trade):
        return None
    if trade.polarity is Polarity.ACQUIRE:
        selling = any(scene.start <= at < scene.stop for at in scene.giving)
        either = selling or scene.tied(Tie.WITH) or other_subjects(scene, subject_of(scene))
        return None if either else True
    return trade.polarity is Polarity.SUPPLY and getting


def _is_export(trade: Trade) -> bool:
    """Say whether the contract of the subject is called one of export: "signs export contracts"."""
    scene = trade.scene
    if trade.type != "contract" or scene.thing is None or scene.thing.start < scene.cue.start:
        return False
    near = scene.text.words[max(scene.thing.start - 1, 0) : scene.thing.stop]
    return any(word.startswith(_EXPORT) for word in near)


def is_halted_deal(trade: Trade) -> bool:
    """Say whether a deal is halted, which either party may do; a verb of giving tells that it is a sale."""
    scene = trade.scene
    deal = scene.thing is not None and scene.thing.tag == "object-deal"
    selling = any(scene.start <= at < scene.stop for at in scene.giving)
    return trade.type == "reversal" and deal and not (selling or scene.tied(Tie.MODIFIER))


def is_won(trade: Trade) -> bool:
    """Say whether the subject gets an order, and so supplies: "Saab lands order", "Austria wins contract"."""
    scene = trade.scene
    if (
        scene.thing is None
        or scene.thing.tag != "object-deal"
        or any(s.tag == "buy" for s in trade.match.spans)
    ):
        return False
    won = any(scene.text.words[at] in WON for at in range(scene.cue.start, scene.cue.stop))
    ordered = any(scene.text.words[at] in ORDERED for at in range(scene.thing.start, scene.thing.stop))
    maker = any(name.kind == "maker" and name.start < scene.cue.start for name in scene.names)
    return (won and ordered) or (maker and trade.type in {"contract", "selection"})


def _is_of_purchase(trade: Trade) -> bool:
    """Say whether a purchase is approved: "approves purchase of jets"."""
    things = [span for span in trade.match.spans if span.tag in TRADES]
    words = trade.scene.text.words
    return trade.type == "approval" and any(
        _PURCHASE.match(word) for span in things for word in words[span.start : span.stop]
    )


def _is_licensed(trade: Trade) -> bool:
    """Say whether the subject gets a licence to produce."""
    before = trade.scene.text.words[trade.scene.start : trade.scene.cue.start]
    return trade.type == "production" and any(word.startswith(("licence", "license")) for word in before)


def other_subjects(scene: Scene, subject: Name | None) -> list[Name]:
    """Return the states that act together with the first: "Sweden and Ukraine sign a letter of intent"."""
    together = [name for name in scene.tied(Tie.SUBJECT) if name.kind == "country" and name is not subject]
    return [name for name in together if subject is first_of_list(scene, name)]
