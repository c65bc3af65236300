"""Say who buys and who supplies in an act of the arms trade, from the ties of its names."""

from collections.abc import Callable, Mapping

from monitor.match.spans import Act, Doc
from monitor.model import Polarity

from .names import Name
from .passive import is_passive
from .prepositions import ALLIES, Tie
from .scene import Scene
from .subjects import ACTORS, OPENING_VERBS, subject_of
from .trade import (
    TRADES,
    Trade,
    is_bought,
    is_buying,
    is_halted_deal,
    is_won,
    other_subjects,
    state_of,
)
from .trade_words import BUYER, SUPPLIER, Parts, by_words

_GIVING = ("supply", "sell", "deliver", "send", "aid")

#: Frames of verbs that give arms: "hands Ukraine 14 tanks".
GIVING_FRAMES = frozenset({"delivered", "supplied", "sold"})

#: A body that approves units alone, or money for them, buys them: "signs off on 20 fighters".
APPROVED_BY_BUYERS = frozenset({"units-approved", "funds-approved"})

#: Ends of Turkish verbs in the first person plural, folded.
_WE = ("iz", "uz", "dik", "duk", "tik", "tuk")

#: A deal that this state approves is a sale.
SELLER = "country:US"

#: What a state approves that buys itself, by the beginning of its word.
OWN_ORDERS = ("purchase", "acquisition", "procurement", "plan", "buy", "contract")

#: Words between a verb of asking and arms that are asked for another: "push arms sales to Taiwan".
CLOSE = 1

#: States that sell arms to most of the world: of two parties to a deal, the one that is the supplier.
EXPORTERS = frozenset(f"country:{code}" for code in "US FR DE GB IT ES SE KR CN RU IL JP".split())

#: States that sell arms to others than those.
LESSER_EXPORTERS = EXPORTERS | frozenset(f"country:{code}" for code in "TR NO NL CH CA IN BR CZ ZA".split())


def giving(doc: Doc, field: str, act: Act | None) -> frozenset[int]:
    """Return the words of verbs that give arms, behind which their recipient may stand."""
    spans = [span for tag in _GIVING for span in doc[tag] if span.field == field]
    if act and act.frame in GIVING_FRAMES and doc.lang in {"en", "ar"}:
        spans.append(act.spans[0])
    return frozenset(at for span in spans for at in range(span.start, span.stop))


def parties(trade: Trade) -> dict[str, str]:
    """Return buyer and supplier: first what small words tell, then the subject, then what is left."""
    parts: dict[str, str] = {}
    every = (_by_words, _by_verb, _by_partner, _by_modifier, _by_matter, _by_order)
    named = (_by_words, _by_modifier)  # who sues and investigates is no party to the trade
    steps: tuple[Callable[[Trade, Mapping[str, str]], Parts], ...] = (
        named if trade.type == "litigated" else every
    )
    if trade.scene.frame == "invested":
        steps = (_by_verb,)  # it buys from nobody yet
    for step in (_by_verb, *steps) if is_bought(trade) else steps:
        for part, name in step(trade, parts):
            state = state_of(trade, name)
            if state and part == BUYER and state == parts.get(SUPPLIER) and _buys_at_home(trade, name):
                parts = {BUYER: state}
            if state and part not in parts and state not in parts.values():
                parts[part] = state
    return parts


def _buys_at_home(trade: Trade, name: Name) -> bool:
    """Say whether a state orders from a maker of its own: "India inks deal for jets with HAL"."""
    scene = trade.scene
    maker = any(each.kind == "maker" for each in scene.names)
    party = name is _agent(scene) or name in scene.tied(Tie.WITH)  # "Saab signs contract with Sweden"
    return trade.type == "contract" and maker and name.kind == "country" and party


