"""Decide why an act is background: its clause is subordinate, or its verb only describes or names it."""

from monitor.match.spans import Span
from monitor.model import EventStatus

from . import english, word_order
from .clauses import Clause, at
from .kinds import kind_of
from .lexemes import Hit
from .nouns import announcing_noun, is_matter_of_talks
from .reading import has_auxiliary, is_of_arms
from .results import is_result
from .sentences import Sentence
from .tables import OBJECT

DESCRIBES, NAMED, OF_NOUN = "describes", "named, not told", "tells of its noun"
PURPOSE = "a purpose"
STANDS, BY_OTHERS = "a standing state", "not done by a state"

#: Verb classes of acts that others than states do as well: block exports, hold ships, freeze money.
_OTHERS = frozenset(f"v:{name}" for name in "ban freeze halt seize_ship exclude".split())

#: The most words between a participle and the verb of its clause.
REDUCED = 9

#: Forms of finite verbs. No preposition governs them, so they belong to the main clause.
_FINITE = "fucdr"

#: Participles that describe measures in force more often than they tell news: "sanctions imposées à".
_DESCRIBING = frozenset(f"v:{name}:p" for name in ("impose", "hit", "freeze", "sanction", "announce"))

_NEWS = frozenset("new fresh more first additional further".split())


def beside(sentence: Sentence, clause: Clause) -> str:
    """Return why the acts of a clause are background: it is subordinate; else "".

    A Turkish postposition opens the clause behind that which it makes subordinate.
    """
    return _because_of(sentence, clause) if clause.subordinate and sentence.lang != "tr" else ""


def _because_of(sentence: Sentence, clause: Clause) -> str:
    """Return the reason that a clause opened by such a word gives."""
    return f'told as what came before ("{sentence.text.as_written(clause.start)} …")'


def why_not(sentence: Sentence, verb: Hit, thing: Span | None, status: EventStatus) -> str:
    """Return why an act is background, or ""."""
    clause, kind = sentence.clause(verb.start), kind_of(sentence, verb)
    main = _verb_last(sentence, clause, verb) or _of_main(sentence, clause, kind)
    aside = "" if main or _is_own_intention(sentence, clause, status) else beside(sentence, clause)
    before = _before_postposition(sentence, verb) or _beside_clause_before(sentence, verb, kind)
    if why := aside or before:
        return why
    if why := _why_described(sentence, clause, verb, thing):
        return why
    seizure = sentence.lang == "en" and verb.tag == "v:seize_ship:n"
    if status is not EventStatus.DONE and not seizure:
        return ""
    if kind == "n":
        return "" if announcing_noun(sentence, clause, verb) else NAMED
    told = kind != "g" or _is_way(sentence, verb) or is_result(sentence, verb, thing)
    return "" if told else DESCRIBES


def _is_own_intention(sentence: Sentence, clause: Clause, status: EventStatus) -> bool:
    """Say whether a clause tells what the main subject intends: "courts Trump as it seeks to buy jets"."""
    words = sentence.text.words[clause.start : clause.start + 2]
    own = words[0] == "as" and words[-1] in sentence.small.subject_pronouns
    intended = status in {EventStatus.FUTURE, EventStatus.WISHED}
    return sentence.lang == "en" and sentence.field == "title" and own and intended


def _before_postposition(sentence: Sentence, verb: Hit) -> str:
    """Return why a Turkish verb is background if the word behind it says so: "alması durumunda"."""
    if sentence.lang != "tr" or verb.stop >= sentence.stop:
        return ""
    behind = sentence.clause(verb.stop)
    opens = behind.start == verb.stop and behind.subordinate
    return _because_of(sentence, behind) if opens else ""


