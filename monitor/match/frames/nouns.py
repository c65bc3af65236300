"""Say whether a noun of an act tells it: it is announced, or it opens or ends a title."""

from . import word_order
from .clauses import Clause
from .lexemes import Hit
from .reading import is_halted
from .sentences import Sentence

#: The most words between a verb of announcing and the noun of the act.
ANNOUNCED = 3

#: How far into its clause a noun of punishing may stand: "Two years in prison for".
SENTENCED = 3

#: Verb classes whose noun is the act that is announced: "announces the lifting of sanctions".
ANNOUNCED_ACTS = frozenset("lift ease extend tighten halt unfreeze freeze delist enlist".split())

#: Finite verbs that announce the act of a noun behind them: "announces the lifting of sanctions".
ANNOUNCES = frozenset(
    f"v:{name}:{kind}" for name in ("impose", "announce", "agree", "approve") for kind in "fb"
)

#: Before the matter of Chinese talks: "就导弹采购展开谈判".
_ABOUT = "就"

#: Forms of finite verbs.
FINITE = "fucdr"


def is_matter_of_talks(sentence: Sentence, clause: Clause, verb: Hit) -> bool:
    """Say whether a noun of buying is what talks are about: "Eurofighter alımı için görüşüyor"."""
    about = sentence.lang == "zh" and _ABOUT in sentence.text.words[clause.start : verb.start]
    if not (about or sentence.lang in word_order.VERB_LAST) or not verb.tag.startswith("v:buy:"):
        return False
    behind = (each for each in sentence.verbs if verb.stop <= each.start < clause.stop)
    return any(each.tag.startswith("v:negotiate:") and each.tag[-1] in FINITE for each in behind)


def announcing_noun(sentence: Sentence, clause: Clause, verb: Hit) -> bool:
    """Say whether a noun tells its act: talks; or one that opens a title, or ends it with verbs last."""
    if verb.tag.startswith("v:negotiate") or _is_announced(sentence, verb) or is_halted(sentence, verb):
        return True
    if not sentence.small.arousing.isdisjoint(sentence.text.words[verb.stop : clause.stop]):
        return False
    words = sentence.text.words[max(verb.start - ANNOUNCED, clause.start) : verb.start]
    if sentence.lang == "en" and not sentence.small.announcing.isdisjoint(words):
        return True
    last = sentence.lang in word_order.VERB_LAST and verb.stop == clause.stop
    opening = SENTENCED if verb.tag.startswith("v:punish:") else 1
    return sentence.field == "title" and (last or verb.start - clause.start <= opening)


def _is_announced(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a finite verb of announcing or deciding stands right before a noun of an act."""
    near = (each for each in sentence.verbs if 0 <= verb.start - each.stop < ANNOUNCED)
    behind = sentence.lang in word_order.VERB_LAST and verb.tag.split(":")[1] in ANNOUNCED_ACTS
    right = (each for each in sentence.verbs if behind and each.start == verb.stop)
    return any(each.tag in ANNOUNCES for each in (*near, *right)) or _is_decided_behind(sentence, verb)


def _is_decided_behind(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a verb that ends the clause decides the act: "haben die Aufhebung … beschlossen"."""
    last = sentence.clause(verb.start).stop
    ends = (each for each in sentence.verbs if verb.stop <= each.start and each.stop == last)
    return sentence.lang == "de" and any(each.tag in ANNOUNCES for each in ends)
