"""Say who buys and who supplies by prepositions, endings and adjectives beside names."""

from collections.abc import Iterator

from monitor.match.spans import Span
from monitor.model import Polarity

from .cases import is_german_goal, is_turkish_compound
from .names import Name
from .prepositions import ARTICLES, Tie
from .scene import Scene, Tied
from .subjects import is_asked, subject_of
from .trade import TRADES, Trade, is_bought, is_buying, is_won

BUYER, SUPPLIER = "buyer", "supplier"

#: Languages whose adjectives stand behind what they describe.
_BEHIND = frozenset("fr es it ar fa".split())

#: Languages that send arms "into" a state, with the word that else is "in" or "at".
_INTO = frozenset("ru uk pl".split())

#: Languages in which arms are bought "in" a state that makes them.
_BOUGHT_IN = frozenset("de fr es it sv".split())

#: Languages that buy "to" who sells.
_BOUGHT_TO = frozenset("fr es".split())

#: Ties of a state to an order that its supplier gets: "from", "by", and "of" in "une commande de l'Inde".
_FEARED = frozenset("threat threats danger attack attacks pressure aggression".split())
_ORDERED_BY = frozenset({Tie.FROM, Tie.BY, Tie.OF, Tie.OWNER})

#: How a language names of whom something is asked.
_ASKED_OF = {"fr": Tie.TO, "es": Tie.TO, "it": Tie.TO, "ru": Tie.IN, "uk": Tie.IN}

#: Before arms that others are to be used against, and what is done with these.
_AGAINST = frozenset("against gegen contre contra contro mot против проти przeciw przeciwko ضد عليه".split())
_FIGHTING = frozenset("match counter deter repel defeat resist intercept down fight destroy stop".split())

#: Types of events in which arms go to somebody.
_SENDING = frozenset({"delivery", "supply"})

#: Slavic languages send arms "onto" some states.
_ONTO = frozenset({("ru", "на"), ("uk", "на"), ("pl", "na")})

#: Ideographs between a state and its arms.
ORIGIN_REACH = 5

#: A part and the name that has it, in order of weight.
Parts = Iterator[tuple[str, Name]]


def by_words(trade: Trade) -> Parts:
    """Yield who is named by a preposition, an ending or an adjective before arms."""
    for each in sorted(trade.scene.ties, key=lambda each: each.name.start < trade.scene.cue.start):
        if _serves(trade, each.name) or _orders(trade, each):
            yield BUYER, each.name
        elif each.name.kind == "maker" or _is_of_halted(trade, each) or _makes(trade, each):
            yield SUPPLIER, each.name
        elif is_asked(trade.scene, each) or _is_of_frozen(trade.scene, each.name):
            continue
        elif part := _by_tie(trade, each):
            yield part, each.name


def _serves(trade: Trade, name: Name) -> bool:
    """Say whether the armed services of a state have the contract: "wins a Danish navy contract"."""
    scene = trade.scene
    behind = any(s.field == scene.field and s.start == name.stop for s in scene.doc["services"])
    ordered = trade.type in {"contract", "selection", "interest"} and scene.lang == "en"
    return ordered and behind and name.kind == "country" and name.start >= scene.cue.stop


def _orders(trade: Trade, each: Tied) -> bool:
    """Say whether a state gives the order that the subject gets: "wins a contract from Norway"."""
    name = each.name
    tied = each.tie in _ORDERED_BY or name.possessive
    return tied and name.kind == "country" and name.start > trade.scene.cue.stop and is_won(trade)


def _is_feared(trade: Trade, each: Tied) -> bool:
    """Say whether no arms but a threat comes from a state: "citing threat from Russia"."""
    return not _FEARED.isdisjoint(trade.scene.text.words[max(each.at - 1, 0) : each.at])


