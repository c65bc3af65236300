"""Say who buys and who supplies in an act of the arms trade, from the ties of its names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.match.query.nodes import Match
from monitor.match.spans import Doc, Span
from monitor.model import Polarity

from .names import Name
from .passive import is_passive
from .prepositions import ALLIES, Tie
from .scene import Scene, Tied
from .subjects import ACTORS, first_of_list, is_asked, subject_of

BUYER, SUPPLIER = "buyer", "supplier"

#: What a state does that gets arms, beside the concepts of buying.
_GETTING = re.compile(
    r"receiv|takes|taken|took|gets|отрима|получ|erhalt|erhielt|bekomm|recoi|recu|recep|recib|aldi|alan"
    r"|(?:[تي]?ت|است|تست|يست)?سلم|接|riceve|otrzym|mottag|taslim"
)
_BUYING = frozenset("buy order order_noun purchase_noun purchase_of request interest select".split())
_GIVING = ("supply", "sell", "deliver", "send", "aid")

#: Languages whose adjectives stand behind what they describe.
_BEHIND = frozenset("fr es it ar fa".split())

#: Languages that send arms "into" a state, with the word that else is "in" or "at".
_INTO = frozenset("ru uk pl".split())

#: Objects that are a trade, of which a state before them is the buyer: "Taiwan arms sale".
TRADES = frozenset(f"object-{name}" for name in "shipment deal aid permit".split())

#: First words of a clause whose subject opens the sentence: "Norway likes it, plans to buy".
OPENING_VERBS = frozenset(
    "plans vows pledges agrees wants seeks eyes offers promises hopes considers signs orders to and".split()
)

#: A body that approves units alone buys them: "signs off on 20 fighters".
UNITS_APPROVED = "units-approved"

#: Behind "to" and before a state these tell whom arms help.
HELPING = frozenset("help support arm aid assist equip bolster back".split())

#: Words between a verb of asking and arms that are asked for another: "push arms sales to Taiwan".
CLOSE = 1

#: States that sell arms to most of the world: of two parties to a deal, the one that is the supplier.
EXPORTERS = frozenset(f"country:{code}" for code in "US FR DE GB IT ES SE KR CN RU IL JP".split())


def giving(doc: Doc, field: str) -> frozenset[int]:
    """Return the words of verbs that give arms, behind which their recipient may stand."""
    return frozenset(
        i for tag in _GIVING for span in doc[tag] if span.field == field for i in range(span.start, span.stop)
    )


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


def parties(trade: Trade) -> dict[str, str]:
    """Return buyer and supplier: first what small words tell, then the subject, then what is left."""
    parts: dict[str, str] = {}
    steps = (_by_words, _by_verb, _by_partner, _by_modifier, _by_matter)
    for step in (_by_verb, *steps) if _is_bought(trade) else steps:
        for part, name in step(trade, parts):
            state = _state(trade, name)
            if state and part not in parts and state not in parts.values():
                parts[part] = state
    return parts


def _state(trade: Trade, name: Name) -> str:
    """Return the state of a name: a maker, an agency and a person stand for theirs."""
    if name.kind == "country":
        return name.tag
    codes = trade.states.get(name.tag, ())
    return f"country:{codes[0]}" if codes else ""


Parts = Iterator[tuple[str, Name]]


def _by_words(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield who is named by a preposition, an ending or an adjective before arms."""
    scene = trade.scene
    ties = sorted(scene.ties, key=lambda each: each.name.start < scene.cue.start)
    for each in ties:
        name, tie = each.name, each.tie
        if name.kind == "maker" or _is_origin(trade, name, tie):
            yield SUPPLIER, name
        elif is_asked(scene, each):
            continue
        elif (tie in {Tie.TO, Tie.FOR} and name.kind != "person") or _is_goal(trade, tie):
            yield BUYER, name
        elif tie is Tie.FROM or (tie is Tie.IN and scene.lang in _INTO and _is_bought(trade)):
            yield SUPPLIER, name
        elif (tie is Tie.DIRECT and _is_recipient(trade, name)) or _is_helped(trade, each):
            yield BUYER, name


def _is_origin(trade: Trade, name: Name, tie: Tie) -> bool:
    """Say whether a name describes arms right behind it."""
    scene = trade.scene
    if not (name.adjective or name.possessive):
        return False
    if scene.lang in _BEHIND and any(0 <= name.start - thing.stop < 3 for thing in trade.things):
        return True
    if tie is Tie.MODIFIER:
        return scene.thing is not None and scene.thing.tag not in TRADES
    arms = (*trade.things, *(span for span in scene.doc["arms"] if span.field == scene.field))
    return any(0 <= thing.start - name.stop < 2 for thing in arms)


def _is_recipient(trade: Trade, name: Name) -> bool:
    """Say whether a name right behind a verb of giving is given the arms: "supplies Iran with missiles"."""
    scene = trade.scene
    giving = bool(scene.giving) and any(i < name.start for i in scene.giving)
    return giving and not name.adjective and not name.possessive


def _is_helped(trade: Trade, each: Tied) -> bool:
    """Say whether a state behind "to help" is given arms: "sends weapons to help Mali's government"."""
    words, name = trade.scene.text.words, each.name
    helped = words[max(name.start - 2, 0) : name.start]
    named = name.possessive or not name.adjective
    gives = trade.polarity is Polarity.SUPPLY and each.tie is Tie.INSIDE and named
    return gives and helped[:1] == ("to",) and helped[-1] in HELPING


