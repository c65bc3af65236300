"""Find the acts of a text: pairs of verb and object in one clause, each with its status. Linear."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.match.spans import Act, Doc, Span
from monitor.model import EventStatus

from . import word_order
from .alone import acts_alone
from .announced import announcement, backing, deal_announced
from .armed import armed
from .background import NAMED, beside, is_reaction, why_not
from .clauses import Clause, at, cut
from .kinds import kind_of
from .lexemes import Hit
from .links import is_subordinate, linked
from .needs import complete
from .nouns import ANNOUNCED_ACTS, ANNOUNCES
from .predicates import predicate
from .reading import answers, became_key, is_of_arms, is_package, role_of, status_here, type_of
from .refused import is_refused, refuses
from .sentences import LONGEST_SENTENCE, Sentence, marks_of, sentences, subordinators
from .status import Mark, status_of
from .tables import OBJECT, Frame, Tables
from .threatened import threatened_with

#: And behind the verb of announcing "the imposition of sanctions" as well.
_ANNOUNCED = ANNOUNCED_ACTS | {"impose"}

#: Kinds of forms that tell more than others of the same letters: future, possible, denied, wished.
TENSED = frozenset("ucdx")

#: What arms are traded in, and how many words part a deal from its arms: "un pedido de 24 cazas".
_TRADED = frozenset({f"{OBJECT}shipment", f"{OBJECT}deal"})
OF_DEAL = 2

#: How far before its object the noun of an act may stand that a verb behind both decides.
DECIDED = 4


def find_acts(doc: Doc, tables: Tables) -> tuple[Act, ...]:
    """Return every act of an item, in reading order."""
    return tuple(act for sentence in sentences(doc, tables) for act in _acts(sentence, tables))


def _acts(sentence: Sentence, tables: Tables) -> Iterator[Act]:
    """Yield the acts of a sentence by their first word; objects under a mark of status alone come last."""
    found = sorted(_with_verbs(sentence, tables), key=lambda act: act.start)
    yield from found
    yield from _governed(sentence, tables, found)


def _with_verbs(sentence: Sentence, tables: Tables) -> Iterator[Act]:
    """Yield one act for each verb and object, of the first frame in the table's order that holds."""
    pairs = sorted(_pairs(sentence, tables), key=lambda pair: (pair[0].order, pair[1].tag[-1] not in TENSED))
    first = [(verb, thing) for frame, verb, thing in pairs if frame.first and thing]
    trades = [(verb.start, thing) for _, verb, thing in pairs if thing and thing.tag in _TRADED]
    claimed = [thing for verb, thing in first if not is_subordinate(sentence, verb.start, thing.start)]
    seen: set[tuple[int, int]] = set()
    for frame, verb, thing in pairs:
        key = verb.start, thing.start if thing else -1
        if key in seen or (thing and not frame.first and _is_claimed(thing, claimed)):
            continue
        if thing and not frame.first and any(at == verb.start and _is_in(thing, sold) for at, sold in trades):
            continue
        seen.add(key)
        yield _act(sentence, tables, frame, verb, thing)


def _is_claimed(thing: Span, claimed: Iterable[Span]) -> bool:
    """Say whether an object is that of a frame which leaves it to no other, or ends with it."""
    return any(each.start >= thing.start and each.stop == thing.stop for each in claimed)


def _is_in(arms: Span, trade: Span) -> bool:
    """Say whether arms are what a trade is in, right before or behind it: "deliveries of arms"."""
    near = OF_DEAL if trade.tag == f"{OBJECT}deal" else 1
    beside = 0 <= arms.start - trade.stop <= near or arms.stop == trade.start
    return arms.tag == f"{OBJECT}arms" and beside


def _pairs(sentence: Sentence, tables: Tables) -> Iterator[tuple[Frame, Hit, Span | None]]:
    """Yield every frame that holds, with its verb and object."""
    for verb in sentence.verbs:
        name = verb.tag.split(":")[1]
        for frame in tables.frames.get((name, ""), ()):
            if acts_alone(sentence, verb, kind_of(sentence, verb)) and complete(sentence, frame, verb, None):
                yield frame, verb, None
        for thing in sentence.objects:
            for frame in tables.frames.get((name, thing.tag.removeprefix(OBJECT)), ()):
                if _acts_on_another(sentence, verb, thing):
                    continue
                if linked(sentence, frame, verb, thing) and complete(sentence, frame, verb, thing):
                    yield frame, verb, thing


