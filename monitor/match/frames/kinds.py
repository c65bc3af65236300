"""Tell the kind of a verb's form where it stands: finite, a participle, a gerund, a noun."""

from monitor.match.small_words import SmallWords
from monitor.text import Text

from . import english
from .lexemes import Hit
from .sentences import Sentence

#: Between the name that heads a title and the gerund of what it is doing.
_BETWEEN_NAMES = frozenset("and still now again linked flagged owned".split())
_SHIP = "object-ship"

#: How many words before a gerund the verb stands that shows who does it.
SHOWN = 5


def kind_of(sentence: Sentence, verb: Hit) -> str:
    """Return the kind of a verb's form here: compounds describe, "is supplying" is finite."""
    kind = verb.tag.rpartition(":")[2]
    if verb.stop - verb.start == 1 and _in_compound(sentence.text, verb.start):
        return "g"
    if kind in "bf" and sentence.lang == "en" and _is_noun(sentence, verb):
        return "n"
    if kind == "g" and sentence.lang == "en":
        return "f" if _is_progressive(sentence, verb) else "g"
    return "f" if kind == "g" and _is_reported_fact(sentence, verb) else kind


def _is_reported_fact(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a Turkish participle is what a passive reports: "iptal ettiği bildirildi"."""
    words = sentence.text.words
    if sentence.lang != "tr" or verb.stop >= sentence.stop:
        return False
    ends = words[verb.stop - 1].endswith(sentence.small.fact_endings.get("tr", ()))
    return ends and words[verb.stop].startswith(sentence.small.reports_of_facts)


def _is_progressive(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an English gerund is finite: "is supplying", "deal on banning", "US pausing arms sale"."""
    words = sentence.text.words
    if _agreed_on(words[max(verb.start - 2, 0) : verb.start]):
        return True
    if verb.start == sentence.start:
        return False
    if _contracted(sentence.small, words[max(verb.start - 2, 0) : verb.start]):
        return True
    adverb = words[verb.start - 1].endswith("ly") and sentence.field == "title"
    if adverb or words[verb.start - 1] == "says":
        return sentence.small.finite.isdisjoint(words[verb.stop : sentence.clause(verb.start).stop])
    small = sentence.small
    skipped = words[verb.start - 1] in small.adverbs and words[verb.start - 2 : verb.start - 1]
    before = words[verb.start - 2] if skipped else words[verb.start - 1]  # "is still supplying"
    acting = before in small.being or before in small.stopping_finitely
    return acting or _heads_title(sentence, verb) or _is_shown(sentence, verb)


def _contracted(small: SmallWords, before: tuple[str, ...]) -> bool:
    """Say whether two words are a pronoun and its shortened auxiliary: "he's", "they're"."""
    pronoun = before[:1] and before[0] in small.subject_pronouns
    return bool(pronoun) and before[-1] in small.contracted


def _heads_title(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a gerund tells what the name does that opens a clause of a title, and is no subject."""
    clause = sentence.clause(verb.start)
    between = range(clause.start, verb.start)
    of_noun = sentence.text.words[verb.stop : verb.stop + 1] == ("of",)
    names, words = sentence.names(), sentence.text.words
    modal = not sentence.small.finite.isdisjoint(words[verb.stop : clause.stop])
    is_subject = modal or words[verb.start - 1] == "and"
    if sentence.field != "title" or clause.subordinate or not between or of_noun or is_subject:
        return False
    of_ships = names.union(*(range(s.start, s.stop) for s in sentence.objects if s.tag == _SHIP))
    return between.start in names and all(at in of_ships or words[at] in _BETWEEN_NAMES for at in between)


def _is_shown(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a gerund tells what a title's film shows somebody doing: "video shows US navy boarding"."""
    first = max(sentence.clause(verb.start).start, verb.start - SHOWN)
    words, names = sentence.text.words, sentence.names()
    shows = (at for at in range(first, verb.start - 1) if words[at] in sentence.small.showing)
    return sentence.field == "title" and any(at + 1 in names for at in shows)


def _agreed_on(before: tuple[str, ...]) -> bool:
    """Say whether a gerund tells what a deal is on: "agrees deal on banning imports"."""
    return before in {("deal", "on"), ("agreement", "on")}


def _is_noun(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an English word that may be a verb is a noun here: "the release of", "cargo ship"."""
    before = sentence.text.words[verb.start - 1] if verb.start > sentence.start else ""
    noun = before in sentence.small.determiners or english.owned(sentence.text, verb.start)
    acts = before in sentence.small.modals or before in sentence.small.before_infinitive
    ship = sentence.text.words[verb.start] == "ship" and not acts
    named = (
        verb.tag == "v:supply:b" and sentence.text.words[verb.stop : verb.stop + 1] == ("of",) and not acts
    )
    return (noun or ship or named) and verb.stop - verb.start == 1 and not _may_be_verb(verb)


def _may_be_verb(verb: Hit) -> bool:
    """Say whether a word was told apart from its noun before: "Trump's Treasury sanctions"."""
    return verb.tag.startswith(("v:sanction:", "v:unlist:"))


def _in_compound(text: Text, index: int) -> bool:
    start, stop = text.starts[index], text.stops[index]
    return start > 0 and "-" in {text.raw[start - 1], text.raw[stop : stop + 1]}