def _is_way(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a gerund tells how somebody trades: "aggirando le sanzioni", "en contournant"."""
    if verb.tag != "v:evade:g" or sentence.lang == "en":
        return False
    if sentence.lang == "fr":
        return sentence.text.words[verb.start - 1] == "en"
    endings = sentence.small.adverbial_gerunds.get(sentence.lang, ())
    return bool(endings) and sentence.text.words[verb.stop - 1].endswith(endings)


def _is_suspected(sentence: Sentence, clause: Clause, verb: Hit) -> bool:
    """Say whether an English text only describes who is suspected: "vessels suspected of evasion"."""
    if sentence.lang != "en" or sentence.field == "title" or not verb.tag.startswith("v:suspect:"):
        return False
    past = sentence.text.words[verb.start].endswith("ed")
    return past and not has_auxiliary(sentence, verb.start, clause.start)


def _is_purpose(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a text below a title says what something is for: "a ship used to evade sanctions".

    An Arabic title with measures before it does as well: "sanctions on a network to evade sanctions".
    """
    if verb.tag.rpartition(":")[0] != "v:evade":
        return False
    if sentence.field == "title":
        before = (each for each in sentence.objects if each.tag == f"{OBJECT}sanctions")
        return sentence.lang == "ar" and any(each.stop <= verb.start for each in before)
    return sentence.text.words[verb.start - 1] == "to" or verb.tag.endswith(":i")


def _beside_clause_before(sentence: Sentence, verb: Hit, kind: str) -> str:
    """Return why an act goes on with an aside before it: "talks go on as US threatens, imposes sanctions"."""
    number = at(sentence.clauses, verb.start)
    opens = kind == "f" and number > 1 and sentence.clauses[number].start == verb.start
    if sentence.lang != "en" or not opens:
        return ""
    before = sentence.clauses[number - 1]
    return beside(sentence, before) if sentence.text.words[before.start] in sentence.small.meanwhile else ""


def _why_described(sentence: Sentence, clause: Clause, verb: Hit, thing: Span | None) -> str:
    """Return why a verb of the main clause is background: others act, it describes, or it names an act."""
    kind = kind_of(sentence, verb)
    if _is_purpose(sentence, verb):
        return PURPOSE
    if _is_suspected(sentence, clause, verb):
        return DESCRIBES
    if _by_others(sentence, clause, verb):
        return BY_OTHERS
    if thing is not None and kind == "p" and _describes(sentence, clause, verb, thing):
        return DESCRIBES
    talks = (kind in "ni" or sentence.lang == "zh") and is_matter_of_talks(sentence, clause, verb)
    if talks or is_reaction(sentence, clause, verb.start):
        return NAMED
    return _why_beside_noun(sentence, verb, thing, kind) if sentence.lang == "en" else ""


def _why_beside_noun(sentence: Sentence, verb: Hit, thing: Span | None, kind: str) -> str:
    """Return why an English participle or gerund only describes: "a man sanctioned by", "for supplying"."""
    before = sentence.text.words[max(verb.start - 1, sentence.start)]
    relative = thing is not None and "that" in sentence.text.words[thing.stop : verb.start]
    governed = any(hit.stop == verb.start for hit in sentence.marks.hits)  # "divided over sanctioning"
    if relative or (kind == "g" and before in sentence.small.before_gerund and not governed):
        return DESCRIBES
    if kind == "b":
        return NAMED if _decided(sentence, verb) else ""
    if kind == "p" and _attributive(sentence, verb, thing):
        return DESCRIBES
    if kind == "p" and thing is None and before in sentence.small.lasting:
        return STANDS
    if kind == "p" and thing is None and _opens_title(sentence, verb):
        return DESCRIBES
    of_noun = kind == "p" and (_is_undergone(sentence, verb) or _reduced(sentence, verb, thing))
    return OF_NOUN if of_noun else ""


def _is_undergone(sentence: Sentence, verb: Hit) -> bool:
    """Say whether "being" describes the noun before it: "tanker being pursued", not "is being pursued"."""
    before = sentence.text.words[max(verb.start - 2, sentence.start) : verb.start]
    return before[-1:] == ("being",) and before[0] not in sentence.small.finite


def _opens_title(sentence: Sentence, verb: Hit) -> bool:
    """Say whether a participle opens a title and describes its subject: "Sanctioned by EU, bank sues"."""
    clause = sentence.clause(verb.start)
    return verb.start == sentence.start and clause.stop < sentence.stop


def _decided(sentence: Sentence, verb: Hit) -> bool:
    """Say whether an infinitive belongs to a noun that only names it: "the decision to sanction"."""
    before = sentence.text.words[max(verb.start - 2, sentence.start) : verb.start]
    return before[1:] == ("to",) and before[0] in sentence.small.decisions


def _reduced(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """Say whether a participle without auxiliary stands behind its noun in a clause with another verb."""
    clause, words = sentence.clause(verb.start), sentence.text.words
    before_object = thing is not None and thing.start >= verb.stop and words[verb.stop] != "by"
    if before_object or has_auxiliary(sentence, verb.start, clause.start):
        return False
    if thing is None and verb.start == clause.start and clause.start > sentence.start:
        return True
    behind = words[verb.stop : min(verb.stop + REDUCED, clause.stop)]
    if not sentence.small.finite.isdisjoint(behind) or not sentence.small.headline_verbs.isdisjoint(behind):
        return True
    before = set(words[clause.start : verb.start])
    if thing is not None and not sentence.small.wanting.isdisjoint(words[clause.start : thing.start]):
        return False
    if thing is not None and thing.stop <= verb.start:
        before -= sentence.small.reporting.intersection(words[clause.start : thing.start])
    return not sentence.small.headline_verbs.isdisjoint(before)


def _attributive(sentence: Sentence, verb: Hit, thing: Span | None) -> bool:
    """Say whether an English participle only describes its object."""
    clause = sentence.clause(verb.start)
    if thing is None:
        return False
    if thing.start >= verb.start:
        opens = verb.start == clause.start and not english.has_article(sentence.text, verb.stop)
        return opens or english.is_attribute(sentence.small, sentence.text, verb.start)
    if sentence.text.words[verb.start - 1] == "of":
        return True
    return _bare_participle(sentence, clause, verb, thing)


def _bare_participle(sentence: Sentence, clause: Clause, verb: Hit, thing: Span) -> bool:
    """ "US sanctions imposed over Gaza": right behind its noun, with neither auxiliary nor agent."""
    words = sentence.text.words
    if verb.start > thing.stop or not verb.tag.startswith("v:impose"):
        return False
    if thing.start == sentence.start and words[verb.stop : verb.stop + 1] in (("on",), ("against",)):
        return False
    near = words[max(thing.start - 3, clause.start) : thing.start]
    acting = any(verb.stop <= each.start < clause.stop and each.tag[-1] in "fpb" for each in sentence.verbs)
    news = not _NEWS.isdisjoint(near) or ("other" in near and not acting)
    return not news and "by" not in words[verb.stop : clause.stop]


def _of_main(sentence: Sentence, clause: Clause, kind: str) -> bool:
    """Say whether a finite verb stands behind a prepositional phrase: "Nach Angriff verhängt …"."""
    words = sentence.text.words
    openers = sentence.small.phrases.get(sentence.lang, frozenset())
    conjoined = not sentence.small.conjoining.isdisjoint(words[clause.start + 1 : clause.start + 2])
    return kind in _FINITE and words[clause.start] in openers and not conjoined


def _by_others(sentence: Sentence, clause: Clause, verb: Hit) -> bool:
    """Say whether the subject of a verb is a crowd, pirates or rebels, not a state."""
    if verb.tag.rpartition(":")[0] not in _OTHERS:
        return False
    spans = [s for s in sentence.spans("other_actor") if clause.start <= s.start and s.stop <= verb.start]
    if not spans:
        return False
    names = sentence.names()
    return any(names.isdisjoint(range(span.stop, verb.start)) for span in spans)


def is_reaction(sentence: Sentence, clause: Clause, index: int) -> bool:
    """Say whether a word belongs to the act of another, to which the subject reacts: "回应日本允许…"."""
    found = sentence.marks.within("before", clause.start, index, "reacting")
    if not found:
        return False
    names = sentence.names()
    return any(place in names for _, hit in found for place in range(hit.stop, index))


def _describes(sentence: Sentence, clause: Clause, verb: Hit, thing: Span) -> bool:
    """Say whether a participle only describes its object: in a clause of its own, or behind measures."""
    if _opens_clause(sentence, clause, verb, thing):
        return True
    if is_of_arms(thing) or thing.tag == f"{OBJECT}ship":
        return False
    behind = clause.start <= thing.start < thing.stop <= verb.start
    free = not has_auxiliary(sentence, verb.start, clause.start)
    described = sentence.lang in word_order.DESCRIBING_BEHIND and behind and free
    return described and not _is_predicate(sentence, clause, verb, thing)


def _is_predicate(sentence: Sentence, clause: Clause, verb: Hit, thing: Span) -> bool:
    """Say whether a participle is all that a title says of its measures: "Sanctions extended for a year"."""
    if sentence.field != "title" or thing.start - clause.start > 1 or verb.tag in _DESCRIBING:
        return False
    behind = sentence.text.words[verb.stop] if verb.stop < clause.stop else ""
    alone = all(each.start == verb.start for each in sentence.verbs if each.tag[-1] in _FINITE)
    return alone and (not behind or behind in sentence.small.behind_predicate or behind[0].isdigit())


def _opens_clause(sentence: Sentence, clause: Clause, verb: Hit, thing: Span) -> bool:
    """Say whether a participle opens a clause that describes a thing of another: "F-16s, ordered in 2018"."""
    opens = verb.start == clause.start or sentence.text.words[clause.start] in sentence.small.relative
    return opens and not clause.start <= thing.start < clause.stop


def _verb_last(sentence: Sentence, clause: Clause, verb: Hit) -> bool:
    """Say whether an aside is a phrase before the verb of the main clause: "wegen … verurteilt"."""
    if sentence.lang in {"tr", "fa"}:
        return verb.stop == clause.stop
    if sentence.lang == "zh":
        return verb.tag.startswith("v:punish")
    phrase = sentence.text.words[clause.start] in sentence.small.phrases.get("de", ())
    return sentence.lang == "de" and phrase and verb.stop == clause.stop
