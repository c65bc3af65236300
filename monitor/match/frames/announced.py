"""Read what a title without a verb announces: new measures, a bill, arms for a state."""

from monitor.match.spans import Span
from monitor.model import EventStatus

from . import word_order
from .armed import ALL_ARMS, armed
from .clauses import Clause
from .lexemes import Hit
from .sentences import STATES, Sentence
from .status import Mark
from .tables import OBJECT

#: What a title without a verb announces: measures that are new, a bill that is before a parliament.
ANNOUNCED_OBJECTS = frozenset(f"{OBJECT}{name}" for name in ("sanctions", "package", "bill", "measures"))

#: How far into its clause an announcement without a verb may have its object.
OPENING = 3

#: The most words between "for" and the supply of arms: "für schnelle weitere Lieferungen".
QUALIFIED = 2

#: Before and at the end of what has arms in it.
_IN_PACKAGE = frozenset({"in", "under", "from"})
_PACKAGES = frozenset({"package", "packages", "tranche", "batch", "consignment"})

#: The most letters of a word between two names that head a title: "Polska i Korea".
CONJUNCTION = 3


def announcement(sentence: Sentence, clause: Clause, thing: Span) -> Mark | None:
    """Return the mark of a title that announces measures: "New EU sanctions against Iran"."""
    if sentence.field == "title" and thing.tag in {f"{OBJECT}arms", f"{OBJECT}decree"}:
        return _alone(sentence, clause, thing)
    if sentence.field != "title" or thing.tag not in ANNOUNCED_OBJECTS:
        return None
    if thing.tag == f"{OBJECT}measures" and not any(sentence.spans("pair")):
        return None
    new = sentence.marks.within("before", clause.start, thing.stop + 2, "new")
    inside = (verb for verb in sentence.verbs if clause.start <= verb.start < clause.stop)
    acting = any(verb.stop <= thing.start or verb.start >= thing.stop for verb in inside)
    behind = _behind_measures(sentence, clause, thing, new)
    ends = (
        not behind
        or behind in sentence.small.put_on
        or behind in sentence.small.put_on_in.get(sentence.lang, ())
    )
    if thing.tag == f"{OBJECT}bill":
        bill = Hit(thing.start, thing.stop, "")
        return Mark(bill, EventStatus.FUTURE, True) if ends and not acting else None
    opening = thing.start - clause.start <= OPENING or _is_instrument(sentence, new, clause)
    last = sentence.lang == "zh" or sentence.lang in word_order.VERB_LAST
    opening = opening or (last and clause.start in sentence.names())
    announced = (opening and new) or _is_headed(sentence, clause, thing) or _counts(sentence, clause, thing)
    reacting = sentence.marks.within("before", clause.start, thing.start, "reacting")
    if acting or reacting or not ends or not announced:
        return None
    wanted = _wanting(sentence, clause, new[0][1].start if new else thing.start)
    return wanted or Mark(new[0][1] if new else Hit(thing.start, thing.stop, ""), EventStatus.DONE, False)


def _alone(sentence: Sentence, clause: Clause, thing: Span) -> Mark | None:
    """Return the mark of a title that is only arms for a state, or that opens as a decree."""
    decree = thing.tag == f"{OBJECT}decree"
    told = thing.start == sentence.start if decree else _is_meant_for(sentence, clause, thing)
    status = EventStatus.DONE if decree else EventStatus.FUTURE
    return Mark(Hit(thing.start, thing.stop, ""), status, False) if told else None


def deal_announced(sentence: Sentence, clause: Clause, thing: Span) -> Mark | None:
    """Return the mark of a title that is only a deal in arms: "Leonardo, contratto per 24 elicotteri".

    It has a sum or two parties, no verb that is known, and ends with a name, a sum or arms; where verbs come
    last it ends with the deal itself.
    """
    names = sentence.names()
    if sentence.field != "title" or sentence.lang in {"en", "zh"} or not _is_of_arms(sentence, clause, thing):
        return None
    if any(verb.tag[-1] != "n" and verb.start != thing.start for verb in sentence.verbs):
        return None
    named = names | _makers(sentence)
    if sentence.lang in word_order.VERB_LAST and thing.stop == sentence.stop:
        ends = sentence.start in named
    else:
        head = range(sentence.start, clause.start)
        opens = all(at in named or len(sentence.text.words[at]) <= CONJUNCTION for at in head)
        ends = opens and thing.start == clause.start and _ends_with_matter(sentence)
    ends = ends and _is_stated(sentence)
    return Mark(Hit(thing.start, thing.stop, ""), EventStatus.DONE, False) if ends else None


def _is_of_arms(sentence: Sentence, clause: Clause, thing: Span) -> bool:
    """Say whether arms stand near a deal or behind a sum, or a maker deals with a buyer of arms."""
    behind = (span for span in sentence.spans(*ALL_ARMS, "helicopter") if span.start >= thing.stop)
    services = any(sentence.spans("maker")) and any(sentence.spans("agency", "services"))
    return services or armed(sentence, thing) or any(span.stop <= clause.stop for span in behind)