def _by_tie(trade: Trade, each: Tied) -> str:
    """Return the part of a name by its tie, or ""."""
    name, tie = each.name, each.tie
    if trade.type == "request" and _is_asked_of(trade.scene, each):
        return SUPPLIER
    if _is_bought_of(trade, each):
        return SUPPLIER
    goal = (tie in {Tie.TO, Tie.FOR} and name.kind != "person") or _is_goal(trade, each)
    if goal or _is_purchaser(trade, tie):
        return BUYER
    given_by = tie is Tie.BY and name.start > trade.scene.cue.stop and is_buying(trade)
    if (tie is Tie.FROM and not _is_feared(trade, each)) or given_by or _is_where_bought(trade, each):
        return SUPPLIER
    if tie is Tie.OWNER and _is_sold_to(trade, name):
        return BUYER
    given = tie is Tie.DIRECT and _is_recipient(trade, name)
    there = trade.scene.frame == "arrived" and (tie in {Tie.DIRECT, Tie.IN, Tie.INSIDE} or each.place)
    own = name.possessive and name.kind == "country" and _is_handed_over(trade, name)
    return BUYER if given or own or (there and not name.adjective) or _is_helped(trade, each) else ""


def _is_purchaser(trade: Trade, tie: Tie) -> bool:
    """Say whether a noun of buying is said to be somebody's: "purchase of 40 tanks by Peru"."""
    return tie is Tie.BY and subject_of(trade.scene) is None and is_bought(trade)


def _makes(trade: Trade, each: Tied) -> bool:
    """Say whether a name describes arms right behind it."""
    scene, name, tie = trade.scene, each.name, each.tie
    behind = name.start >= scene.cue.stop and tie in {Tie.DIRECT, Tie.MODIFIER}
    if scene.lang == "zh" and behind and is_buying(trade):  # "接收中国红旗-22"
        return any(0 <= thing.start - name.stop < ORIGIN_REACH for thing in trade.things)
    if not (name.adjective or name.possessive) or _is_handed_over(trade, name) or _is_fought(trade, name):
        return False
    if scene.lang in _BEHIND and any(0 <= name.start - thing.stop < 3 for thing in trade.things):
        return True
    if tie is Tie.MODIFIER:
        return scene.thing is not None and scene.thing.tag not in TRADES
    if scene.lang == "ar" and scene.text.words[name.start - 1] in scene.doc.small.armies:
        return False
    return any(0 <= thing.start - name.stop < 2 for thing in _arms(trade))


def _is_of_halted(trade: Trade, each: Tied) -> bool:
    """Say whether a halted order is of the arms of a state: "İsrail füzeleri sözleşmesini feshetti"."""
    scene, name, arms = trade.scene, each.name, _arms(trade)
    deal = scene.thing if scene.thing and scene.thing.tag == "object-deal" else None
    if deal is None or each.tie is not Tie.MODIFIER or trade.type != "reversal":
        return False
    near = [span for span in arms if 0 <= span.start - name.stop < 2 and span.stop <= deal.start]
    if scene.lang == "zh":
        return bool(near) and name.start >= scene.cue.stop
    return scene.lang == "tr" and any(
        name.adjective or is_turkish_compound(scene.text.as_written(span.stop - 1)) for span in near
    )


def _arms(trade: Trade) -> tuple[Span, ...]:
    """Return the arms of a sentence, and all words for arms of its field."""
    scene = trade.scene
    return (*trade.things, *(span for span in scene.doc["arms"] if span.field == scene.field))


def _is_fought(trade: Trade, name: Name) -> bool:
    """Say whether arms are meant against those of a state: "weapons to match Russia's firepower"."""
    text = trade.scene.text
    before = [word for word in text.words[max(name.start - 3, 0) : name.start] if word not in ARTICLES]
    against = before[-1:] != [] and before[-1] in _AGAINST
    return against or (before[-2:-1] in (["to"], ["help"]) and before[-1] in _FIGHTING)


def _is_handed_over(trade: Trade, name: Name) -> bool:
    """Say whether another hands a state its own arms: "Norway delivers Peru's first submarine"."""
    scene, subject = trade.scene, subject_of(trade.scene)
    given = scene.lang == "en" and name.possessive and name.start >= scene.cue.stop and not is_bought(trade)
    return given and trade.type == "delivery" and subject is not None and subject is not name