def _acts_on_another(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether a verb is none, or acts upon the noun of an act that stands before the object."""
    announces = _announces_noun(sentence, verb, thing) or refuses(sentence, verb, thing)
    told = (
        sentence.lang == "en"
        and verb.tag[:-1] == "v:supply:"
        and sentence.text.words[verb.start][:7] == "announc"
    )
    if told and "that" in sentence.text.words[verb.stop : thing.start]:
        return True  # "announces that it has bought jets"
    return announces or _is_vessel(sentence, verb)


def _is_vessel(sentence: Sentence, verb: Hit) -> bool:
    """Say whether the English word "ship" is no verb: "UAE says ship was hit by missile"."""
    named = sentence.lang == "en" and sentence.text.words[verb.start] == "ship"
    return named and verb.stop - verb.start == 1 and kind_of(sentence, verb) == "n"


def _announces_noun(sentence: Sentence, verb: Hit, thing: Span) -> bool:
    """Say whether a verb only announces the act of a noun before the object: "announces easing of"."""
    reported = any(each.stop == verb.start and each.tag[-1] in "uf" for each in sentence.verbs)
    before = sentence.text.words[verb.start - 1] if verb.start > sentence.start else ""
    if sentence.lang == "tr" and (reported or before.endswith(sentence.small.reported)):
        return verb.tag in ANNOUNCES  # "kaldırdığını açıkladı" announces what the verb before it tells
    if sentence.lang in word_order.VERB_LAST and verb.tag in ANNOUNCES and announced_before(sentence, verb):
        return True
    first = verb.stop if verb.start < thing.start else thing.start - DECIDED
    nouns = (
        each
        for each in sentence.verbs
        if each.tag.endswith(":n") and first <= each.start < each.stop <= thing.start
    )
    if not any(each.tag.split(":")[1] in _ANNOUNCED for each in nouns):
        return False
    return any(each.start == verb.start and each.tag in ANNOUNCES for each in sentence.verbs)


def announced_before(sentence: Sentence, verb: Hit) -> bool:
    """Say whether the noun of an act stands right before a verb of announcing: "uzatılmasında anlaştı"."""
    before = (each for each in sentence.verbs if each.stop == verb.start and each.tag.endswith(":n"))
    return any(each.tag.split(":")[1] in ANNOUNCED_ACTS for each in before)


def _act(sentence: Sentence, tables: Tables, frame: Frame, verb: Hit, thing: Span | None) -> Act:
    """Put an act together: its status, its type by that, and why it may not be the news."""
    refused = is_refused(sentence, verb, thing)
    status, hedged = (EventStatus.DONE, True) if refused else status_here(sentence, verb, thing)
    type = type_of(sentence, tables, frame, verb, (status, hedged))
    cue = Span(sentence.field, verb.start, verb.stop, role_of(sentence, verb, thing))
    return Act(
        type=tables.became.get(type, {}).get("refused", type) if refused else type,
        frame=frame.id,
        status=status,
        hedged=hedged,
        field=sentence.field,
        start=min(verb.start, thing.start) if thing else verb.start,
        stop=max(verb.stop, thing.stop) if thing else verb.stop,
        spans=(cue, thing) if thing else (cue,),
        why=why_not(sentence, verb, thing, EventStatus.FUTURE if refused else status),
        kind=kind_of(sentence, verb),
        clause=_range(sentence.clause(verb.start)),
    )


def _governed(sentence: Sentence, tables: Tables, told: list[Act]) -> Iterator[Act]:
    """Yield objects that no verb acts upon and a mark of status governs: "threatens new sanctions"."""
    taken = {span.start for act in told for span in act.spans}
    spoken = {(at(sentence.clauses, act.spans[0].start), is_of_arms(act.spans[-1])) for act in told}
    named = {(at(sentence.clauses, act.spans[0].start), True) for act in told if act.why == NAMED}
    last = sentence.lang in word_order.VERB_LAST
    for thing in reversed(sentence.objects) if last else sentence.objects:
        place = at(sentence.clauses, thing.start), is_of_arms(thing) and not last
        base = tables.governed.get(thing.tag.removeprefix(OBJECT))
        mark = _mark_of(sentence, thing)
        said = spoken - named if thing.tag == f"{OBJECT}deal" else spoken
        if base is None or mark is None or thing.start in taken or place in said:
            continue
        spoken.add(place)
        yield _marked(sentence, tables, base, thing, mark)


def _marked(sentence: Sentence, tables: Tables, base: str, thing: Span, mark: Mark) -> Act:
    name = thing.tag.removeprefix(OBJECT)
    row = tables.became.get(base, {})
    answer = mark.status is EventStatus.DONE and answers(sentence, mark.hit, tables.answered)
    return Act(
        type=row.get("answering" if answer else became_key(mark.status, mark.hedged), base),
        frame=f"governed-{name}",
        status=mark.status,
        hedged=mark.hedged,
        field=sentence.field,
        start=min(mark.hit.start, thing.start),
        stop=max(mark.hit.stop, thing.stop),
        spans=(Span(sentence.field, mark.hit.start, mark.hit.stop, "mark"), thing),
        why=_why_governed(sentence, mark, thing),
        clause=_range(sentence.clause(thing.start)),
    )


def _why_governed(sentence: Sentence, mark: Mark, thing: Span) -> str:
    """Return why an object under a mark is background: blamed, reacted to, or in a subordinate clause."""
    clause = sentence.clause(min(mark.hit.start, thing.start))
    blamed = sentence.small.blaming.intersection(sentence.text.words[clause.start : mark.hit.start])
    reaction = is_reaction(sentence, clause, thing.start)
    return NAMED if blamed or reaction else beside(sentence, clause)


def _owns(sentence: Sentence, thing: Span) -> bool:
    """Say whether a Turkish object only owns the noun behind it: "yaptırımların etkisi tartışılıyor"."""
    endings = sentence.small.genitives.get(sentence.lang, ())
    return bool(endings) and sentence.text.words[thing.stop - 1].endswith(endings)


def _of_breach(sentence: Sentence, thing: Span) -> bool:
    """Say whether sanctions are those of a "sanctions breach", which is told itself."""
    breaches = (span for span in sentence.objects if span.tag == f"{OBJECT}violation")
    return thing.tag == f"{OBJECT}sanctions" and any(s.start <= thing.start < s.stop for s in breaches)


def _range(clause: Clause) -> tuple[int, int]:
    return clause.start, clause.stop


def _mark_of(sentence: Sentence, thing: Span) -> Mark | None:
    """Return the mark that governs an object, or that announces it in a title without a verb."""
    clause = sentence.clause(thing.start)
    sent = thing.tag == f"{OBJECT}shipment" and sentence.lang in word_order.VERB_LAST
    if sent and (mark := deal_announced(sentence, clause, thing)):
        return mark  # "Fransa'dan Yunanistan'a fırkateyn teslimatı"
    if thing.tag == f"{OBJECT}deal":
        return deal_announced(sentence, clause, thing)
    if thing.tag == f"{OBJECT}measures":
        return announcement(sentence, clause, thing)
    other = _is_of_other_goods(sentence, thing) or _is_in_force(sentence, thing)
    return None if other else _governing(sentence, clause, thing)


def _is_in_force(sentence: Sentence, thing: Span) -> bool:
    """Say whether a Turkish participle tells that measures are in force: "ABD'nin uyguladığı yaptırımlar"."""
    before = sentence.text.words[thing.start - 1] if thing.start > sentence.start else ""
    return sentence.lang == "tr" and before.endswith(sentence.small.in_force)


def _is_of_other_goods(sentence: Sentence, thing: Span) -> bool:
    """Say whether an object is part of another's name, or a shipment of other goods than arms."""
    unarmed = thing.tag == f"{OBJECT}shipment" and not armed(sentence, thing)
    return unarmed or _owns(sentence, thing) or _of_breach(sentence, thing)


def _governing(sentence: Sentence, clause: Clause, thing: Span) -> Mark | None:
    before, after = (clause.start, thing.start), (thing.stop, clause.stop)
    mark = sentence.marks.governing(sentence.lang, before, after) or predicate(sentence, clause, thing)
    mark = mark or threatened_with(sentence, thing) or backing(sentence, clause, thing)
    mark = mark or announcement(sentence, clause, thing)
    if mark is None or thing.tag == f"{OBJECT}frozen":
        return mark
    if mark.status is EventStatus.DENIED and is_package(thing):
        return replace(mark, hedged=True)
    if is_of_arms(thing) and _promises_no_arms(sentence, mark, thing):
        return None
    if mark.hit.start > clause.start and sentence.text.words[mark.hit.start - 1] == "of":
        return None
    between = sentence.text.words[mark.hit.stop : thing.start]
    if thing.tag == f"{OBJECT}pressure" and not _wants_more(sentence, mark, between):
        return None
    blocking = sentence.small.no_demand if mark.status is EventStatus.WISHED else sentence.small.matter
    used = is_of_arms(thing) and not sentence.small.used.isdisjoint(between)
    return mark if blocking.isdisjoint(between) and not used else None


def _wants_more(sentence: Sentence, mark: Mark, between: tuple[str, ...]) -> bool:
    """Say whether more pressure is wished: "urges allies to raise sanctions pressure"."""
    return mark.status is EventStatus.WISHED and sentence.small.keeping.isdisjoint(between)


def _promises_no_arms(sentence: Sentence, mark: Mark, thing: Span) -> bool:
    """Say whether a mark promises no arms: it is a threat, or an English auxiliary of another verb."""
    if mark.status is EventStatus.THREATENED:
        return True
    words = sentence.text.words
    modal = sentence.lang == "en" and words[mark.hit.stop - 1] in sentence.small.modals
    known = any(verb.start == mark.hit.stop for verb in sentence.verbs)
    return modal and not known and sentence.small.getting.isdisjoint(words[mark.hit.stop : thing.start][:1])


def status_at(doc: Doc, tables: Tables, span: Span) -> tuple[EventStatus, bool]:
    """Return the status of what a query found, as an act of which a span is the verb."""
    text = doc.texts[span.field]
    first, last = text.bounds(span.start)
    first = max(first, span.start - LONGEST_SENTENCE // 2)
    last = min(last, span.start + LONGEST_SENTENCE // 2)
    hits = tables.lexemes(doc.lang).spot(text, first, last)
    clauses = cut(text, first, last, subordinators(text, hits))
    clause = clauses[at(clauses, span.start)]
    verb = Hit(span.start, span.stop, "")
    before, after = (clause.start, span.start), (span.stop, clause.stop)
    return status_of(marks_of(doc, text, hits), verb, "n", doc.lang, before, after)
