"""Say whether all that a frame asks for stands in the sentence of its verb."""

from itertools import pairwise

from monitor.match.spans import Span

from . import word_order
from .armed import ALL_ARMS, armed, is_for_another, is_own_use
from .lexemes import Hit
from .links import is_number, is_subordinate
from .sentences import STATES, Sentence
from .tables import OBJECT, Frame

#: How many words may stand between a verb of an authority and the party that it puts on a list.
PARTY_REACH = 6

#: Needs of a frame that its object meets or does not.
_OF_OBJECT = frozenset({"goods", "arms", "counted", "no_breach", "of_use"})

#: And between a deal and drones that it is on.
DRONE_REACH = 3

#: Verbs of buying: what is approved is the purchase, not its number of arms.
_BOUGHT = frozenset({"v:buy:f", "v:buy:b", "v:buy:i"})

#: What a need of a frame stands for, in tags of the lexicon.
_NEEDS = {
    "state": (*STATES, "states"),
    "arms": ALL_ARMS,
    "weapon": ("weapon", "materiel", "platform"),
    "military": ("weapon", "unit", "materiel", "platform", "arms_strong", "services", "helicopter"),
    "court": ("court", "authority:eu-general-court"),
    "measured": ("sanction", "sanctions", "sanctioned", "embargo", "export_curb", "programme"),
    "defied": (f"{OBJECT}defiance",),
    "party": ("authority", f"{OBJECT}list", "terror_group"),
    "of_sanctions": ("authority", "sanction", "programme", "general_licence"),
    "sanctioning": ("authority", "sanction", "programme", "country"),
    "money": ("loan", "amount"),
}


def complete(sentence: Sentence, frame: Frame, verb: Hit, thing: Span | None) -> bool:
    """Say whether all that a frame needs stands in the sentence."""
    return all(_has(sentence, need, verb, thing) for need in frame.needs)


def _has(sentence: Sentence, need: str, verb: Hit, thing: Span | None) -> bool:
    if need in _OF_VERB:
        return _OF_VERB[need](sentence, verb)
    if thing is not None and need in _OF_OBJECT:
        return _has_beside_object(sentence, need, verb, thing)
    if need == "party" and _party_behind(sentence, verb):
        return True
    if need == "court":
        return any(
            not is_subordinate(sentence, span.start, verb.start) for span in sentence.spans(*_NEEDS[need])
        )
    own = need in {"military", "weapon"} and thing is not None and _of_drones(sentence, thing)
    own = own or (need == "weapon" and thing is not None and _names_arms(sentence, thing))
    return own or any(sentence.spans(*_NEEDS.get(need, (need,))))


def _is_aimed(sentence: Sentence, verb: Hit) -> bool:
    """Say whether measures are new, or hit no economy: old ones have the effect "sanctions hit growth"."""
    clause = sentence.clause(verb.start)
    new = sentence.marks.within("before", clause.start, verb.start, "new")
    first = clause.start - 1 if sentence.lang in word_order.VERB_LAST else verb.start
    return bool(new) or not any(first < span.start < clause.stop for span in sentence.spans("economy"))


def _has_beside_object(sentence: Sentence, need: str, verb: Hit, thing: Span) -> bool:
    """Say whether what a frame needs of its object holds: goods are sent, arms stand by, it is counted."""
    if need == "arms":
        return armed(sentence, thing)
    if need == "counted":
        return _is_counted(sentence, verb, thing)
    if need == "of_use":
        return not sentence.small.using.isdisjoint(sentence.text.words[verb.stop : thing.start])
    if need == "no_breach":
        return not any(_overlap(thing, span) for span in sentence.spans(f"{OBJECT}violation"))
    sent = any(span.start <= thing.start < span.stop for span in sentence.spans("platform"))
    given = any(span.start == verb.start for span in sentence.spans("supply", "aid_word"))
    stays = sent or _is_deployed(sentence, thing)
    return not stays or given or any(sentence.spans("country:UA"))


