"""Say whether a verb and an object belong together, and whether all that their frame asks for is there."""

from itertools import pairwise

from monitor.match.lexicon import LANGUAGES
from monitor.match.small_words import SmallWords
from monitor.match.spans import Span

from . import english, word_order
from .clauses import Clause, at
from .kinds import kind_of
from .lexemes import Hit
from .sentences import Sentence
from .tables import OBJECT, Frame

#: Verbs that take in arms as well as orders.
_TAKING = ("v:receive:", "v:sign:", "v:select:", "v:gain:")

#: Within so many words from its preposition a period ends: "per altri sei mesi".
PERIOD = 4

#: How many words may stand between a verb and its object.
REACH = 14

#: How many clauses after its verb "as a terrorist group" may stand.
LISTED = 4

#: Measures, and the verbs that act upon them.
_ACTED_UPON = frozenset({f"{OBJECT}sanctions", f"{OBJECT}package"})
_ACTING = frozenset("impose lift ease extend tighten evade".split())

#: In Chinese only who gets round them leaves none to the verb before, which may mean "by way of".
_GETTING_ROUND = {"zh": frozenset({"evade"})}


def _is_said_of_another(sentence: Sentence, frame: Frame, verb: Hit, thing: Span) -> bool:
    """Say whether sanctions are what comes, not arms: "S-400 uyarısı: Yaptırımlar gelebilir"."""
    if sentence.lang != "tr" or frame.type != "delivery" or thing.stop > verb.start:
        return False
    return any(thing.stop <= span.start < verb.start for span in sentence.spans(*_ACTED_UPON))


def linked(sentence: Sentence, frame: Frame, verb: Hit, thing: Span) -> bool:
    """Say whether a verb acts upon an object: in one clause, near, and in the language's order."""
    kind = kind_of(sentence, verb)
    if thing.start < verb.stop and verb.start < thing.stop:
        inside = thing.start >= verb.start and thing.stop <= verb.stop and verb.stop - verb.start > 1
        return inside and not (sentence.lang == "ar" and thing.start == verb.start)
    if frame.anywhere:
        return True
    parted = sentence.text.words[min(verb.stop, thing.stop) : max(verb.start, thing.start)]
    if parted[:1] == ("to",) and verb.stop + 1 in sentence.names():
        parted = parted[1:]  # "sends to Ukraine a number of tanks"
    between = _without_ceiling(sentence.small, parted)
    behind = kind == "p" and thing.stop <= verb.start and not frame.subject
    named = behind and not sentence.names().isdisjoint(range(thing.stop, verb.start))
    stated = behind and english.begins_statement(sentence.small, between, named)
    if len(between) > REACH or stated or not _together(sentence, frame, verb, thing):
        return False
    apart = _is_of_another(sentence, frame, verb, thing) or _is_said_of_another(sentence, frame, verb, thing)
    if apart or (frame.subject and not _heads(sentence, thing)):
        return False
    if thing.start >= verb.stop:
        return _behind(sentence, frame, between, kind)
    of_talks = kind == "n" and frame.about and thing.stop == verb.start  # "fighter deal talks"
    return of_talks or (not frame.via and _before(sentence, frame, thing, kind))


