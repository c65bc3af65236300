"""Say whether a delivery, deal or licence is one of arms."""

from monitor.match.spans import Span

from .lexemes import Hit
from .objects import ARMS
from .sentences import Sentence
from .tables import OBJECT

#: How many words may stand between a deal and its arms.
NEAR = 7

#: How many words may stand between a contract and the services that award it: "order från FMV".
OF_SERVICES = 2

#: Tags of arms that make a trade one of arms.
ALL_ARMS = (*ARMS, f"{OBJECT}arms")

#: Tags of arms in a summary that the deal of a maker in its title is on.
_OF_SUMMARY = ("weapon", "materiel", "platform", "arms_strong")


def armed(sentence: Sentence, thing: Span) -> bool:
    """Say whether arms stand beside a delivery, deal or licence, or within its word; no other goods do."""
    before, word = sentence.text.words[max(thing.start - 1, sentence.start)], sentence.text.words[thing.start]
    curbed = any(span.start == thing.stop for span in sentence.spans("curbed_goods"))
    if curbed or before.startswith(sentence.small.civil_goods) or word.startswith(sentence.small.civil_goods):
        return False
    if thing.tag == f"{OBJECT}deal" and _is_pact(sentence, thing):
        return False
    if thing.tag == f"{OBJECT}deal" and any(
        _is_buyer(sentence, each, thing) for each in sentence.spans("services")
    ):
        return True
    if thing.tag == f"{OBJECT}deal" and _has_arms_in_summary(sentence):
        return True
    if thing.tag == f"{OBJECT}output" and word.startswith(sentence.small.arms_made):
        return True
    return any(_beside(sentence, span, thing) for span in sentence.spans(*ALL_ARMS))


def _has_arms_in_summary(sentence: Sentence) -> bool:
    """Say whether a title tells the deal of a maker, and the first sentence of the summary what it is on."""
    summary = sentence.doc.texts.get("summary")
    if sentence.field != "title" or summary is None or not summary.words or not any(sentence.spans("maker")):
        return False
    first = summary.sentences[0]
    spans = (span for tag in _OF_SUMMARY for span in sentence.doc[tag])
    return any(span.field == "summary" and summary.sentences[span.start] == first for span in spans)


def _is_buyer(sentence: Sentence, services: Span, thing: Span) -> bool:
    """Say whether armed services stand right before a contract, or behind it with its maker.

    "Wins air force contract"; "Rheinmetall erhält Auftrag der Bundeswehr".
    """
    if 0 <= thing.start - services.stop <= 1:
        return True
    behind = 0 <= services.start - thing.stop <= OF_SERVICES
    return sentence.lang != "en" and behind and any(sentence.spans("maker"))


def _is_pact(sentence: Sentence, thing: Span) -> bool:
    """Say whether a deal is one on common defence: no arms, sum or quantity is named with it."""
    before = sentence.text.words[max(thing.start - 2, sentence.start) : thing.start]
    pact = before[-1:] in (("defence",), ("defense",), ("security",)) and "air" not in before
    return pact and not any(sentence.spans("weapon", "materiel", "platform", "amount"))


def _beside(sentence: Sentence, arms: Span, thing: Span) -> bool:
    """Say whether arms stand near a trade; those of a subordinate clause behind it do not count."""
    if arms.start <= thing.start:
        return thing.start - arms.stop < NEAR
    return arms.start - thing.stop < NEAR and not sentence.opened(thing.start, arms.start)


def is_own_use(sentence: Sentence, verb: Hit) -> bool:
    """Say whether no other state is meant to get the arms, as in "sets aside $2bn for shells for Oman".

    In languages that name a recipient by its case, any further state is one.
    """
    others = _others(sentence)
    if sentence.lang != "en":
        return not others and not is_for_another(sentence, verb)
    before = (sentence.text.words[span.start - 1] for span in others)
    return all(word != "to" and word not in sentence.small.meant_for for word in before)


def is_for_another(sentence: Sentence, verb: Hit) -> bool:
    """Say whether money is for the arms of another state, not for arms that are bought from one."""
    words, small = sentence.text.words, sentence.small
    if sentence.lang == "en":
        return not is_own_use(sentence, verb)
    meant = (span for span in sentence.spans("country") if span.start > verb.start)
    if any(words[span.start - 1] in small.meant_for for span in meant):
        return True
    origins = small.come_from | small.bought_from
    return any(origins.isdisjoint(words[max(span.start - 2, 0) : span.start]) for span in _others(sentence))


def _others(sentence: Sentence) -> list[Span]:
    """Return the states of a sentence other than its first."""
    states = sorted(sentence.spans("country"), key=lambda span: span.start)
    return [span for span in states if span.tag != states[0].tag]