def _is_goal(trade: Trade, tie: Tie) -> bool:
    """Say whether a word that else means "in" or "towards" is where arms go."""
    lang = trade.scene.lang
    goal = (tie is Tie.IN and lang in _INTO) or (tie is Tie.ON and lang == "zh")
    return goal and _is_buying(trade) is False


def _by_verb(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield the subject as who gets or gives the arms."""
    scene = trade.scene
    buying = _is_buying(trade)
    if scene.cue.tag == "request" or trade.type == "request":
        yield from _asking(trade, parts)
        return
    agent = _agent(scene)
    if agent is None:
        return
    either = buying is not False and not _is_bought(trade) and len(parts) == 1
    if either or scene.frame == UNITS_APPROVED:
        yield (SUPPLIER if BUYER in parts else BUYER), agent
    elif buying is not None:
        if not buying and scene.lang == "de":
            yield from _bare_recipient(scene, agent)
        curbs = scene.thing is not None and scene.thing.tag == "object-curbs"
        sold = scene.cue.tag == "mark" and trade.type == "interest"
        makes = (trade.type == "talks" or sold or curbs) and _state(trade, agent) in _origins(trade)
        yield (BUYER if buying and not makes else SUPPLIER), agent


def _bare_recipient(scene: Scene, agent: Name) -> Parts:
    """Yield the second of two bare names before a German verb: "Polen will Ukraine Panzer liefern"."""
    bare = scene.tied(Tie.SUBJECT)
    if len(bare) == 2 and agent is bare[-1]:
        yield from ((BUYER, bare[1]), (SUPPLIER, bare[0]))


def _agent(scene: Scene) -> Name | None:
    agent = next(iter(scene.tied(Tie.BY)), None) if is_passive(scene) else subject_of(scene)
    if agent is None and scene.lang == "tr":
        return next(iter(scene.tied(Tie.OF)), None)
    return agent or _leading(scene)


def _leading(scene: Scene) -> Name | None:
    """Return the name that opens the sentence as the subject of a later clause without one."""
    first = scene.opening
    if first is None or first.start != scene.begin or first.kind not in ACTORS or is_passive(scene):
        return None
    own = any(name.start < scene.cue.start for name in scene.names)
    bare = scene.start > first.stop and scene.text.words[scene.start] in OPENING_VERBS
    return None if own or not (bare or scene.cue.start == scene.start) else first


def _asking(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield who asks and who is asked."""
    scene = trade.scene
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
    supplies = _state(trade, subjects[0]) in _origins(trade) or (BUYER in parts and close)
    if supplies and not asked:
        yield SUPPLIER, subjects[0]
    elif asked or not _is_meant(scene):
        yield BUYER, subjects[0]


def _is_meant(scene: Scene) -> bool:
    """Say whether arms are asked for another: "urges allies to boost military support for Georgia"."""
    goals = (name for name in scene.tied(Tie.TO, Tie.FOR) if name.kind == "country")
    return scene.lang == "en" and any(name.start > scene.cue.start for name in goals)


def _is_bought(trade: Trade) -> bool:
    """Say whether the verb is one of buying."""
    return any(span.tag in _BUYING for span in trade.match.spans)


def _is_buying(trade: Trade) -> bool | None:
    """Say whether the subject of the sentence gets the arms; None where a contract may be either's."""
    scene = trade.scene
    if _is_bought(trade) or _is_licensed(trade):
        return True
    words = scene.text.words[scene.cue.start : scene.cue.stop]
    getting = any(_GETTING.match(word) for word in words)
    if scene.cue.start in scene.giving and not getting:
        return False
    if trade.polarity is Polarity.ACQUIRE:
        selling = any(scene.start <= at < scene.stop for at in scene.giving)
        either = selling or scene.tied(Tie.WITH) or _other_subjects(scene, subject_of(scene))
        return None if either else True
    return trade.polarity is Polarity.SUPPLY and getting


def _is_licensed(trade: Trade) -> bool:
    """Say whether the subject gets a licence to produce."""
    before = trade.scene.text.words[trade.scene.start : trade.scene.cue.start]
    return trade.type == "production" and any(word.startswith(("licence", "license")) for word in before)


def _by_partner(trade: Trade, parts: Mapping[str, str]) -> Parts:
    """Yield the parties of a deal "with" another, by the origin of what is dealt in."""
    scene = trade.scene
    subject = _agent(scene)
    others = _other_subjects(scene, subject)
    partner = next(iter(scene.tied(Tie.WITH)), None) or (others[0] if len(others) == 1 else None)
    if partner is None and trade.type == "talks":
        partner = next(iter(scene.tied(Tie.IN)), None)
    if partner is None or subject is None:
        return
    one, other = _state(trade, subject), _state(trade, partner)
    for makers in (_origins(trade), EXPORTERS):
        if other in makers and one not in makers:
            yield from ((BUYER, subject), (SUPPLIER, partner))
        elif one in makers and other not in makers:
            yield from ((SUPPLIER, subject), (BUYER, partner))


def _other_subjects(scene: Scene, subject: Name | None) -> list[Name]:
    """Return the states that act together with the first: "Sweden and Ukraine sign a letter of intent"."""
    together = [name for name in scene.tied(Tie.SUBJECT) if name.kind == "country" and name is not subject]
    return [name for name in together if subject is first_of_list(scene, name)]


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