def _is_stated(sentence: Sentence) -> bool:
    """Say whether a title names a sum, or two who may make a deal."""
    parties = {span.tag for span in sentence.spans("country", "maker", "agency")}
    return len(parties) > 1 or any(sentence.spans("amount"))


def _makers(sentence: Sentence) -> frozenset[int]:
    spans = sentence.spans("maker", "agency")
    return frozenset(index for span in spans for index in range(span.start, span.stop))


def _ends_with_matter(sentence: Sentence) -> bool:
    """Say whether a title ends with a name, a sum or arms, so that no verb comes behind."""
    ends = {span.stop for span in sentence.spans(*STATES, "maker", "amount", *ALL_ARMS, "helicopter")}
    model = any(letter.isdigit() for letter in sentence.text.words[sentence.stop - 1])
    return sentence.stop in ends or (model and sentence.stop - 1 in ends)


def _wanting(sentence: Sentence, clause: Clause, start: int) -> Mark | None:
    """Return the mark of a person or state that is for measures: "Baerbock für neue Sanktionen"."""
    at = min(start, clause.stop) - 1
    named = at > clause.start and sentence.names().issuperset(range(clause.start, at))
    if not named or sentence.text.words[at] not in sentence.small.in_favour.get(sentence.lang, ()):
        return None
    return Mark(Hit(at, at + 1, ""), EventStatus.WISHED, False)


def backing(sentence: Sentence, clause: Clause, thing: Span) -> Mark | None:
    """Return the mark of a person or state that is for sending arms: "Chef der Union für Lieferung"."""
    if sentence.field != "title" or thing.tag != f"{OBJECT}shipment":
        return None
    words, small = sentence.text.words, sentence.small
    near = range(max(thing.start - 1 - QUALIFIED, clause.start + 1), thing.start)
    at = next((at for at in near if words[at] in small.in_favour_of_arms.get(sentence.lang, ())), None)
    if at is None:
        return None
    head = range(clause.start, at)
    named = sentence.names().issuperset(head)
    office = words[clause.start].endswith(small.offices.get(sentence.lang, ()))
    if not named and not (office and all(_is_noun_or_article(sentence, each) for each in head)):
        return None
    return Mark(Hit(at, at + 1, ""), EventStatus.WISHED, False)


def _is_noun_or_article(sentence: Sentence, index: int) -> bool:
    """Say whether a German word is written as a noun or belongs to one: "der Münchner Konferenz"."""
    text = sentence.text
    return text.raw[text.starts[index]].isupper() or text.words[index] in sentence.small.articles


def _counts(sentence: Sentence, clause: Clause, thing: Span) -> bool:
    """Say whether measures open a title and a number of parties follows: "Sanctions for 40 banks"."""
    behind = sentence.text.words[thing.stop : min(thing.stop + 2, clause.stop)]
    return thing.start == sentence.start and len(behind) == 2 and _is_number(sentence, behind[1])


def _is_number(sentence: Sentence, word: str) -> bool:
    return word.isdigit() or word in sentence.small.numerals


def _is_headed(sentence: Sentence, clause: Clause, thing: Span) -> bool:
    """Say whether a state that imposes heads a title, parted from measures: "USA: Sanktionen gegen …"."""
    heads = sentence.spans("country:US", "country:EU", "country:GB", "country:UN", "country:CA")
    first = any(span.start == sentence.start and span.stop == clause.start for span in heads)
    return first and thing.start == clause.start and thing.stop < clause.stop


def _is_meant_for(sentence: Sentence, clause: Clause, thing: Span) -> bool:
    """Say whether a title without a verb is all about arms for a state: "More missiles for Georgia"."""
    inside = any(clause.start <= verb.start < clause.stop for verb in sentence.verbs)
    if (
        inside
        or thing.start - clause.start > OPENING
        or sentence.text.words[thing.stop : thing.stop + 1] == ()
    ):
        return False
    names, words = sentence.names(), sentence.text.words
    at = thing.stop
    if words[at] not in sentence.small.meant_for or at + 1 >= clause.stop:
        return False
    at += 1 if at + 1 in names else 2
    named = at in names
    while at < clause.stop and (at in names or words[at] in sentence.small.come_from):
        at += 1
    return named and (at == clause.stop or _is_package(words[at : clause.stop]))


def _is_package(behind: tuple[str, ...]) -> bool:
    """Say whether a title ends with the package that has the arms: "in Dutch-funded package"."""
    return behind[0] in _IN_PACKAGE and behind[-1] in _PACKAGES


def _behind_measures(sentence: Sentence, clause: Clause, thing: Span, new: list[tuple[str, Hit]]) -> str:
    """Return the word behind measures, what says "new" and the names of who imposes them left out."""
    passed = sentence.names().union(*(range(hit.start, hit.stop) for _, hit in new))
    at = thing.stop
    while at < clause.stop and (at in passed or sentence.text.words[at] in sentence.small.owned_by):
        at += 1
    return sentence.text.words[at] if at < clause.stop else ""


def _is_instrument(sentence: Sentence, new: list[tuple[str, Hit]], clause: Clause) -> bool:
    """Say whether a state does something "with new sanctions", by whatever verb."""
    before = sentence.text.words[new[0][1].start - 1] if new else ""
    return before == "with" and clause.start in sentence.names()