def _is_of_frozen(scene: Scene, name: Name) -> bool:
    """Say whether a name only tells whose frozen assets pay for arms."""
    frozen = (span for span in scene.doc["object-frozen"] if span.field == scene.field)
    return any(span.start <= name.start < span.stop for span in frozen)


def _is_asked_of(scene: Scene, each: Tied) -> bool:
    """Say whether arms are asked of a name behind the word for "to" or "at": "demande des missiles à"."""
    goods = scene.thing is None or scene.thing.tag != "object-shipment"
    asked = scene.lang in _ASKED_OF and each.tie is _ASKED_OF[scene.lang]
    return asked and goods and not each.name.adjective and bool(subject_of(scene))


def _is_where_bought(trade: Trade, each: Tied) -> bool:
    """Say whether arms are bought "in" a state: "kauft 180 Panzer in Südkorea"."""
    lang = trade.scene.lang
    within = (each.tie is Tie.IN or each.place) and each.name is not subject_of(trade.scene)
    return within and lang in _INTO | _BOUGHT_IN and is_bought(trade)


def _is_sold_to(trade: Trade, name: Name) -> bool:
    """Say whether an Arabic state right behind a noun of selling is given arms: "بيع قطر صواريخ"."""
    scene = trade.scene
    if scene.lang != "ar" or scene.thing is None or name.adjective or name.start != scene.thing.stop:
        return False
    return any(0 <= thing.start - name.stop < 2 for thing in trade.things)


def _is_bought_of(trade: Trade, each: Tied) -> bool:
    """Say whether "to" stands before who sells, behind a verb of buying: "acheté à la Suède"."""
    scene = trade.scene
    if scene.lang == "zh" and each.tie is Tie.TO:
        verb = scene.text.words[scene.cue.start : scene.cue.stop]
        return not scene.doc.small.bought_to_ideographs.isdisjoint(verb)
    if scene.lang not in _BOUGHT_TO or each.tie is not Tie.TO or each.name.start < scene.cue.start:
        return False
    words = scene.text.words
    parts = (words[scene.cue.start], words[each.at - 1], words[scene.thing.start] if scene.thing else "")
    return any(word.startswith(scene.doc.small.bought_to) for word in parts)


def _is_recipient(trade: Trade, name: Name) -> bool:
    """Say whether a name right behind a verb of giving is given the arms: "supplies Iran with missiles"."""
    scene = trade.scene
    giving = bool(scene.giving) and any(i < name.start for i in scene.giving)
    army = scene.lang == "ar" and scene.text.words[name.start - 1] in scene.doc.small.armies
    return giving and (army or not name.adjective) and not name.possessive


def _is_helped(trade: Trade, each: Tied) -> bool:
    """Say whether a state behind "to help" is given arms: "sends weapons to help Mali's government"."""
    words, name = trade.scene.text.words, each.name
    helped = words[max(name.start - 2, 0) : name.start]
    named = name.possessive or not name.adjective
    gives = trade.polarity is Polarity.SUPPLY and each.tie is Tie.INSIDE and named
    return gives and helped[:1] == ("to",) and helped[-1] in trade.scene.doc.small.helping


def _is_goal(trade: Trade, each: Tied) -> bool:
    """Say whether a word that else means "in" or "towards" is where arms go."""
    lang, tie, words = trade.scene.lang, each.tie, trade.scene.text.words
    sent = trade.scene.cue.stop <= each.at and not each.name.adjective
    onto = sent and trade.type in _SENDING and (lang, words[each.at]) in _ONTO
    into = lang == "de" and is_german_goal(words, each.name.start)
    if each.name is subject_of(trade.scene):
        return False  # "в Канаде приостановили поставки"
    goal = onto or into or (tie is Tie.IN and lang in _INTO) or (tie is Tie.ON and lang in {"zh", "it"})
    return goal and is_buying(trade) is False