def _names_arms(sentence: Sentence, thing: Span) -> bool:
    """Say whether the word for a deal is one of arms itself: "storniert Drohnendeal", "scraps arms deal"."""
    return any(_overlap(thing, span) for span in sentence.spans("arms_strong"))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.stop and other.start < one.stop


def _is_stateless(sentence: Sentence, verb: Hit) -> bool:
    """Say whether no state stands before a verb alone: "US lets bank trade", not "US bank lets …"."""
    first = sentence.clause(verb.start).start
    return not any(first <= span.start and span.stop == verb.start for span in sentence.spans(*STATES))


def _begins_with_state(sentence: Sentence, _: Hit) -> bool:
    """Say whether a state opens the sentence: "La Chine suspend", not "Firm suspends exports to China"."""
    return any(span.start <= sentence.start + 1 for span in sentence.spans(*STATES))


def _is_finite(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a verb is finite: "is part of", not "believed to be part of"."""
    return verb.tag.endswith(":f")


def _is_deployed(sentence: Sentence, thing: Span) -> bool:
    """Say whether a state sends arms of its own to do something: "sends jets to Iceland to patrol"."""
    behind = sentence.text.words[thing.stop : sentence.stop]
    tasks = (first == "to" and second in sentence.small.tasks for first, second in pairwise(behind))
    return sentence.lang == "en" and (any(tasks) or not sentence.small.missions.isdisjoint(behind))


def _is_counted(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether a number, and no sum, stands between a verb and the arms that it acts upon."""
    if any(verb.stop <= span.start < thing.start for span in sentence.spans("amount")):
        return False
    if any(verb.stop <= each.start < thing.start and each.tag in _BOUGHT for each in sentence.verbs):
        return False
    return any(is_number(sentence.small, (word,)) for word in sentence.text.words[verb.stop : thing.start])


def _of_drones(sentence: Sentence, thing: Span) -> bool:
    """Say whether an object is drones, or a deal on them, between two states."""
    drones = (
        span for span in sentence.spans("drone") if thing.start <= span.start < thing.stop + DRONE_REACH
    )
    return any(drones) and any(sentence.spans("pair"))


def _is_notice(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an authority's name opens a title and the verb's object is a party: "Treasury targets"."""
    opening = (span for span in sentence.spans("authority") if span.start == sentence.start)
    own = sentence.field == "title" and any(span.stop == verb.start for span in opening)
    return own and _party_behind(sentence, verb)


def _party_behind(sentence: Sentence, verb: Hit) -> bool:
    return any(0 <= span.start - verb.stop < PARTY_REACH for span in sentence.spans("party"))


def _is_by_state(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a state or body stands before a verb in its clause: "Norway invests in", not "Firm …"."""
    first = sentence.clause(verb.start).start
    return any(first <= span.start and span.stop <= verb.start for span in sentence.spans(*STATES))


def _is_on_party(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a state is named, or no new rules are sanctioned: "six countries sanction new rules"."""
    named = any(sentence.spans(*STATES))
    return named or sentence.small.fresh.isdisjoint(sentence.text.words[verb.stop : verb.stop + 1])


def _is_verbal(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a word acts, and is neither a noun nor asked: "to use frozen assets", not "use of"."""
    before = sentence.text.words[max(verb.start - 1, sentence.start)]
    first = sentence.clause(verb.start).start
    blamed = not sentence.small.blaming.isdisjoint(sentence.text.words[first : verb.start])
    if blamed or sentence.marks.within("before", first, verb.start, "asked"):
        return False
    return not verb.tag.endswith(":b") or before in sentence.small.modals


#: What the verb of a frame must be as well.
_OF_VERB = {
    "notice": _is_notice,
    "aimed": _is_aimed,
    "own_use": is_own_use,
    "for_another": is_for_another,
    "state_first": _begins_with_state,
    "stateless": _is_stateless,
    "finite": _is_finite,
    "by_state": _is_by_state,
    "on_party": _is_on_party,
    "verbal": _is_verbal,
}