def _by_words(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield who is named by a preposition, an ending or an adjective before arms."""
    yield from by_words(trade)


def _by_verb(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield the subject as who gets or gives the arms."""
    scene = trade.scene
    buying = is_buying(trade)
    if scene.cue.tag == "request" or trade.type == "request":
        yield from _asking(trade, parts)
        return
    agent = _agent(scene)
    if agent is None:
        return
    if is_won(trade):
        yield SUPPLIER, agent
        return
    if trade.type == "approval" and BUYER not in parts and other_subjects(scene, agent):
        return  # either of them may buy
    either = buying is not False and not is_bought(trade) and len(parts) == 1
    if either or scene.frame in APPROVED_BY_BUYERS or _approves_own(scene, agent):
        yield (SUPPLIER if BUYER in parts else BUYER), agent
    elif buying is not None:
        if not buying and scene.lang == "de":
            yield from _bare_recipient(scene, agent)
        curbs = scene.thing is not None and scene.thing.tag == "object-curbs"
        sold = scene.cue.tag == "mark" and trade.type == "interest"
        makes = (trade.type == "talks" or sold or curbs) and state_of(trade, agent) in _origins(trade)
        yield (BUYER if buying and not makes else SUPPLIER), agent


def _by_order(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield who halts a deal as who had ordered, unless it makes the arms: "scraps deal for Black Hawks"."""
    agent = _agent(trade.scene)
    told = trade.type == "reversal" and trade.scene.lang in {"tr", "zh"} and SUPPLIER in parts
    if agent is None or not (told or is_halted_deal(trade)):
        return
    made = state_of(trade, agent) in (_origins(trade) or EXPORTERS)
    if SUPPLIER not in parts and (BUYER in parts or made):
        yield SUPPLIER, agent
    else:
        yield BUYER, agent


def _approves_own(scene: Scene, agent: Name) -> bool:
    """Say whether a state approves what it buys itself: "council clears purchase of 114 fighters"."""
    if scene.lang != "en" or scene.frame != "approved" or scene.thing is None:
        return False
    word = scene.text.words[scene.thing.start]
    deal = word in {"deal", "order"} and agent.tag != SELLER
    if scene.thing.tag != "object-deal" or not (deal or word.startswith(OWN_ORDERS)):
        return False
    others = (name for name in scene.names if name.kind == "country" and name.tag != agent.tag)
    return all(name.adjective or name in scene.tied(Tie.FROM) for name in others)


def _bare_recipient(scene: Scene, agent: Name) -> Parts:
    """Yield the second of two bare names before a German verb: "Polen will Ukraine Panzer liefern"."""
    bare = scene.tied(Tie.SUBJECT)
    if len(bare) == 2 and agent is bare[-1]:
        yield from ((BUYER, bare[1]), (SUPPLIER, bare[0]))


def _agent(scene: Scene) -> Name | None:
    agent = next(iter(scene.tied(Tie.BY)), None) if is_passive(scene) else subject_of(scene)
    if agent is None and scene.lang == "tr":
        return next(iter(scene.tied(Tie.OF)), None) or _who_speaks(scene)
    return agent or _leading(scene) or _of_noun(scene)


def _of_noun(scene: Scene) -> Name | None:
    """Return the name right behind a noun of approval: "feu vert américain à la vente"."""
    behind = (name for name in scene.tied(Tie.DIRECT, Tie.OF, Tie.OWNER) if name.start == scene.cue.stop)
    return next(behind, None) if scene.kind == "n" and scene.frame == "approved" else None


def _leading(scene: Scene) -> Name | None:
    """Return the name that opens the sentence as the subject of a later clause without one."""
    first = scene.opening
    if first is None or first.start != scene.begin or first.kind not in ACTORS or is_passive(scene):
        return None
    own = any(name.start < scene.cue.start for name in scene.names)
    bare = scene.start > first.stop and scene.text.words[scene.start] in OPENING_VERBS
    return None if own or not (bare or scene.cue.start == scene.start) else first


def _who_speaks(scene: Scene) -> Name | None:
    """Return the name before a Turkish statement in the first person: "Norveç: 8 tank vereceğiz"."""
    first, text = scene.opening, scene.text
    if first is None or first.start != scene.begin or first.kind not in ACTORS or first.adjective:
        return None
    said = ":" in text.raw[text.stops[first.stop - 1] : text.starts[scene.cue.start]]
    return first if said and text.words[scene.cue.stop - 1].endswith(_WE) else None


def _asking(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield who asks and who is asked; who is for arms is neither: "Polen für Lieferung an Kiew"."""
    scene = trade.scene
    if scene.cue.tag == "mark" and scene.text.words[scene.cue.start] in _backing(scene):
        return
    subjects = [name for name in scene.tied(Tie.SUBJECT) if not name.adjective or name.tag == "country:US"]
    if scene.cue.tag == "mark" and (asker := subject_of(scene)):
        subjects = [asker]
    asked = [name for name in scene.tied(Tie.DIRECT, Tie.ON) if not name.adjective]
    asked += subjects[1:]
    if asked:
        yield SUPPLIER, asked[0]
    if not subjects:
        return
    marked = scene.lang != "en" or scene.cue.tag == "mark"
    close = marked and scene.thing is not None and scene.thing.start - scene.cue.stop <= CLOSE
    supplies = state_of(trade, subjects[0]) in _origins(trade) or (BUYER in parts and close)
    if supplies and not asked:
        yield SUPPLIER, subjects[0]
    elif asked or not _is_meant(scene):
        yield BUYER, subjects[0]


def _backing(scene: Scene) -> frozenset[str]:
    """Return the words behind which stands the supply of arms that somebody is for."""
    return scene.doc.small.in_favour_of_arms.get(scene.lang, frozenset())


def _is_meant(scene: Scene) -> bool:
    """Say whether arms are asked for another: "urges allies to boost military support for Georgia"."""
    goals = (name for name in scene.tied(Tie.TO, Tie.FOR) if name.kind == "country")
    return scene.lang == "en" and any(name.start > scene.cue.start for name in goals)


def _by_partner(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield the parties of a deal "with" another, by the origin of what is dealt in."""
    scene = trade.scene
    subject = _agent(scene)
    others = other_subjects(scene, subject)
    partner = next(iter(scene.tied(Tie.WITH)), None) or (others[0] if len(others) == 1 else None)
    if partner is None and trade.type == "talks":
        partner = next(iter(scene.tied(Tie.IN)), None) if _origins(trade) else None
    if partner is not None and subject is None and any(n.kind == "maker" for n in scene.tied(Tie.SUBJECT)):
        yield BUYER, partner  # "Saab förhandlar med Portugal"
    if partner is not None and subject is not None:
        if partner.adjective and partner.start > scene.cue.start:
            yield from ((SUPPLIER, partner), (BUYER, subject))  # "with an Israeli firm"
        yield from _by_makers(trade, subject, partner)
    elif subject is None and partner is not None and partner.kind == "country" and (made := _origins(trade)):
        yield (SUPPLIER if state_of(trade, partner) in made else BUYER), partner  # "ile KAAN için imzalar"
    elif scene.lang == "tr" and subject is None and len(between := scene.tied(Tie.WITH)) > 1:
        yield from _by_makers(trade, *between[:2])  # "Irak ile Türkiye arasında"


def _by_makers(trade: Trade, subject: Name, partner: Name) -> Parts:
    """Yield the parties of a deal between two names, of which one makes such arms."""
    one, other = state_of(trade, subject), state_of(trade, partner)
    lesser = frozenset[str]() if trade.type == "approval" else LESSER_EXPORTERS
    for makers in (_origins(trade), EXPORTERS, lesser):
        if other in makers and one not in makers:
            yield from ((BUYER, subject), (SUPPLIER, partner))
        elif one in makers and other not in makers:
            yield from ((SUPPLIER, subject), (BUYER, partner))


def _origins(trade: Trade) -> frozenset[str]:
    """Return the states that make the systems of the sentence."""
    codes = (code for system in trade.systems for code in trade.states.get(system, ()))
    return frozenset(f"country:{code}" for code in codes)


def _by_modifier(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield the state before a trade in arms: "Taiwan arms sale" has the buyer, "US arms sale" not."""
    scene = trade.scene
    for name in scene.tied(Tie.MODIFIER):
        if scene.thing is None or scene.thing.tag not in TRADES:
            continue
        yield (SUPPLIER if name.adjective and SUPPLIER not in parts else BUYER), name


def _by_matter(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield whose war it is, or whose allies give: "Ukraine war: …", "Kyiv's allies pledge weapons"."""
    scene = trade.scene
    if trade.polarity is not Polarity.SUPPLY or scene.lang != "en":
        return
    words = scene.text.words
    allied = (n for n in scene.sentence if n.possessive and n.stop < len(words) and words[n.stop] in ALLIES)
    if recipient := next(allied, None) or scene.matter:
        yield BUYER, recipient
