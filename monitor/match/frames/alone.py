"""Say whether a verb that needs no object acts: "sanctions", "blacklists"."""

from . import english, word_order
from .clauses import Clause
from .lexemes import Hit
from .reading import has_auxiliary
from .sentences import Sentence

#: Verbs right behind the Chinese word for sanctions that make it a noun: "对叙利亚制裁正式解除".
_RELIEF = frozenset(f"v:{name}:f" for name in ("lift", "ease", "extend"))
BEFORE_RELIEF = 4

#: Between a name and its Chinese verb: "美国以协助伊朗为由制裁".
_BEFORE_IDEOGRAPHS = frozenset("由 再 又 并 续 起 称 已".split())

#: Before who does it these make a Chinese verb passive: "遭美国制裁".
_SUFFERED = frozenset("遭 被".split())

#: What stands between a president and the verb of what was done under him.
_GOVERNMENT = "administration"

#: How far before "sanctioning" a mark may stand that says who means to.
MEANT = 3


def acts_alone(sentence: Sentence, verb: Hit, kind: str) -> bool:
    """Say whether a verb that needs no object acts here: it has a subject, an object or an agent."""
    if sentence.lang == "zh":
        return _ideograph_acts(sentence, verb)
    if kind == "p":
        return _participle_acts(sentence, verb)
    if sentence.lang != "en":
        return kind in "fucirdx" or (kind == "b" and sentence.lang == "de")
    if kind == "b" and verb.tag.startswith("v:designate"):
        return sentence.text.words[max(verb.start - 1, 0)] in sentence.small.modals
    return kind in "fb" or (kind == "g" and _is_meant(sentence, verb))


def _is_meant(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a mark right before a gerund says that it is meant: "considers sanctioning"."""
    first = max(sentence.clause(verb.start).start, verb.start - MEANT)
    before = sentence.marks.within("before", first, verb.start)
    return any(name in {"considered", "future", "threatened"} for name, _ in before)


def _participle_acts(sentence: Sentence, verb: Hit) -> bool:
    text, small, clause = sentence.text, sentence.small, sentence.clause(verb.start)
    behind = text.words[verb.stop] if verb.stop < clause.stop else ""
    begins = verb.start == clause.start
    attribute = sentence.lang == "en" and not begins and english.is_attribute(small, text, verb.start)
    if attribute or behind in small.done_by:
        return not attribute
    if has_auxiliary(sentence, verb.start, clause.start):
        return True
    if sentence.lang in word_order.DESCRIBING_BEHIND:
        return False
    if behind == "in" and verb.tag.startswith("v:sanction"):
        return sentence.lang == "en" and verb.stop + 1 in sentence.names()
    subject = not begins and (
        sentence.lang != "en" or _subject_at(sentence, verb, clause) in sentence.names()
    )
    return subject and (sentence.lang != "en" or behind not in english.NO_OBJECT)


def _subject_at(sentence: Sentence, verb: Hit, clause: Clause) -> int:
    """Return where an English subject ends, adverbs passed: "Trump administration quietly sanctioned"."""
    at, names, words = verb.start - 1, sentence.names(), sentence.text.words
    while at > clause.start and at not in names and (words[at].endswith("ly") or words[at] == _GOVERNMENT):
        at -= 1
    return at


def _ideograph_acts(sentence: Sentence, verb: Hit) -> bool:
    """In Chinese a verb stands behind a name and before what it acts upon."""
    behind = "".join(sentence.text.words[verb.stop : verb.stop + 2])
    if any(0 <= each.start - verb.stop <= BEFORE_RELIEF and each.tag in _RELIEF for each in sentence.verbs):
        return False
    words, first = sentence.text.words, sentence.clause(verb.start).start
    moved = first in sentence.names() and words[verb.start - 1] in _BEFORE_IDEOGRAPHS
    named = verb.start - 1 in sentence.names() or moved
    suffered = not _SUFFERED.isdisjoint(sentence.text.words[sentence.clause(verb.start).start : verb.start])
    if verb.stop == sentence.stop:
        return named and suffered
    return named and not behind.startswith(sentence.small.nouns_of_ideographs)