def _without_ceiling(small: SmallWords, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without the preposition that bounds a number: "up to 100", "at least 100"."""
    counted = (at for at, pair in enumerate(pairwise(words)) if pair in small.bounds)
    ceilings = {each for at in counted if is_number(small, words[at + 2 : at + 3]) for each in (at, at + 1)}
    return tuple(word for at, word in enumerate(words) if at not in ceilings)


def is_number(small: SmallWords, words: tuple[str, ...]) -> bool:
    """Say whether any of the words is a number, in digits or as a word."""
    return any(word.isdigit() or word in small.numerals for word in words)


def _is_of_another(sentence: Sentence, frame: Frame, verb: Hit, thing: Span) -> bool:
    """Say whether an English object is a later infinitive's, or describes talks.

    "Agrees to ease sanctions" agrees on none, "to boost fighter deal talks" boosts no deal.
    """
    if frame.about:  # "talks to buy jets" are about jets
        return False
    if sentence.lang != "en":
        nearer = _is_of_nearer(sentence, verb, thing) or _is_deal_of_arms(sentence, verb, thing)
        return frame.type != "retaliation" and nearer
    words = sentence.text.words
    if "talks" in words[thing.stop : min(thing.stop + 2, sentence.clause(thing.start).stop)]:
        return True
    inside = (each for each in sentence.verbs if verb.start < each.start < thing.start)
    others = (each for each in inside if each.tag.endswith(":b") and each.tag != "v:impose:b")
    return any(words[each.start - 1] == "to" for each in others)


def _is_of_nearer(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether another verb acts upon sanctions behind both: "تصدر ترخيصا يخفف العقوبات"."""
    acting = _ACTING if sentence.lang in word_order.VERB_FIRST else _GETTING_ROUND.get(sentence.lang, ())
    if not acting or thing.tag not in _ACTED_UPON:
        return False
    inside = (each for each in sentence.verbs if verb.stop <= each.start and each.stop <= thing.start)
    return any(each.tag.split(":")[1] in acting for each in inside)


def _is_deal_of_arms(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether a verb acts upon arms, of which a deal only tells: "recibe los tanques de un contrato"."""
    if thing.tag != f"{OBJECT}deal" or not verb.tag.startswith(_TAKING):
        return False
    near = sentence.text.words[max(thing.start - 2, verb.stop) : thing.start]
    arms = (span for span in sentence.objects if span.tag == f"{OBJECT}arms")
    return not sentence.small.owned_by.isdisjoint(near) and any(
        verb.stop <= span.start < thing.start for span in arms
    )


def _before(sentence: Sentence, frame: Frame, thing: Span, kind: str) -> bool:
    """Say whether an object may stand before its verb."""
    noun_last = kind == "n" and sentence.lang in word_order.VERB_LAST
    if frame.by_means and sentence.text.words[thing.start] in sentence.small.nominatives:
        return False
    return frame.subject or _is_free(sentence.lang) or kind == "p" or noun_last


def _is_free(lang: str) -> bool:
    """Say whether objects may stand before their verb; in a language that an operator added they may."""
    return lang in word_order.FREE or lang not in LANGUAGES


def _together(sentence: Sentence, frame: Frame, verb: Hit, thing: Span) -> bool:
    """Say whether both share a clause, a relative one follows, or one put in stands between."""
    one, other = at(sentence.clauses, verb.start), at(sentence.clauses, thing.start)
    aside = one - other == 1 and _ends_with_verb(sentence, verb)
    if one == other or aside or (frame.about and _is_matter_over(sentence, verb, sentence.clauses[other])):
        return True
    clause = sentence.clauses[one]
    if "list" in frame.objects and sentence.text.words[sentence.clauses[other].start] == "as":
        return 0 < other - one <= LISTED
    if "list" in frame.objects and other > one and _enumerates(sentence, verb, thing):
        return True
    if (
        thing.tag in {f"{OBJECT}deal", f"{OBJECT}output"}
        and other - one == 1
        and _is_listed_deal(sentence, verb, thing)
    ):
        return True
    if verb.tag.endswith(":p") and abs(one - other) == 1:
        opens = verb.start == clause.start or sentence.text.words[clause.start] in sentence.small.relative
        near = thing.stop == clause.start or (other > one and thing.start - clause.stop <= 2)
        return opens and near
    return frame.subject and one - other == 2 and not clause.subordinate


def _is_matter_over(sentence: Sentence, verb: Hit, clause: Clause) -> bool:
    """Say whether the clause right behind talks names their matter: "in talks over more jets".

    That of a suspicion may stand further behind: "probes a firm over sanctions evasion".
    """
    near = clause.start == verb.stop or (verb.tag.startswith("v:suspect:") and clause.start > verb.stop)
    return near and sentence.text.words[clause.start] == "over"


def _ends_with_verb(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a verb ends its clause where verbs come last: "کشتی را به دلیل … توقیف کرد"."""
    return sentence.lang in word_order.VERB_LAST and verb.stop == sentence.clause(verb.start).stop


def _is_listed_deal(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether only nouns part a verb from its deal: "strikes drone production, military support deal"."""
    text = sentence.text
    gaps = {text.raw[text.stops[at - 1] : text.starts[at]] for at in range(verb.stop, thing.start)}
    acting = any(verb.stop <= each.start < thing.start and each.tag[-1] in "fpb" for each in sentence.verbs)
    aside = sentence.clause(thing.start).subordinate
    return sentence.lang == "en" and ", " in gaps <= {" ", ", ", "-"} and not (acting or aside)


def _enumerates(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether only commas of a list part a verb from its list: "adds firms, ships to its blacklist"."""
    text = sentence.text
    gaps = {text.raw[text.stops[at - 1] : text.starts[at]] for at in range(verb.stop, thing.start)}
    if not gaps <= {" ", ", ", "-", "", "’", "'"}:
        return False
    near = text.words[max(thing.start - 3, verb.stop) : thing.start]
    return "to" in near and not sentence.opened(verb.start, thing.start)


def _heads(sentence: Sentence, thing: Span) -> bool:
    """Say whether a subject is no object of a preposition: "turnaround on sanctions targets"."""
    before = sentence.text.words[thing.start - 1] if thing.start > sentence.start else ""
    return before not in {"on", "over", "against", "despite", "from"}


def _behind(sentence: Sentence, frame: Frame, between: tuple[str, ...], kind: str) -> bool:
    """Say whether an object may stand behind its verb with these words between."""
    if frame.subject:
        return not frame.ahead and sentence.lang in word_order.SUBJECT_BEHIND and kind in "fnp"
    if sentence.lang == "tr":
        return False
    if frame.via:
        return not sentence.small.meant_for.isdisjoint(between)
    if frame.by_means:
        by_agent = kind == "p" and between[:1] == ("by",)
        instrument = by_agent or _is_instrument(sentence.small, between)
        return sentence.lang in word_order.INSTRUMENTAL or instrument
    if frame.about or not {"list", "swift"}.isdisjoint(frame.objects):
        return True
    blocking = sentence.small.blocking.get(sentence.lang, frozenset())
    counted = between[-1:] != () and between[-1].isdigit()  # "buys for the army 600 drones"
    if counted:
        blocking = blocking - sentence.small.meant_for
    between = _without_period(sentence.small, between)
    return (blocking - sentence.small.of_nouns if kind == "n" else blocking).isdisjoint(between)


def _without_period(small: SmallWords, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without the preposition of a period: "sospendono per sei mesi le sanzioni"."""
    ends = (not small.periods.isdisjoint(words[at + 1 : at + PERIOD]) for at in range(len(words)))
    return tuple(w for w, ends_so in zip(words, ends, strict=True) if w not in small.meant_for or not ends_so)


def _is_instrument(small: SmallWords, between: tuple[str, ...]) -> bool:
    """Say whether what follows is what somebody is hit with: "with sanctions", "in fresh sanctions"."""
    fresh = between[-2:-1] == ("in",) and between[-1] in small.fresh
    return fresh or not small.by_means_of.isdisjoint(between)


def is_subordinate(sentence: Sentence, start: int, other: int) -> bool:
    """Say whether a word stands in a subordinate clause without the other: "lifts bans after ruling"."""
    clause = sentence.clause(start)
    return clause.subordinate and clause != sentence.clause(other)
