"""Clauses, years and guards: what of a sentence is news, and what it merely recalls, denies or supposes."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from monitor.match.query.nodes import Match
from monitor.match.small_words import SmallWords
from monitor.match.spans import Doc, Span
from monitor.text import Text

_BREAK = re.compile(r"[,;:()—–…،؛，、；：（）]|\s-\s")
_JOINED = frozenset(",:–")  # without a space: 1,200 or 10:30 or 2017–2019
_YEAR = re.compile(r"(?:19|20)\d\d")
_APOSTROPHES = frozenset("'’ʼ")
_ROUGHLY = frozenset("mid early late pre post".split())
_TOLD = re.compile(r"\w+ed|bought|sold|sent|made|built|struck|won")

#: A verb whose own denial is what happened.
RULED_OUT = "ruled_out"

#: In words: how long an introduction is, how far denial and supposition reach, how far a sentence is read.
INTRODUCTION = 5
NEGATION_REACH = 4
HEDGE_REACH = 8
SAYING_REACH = 4
DENIED_AFTER_REACH = 4
HEDGED_AFTER_REACH = 4
LONGEST_SENTENCE = 100


#: An adverb that leaves open what stands behind it.
_ALLEGEDLY = "allegedly"


@dataclass(frozen=True, slots=True)
class Clause:
    """Words [start, stop) of a field between two breaks; `recalling` clauses tell what came before."""

    start: int
    stop: int
    recalling: bool


def clauses(
    small: SmallWords, text: Text, start: int, stop: int, recalling: Collection[int] = ()
) -> tuple[Clause, ...]:
    """Split the words [start, stop) of one sentence into clauses; `recalling` words open one that recalls."""
    cuts = [start, *(i for i in range(start + 1, stop) if i in recalling or _opens(small, text, i)), stop]
    return tuple(
        Clause(a, b, (a > start and (a in recalling or _recalls(small, text, a))) or _purpose(text, a))
        for a, b in pairwise(cuts)
    )


def _opens(small: SmallWords, text: Text, index: int) -> bool:
    word = text.words[index]
    by_word = word in small.recalling or word in small.opening
    return by_word or _broken(text, index) or _purpose(text, index)


def _broken(text: Text, index: int) -> bool:
    gap = text.raw[text.stops[index - 1] : text.starts[index]]
    return gap not in _JOINED and _BREAK.search(gap) is not None


def _recalls(small: SmallWords, text: Text, index: int) -> bool:
    """What somebody said that happened is news; other subordinate clauses recall."""
    word = text.words[index]
    if word in small.relative_articles:
        return "," in text.raw[text.stops[index - 1] : text.starts[index]]
    return word in small.recalling and not (word == "that" and _said(small, text, index))


def _purpose(text: Text, index: int) -> bool:
    """ "for buying", "for supplying": the reason of the main clause; "for Boeing" is none."""
    if text.words[index] != "for" or index + 1 == len(text.words):
        return False
    named = text.as_written(index).islower() and text.as_written(index + 1)[0].isupper()
    return text.words[index + 1].endswith("ing") and not named


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the words around a match make of it; `why` says why it is background, or ""."""

    negated: bool
    hedged: bool
    why: str
    year: int | None
    unsourced: bool = False


def guard(doc: Doc, match: Match, year_now: int) -> Guarded:
    """Look around a match: at its clause, and at an introduction before it ("In 2017, …")."""
    text = doc.texts[match.field]
    cue = match.spans[0]
    sentence = _around(doc, cue)
    at = next(i for i, clause in enumerate(sentence) if clause.start <= cue.start < clause.stop)
    own = sentence[at]
    reach = [own]
    if at and _introduces(text, sentence[at - 1]):
        reach.append(sentence[at - 1])
    year = _past_year(doc, reach, match, year_now)
    known_items = [
        s for s in _in(doc["retrospective"], match.field, reach) if not _is_of_object(doc, s, match)
    ]
    old = next((span for span in known_items if not _reported(doc, span, own)), None)
    why = ""
    if year:
        why = f"tells of {year}"
    elif old:
        why = f'"{doc.quote(old)}"'
    elif own.recalling:
        why = f'told as what came before ("{text.as_written(own.start)} …")'
    said = _with_its_verb(text, sentence, at)
    unsourced = _unsourced(doc, match, sentence)
    return Guarded(_denied(doc, match, said), _supposed(doc, match, said, sentence), why, year, unsourced)


def _is_of_object(doc: Doc, span: Span, match: Match) -> bool:
    """Say whether what is past only describes the object: "lifts previously imposed sanctions"."""
    between = len(match.spans) > 1 and match.spans[0].stop <= span.start < span.stop < match.spans[1].start
    return doc.lang == "en" and between and doc.texts[match.field].words[span.stop].endswith("ed")


def _denied(doc: Doc, match: Match, own: Clause) -> bool:
    """Denied before the verb, between it and its object, or behind both where the verb comes last."""
    cue = match.spans[0]
    told = [span for span in doc["not_ruled_out"] if span.field == cue.field]
    told += [cue] if cue.tag == RULED_OUT else []
    denials = [s for s in doc["negation"] if not any(_within(s, each) for each in told)]
    after = [s for s in doc["denied_after"] if not any(_within(s, each) for each in told)]
    behind = _behind(after, match, own, DENIED_AFTER_REACH)
    return _before(denials, cue, own, NEGATION_REACH) or behind or _denied_within(doc, match)


def _supposed(doc: Doc, match: Match, own: Clause, sentence: Iterable[Clause]) -> bool:
    return (
        _before((*doc["hedge"], *doc["not_ruled_out"]), match.spans[0], own, HEDGE_REACH)
        or _behind(doc["hedged_after"], match, own, HEDGED_AFTER_REACH)
        or _unsourced(doc, match, sentence)
    )


def _unsourced(doc: Doc, match: Match, sentence: Iterable[Clause]) -> bool:
    """Say whether nobody is named who says so; "arrested for allegedly shipping arms" is a sure arrest."""
    cue = match.spans[0]
    return any(
        span.start < cue.start or doc.quote(span).casefold() != _ALLEGEDLY
        for span in _in(doc["unsourced"], match.field, sentence)
    )


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.stop <= outer.stop


def _behind(spans: Iterable[Span], match: Match, own: Clause, reach: int) -> bool:
    """From the last word of the match on, which in verb-final languages carries the ending that denies."""
    return any(0 <= span.start - (match.stop - 1) <= reach for span in _in(spans, match.field, (own,)))


def _with_its_verb(text: Text, sentence: tuple[Clause, ...], at: int) -> Clause:
    """ "Denies that it signed": the verb before "that" denies or supposes what follows."""
    own = sentence[at]
    return (
        Clause(sentence[at - 1].start, own.stop, own.recalling)
        if at and text.words[own.start] == "that"
        else own
    )


def _reported(doc: Doc, span: Span, own: Clause) -> bool:
    """ "Had signed" is recalled, "the ministry said it had signed" is the news of the day."""
    text, small = doc.texts[span.field], doc.small
    inside = text.words[own.start : span.start]
    said = _said(small, text, own.start) or not small.saying.isdisjoint(inside)
    return said and text.words[span.start] == "had"


def _said(small: SmallWords, text: Text, index: int) -> bool:
    return not small.saying.isdisjoint(text.words[max(index - SAYING_REACH, 0) : index])


def clause_of(doc: Doc, span: Span) -> tuple[int, int]:
    """Return the words [start, stop) of the clause in which a span begins."""
    return next((c.start, c.stop) for c in _around(doc, span) if c.start <= span.start < c.stop)


def _around(doc: Doc, cue: Span) -> tuple[Clause, ...]:
    """Return the clauses of a span's sentence, as far as they can matter."""
    text = doc.texts[cue.field]
    first, last = text.bounds(cue.start)
    recalling = {span.start for span in doc["recalling"] if span.field == cue.field}
    first, last = max(first, cue.start - LONGEST_SENTENCE), min(last, cue.start + LONGEST_SENTENCE)
    return clauses(doc.small, text, first, last, recalling)


def _introduces(text: Text, clause: Clause) -> bool:
    """ "In 2017," does, "ordered in 2017," tells of itself."""
    told = text.words[clause.start : clause.stop]
    return len(told) <= INTRODUCTION and not any(_TOLD.fullmatch(word) for word in told)


def _past_year(doc: Doc, reach: list[Clause], match: Match, year_now: int) -> int | None:
    """Return the past year nearest to the cue, in its clause or introduction, with no other act between."""
    text, cue, acted = doc.texts[match.field], match.spans[0], doc.small.acted
    places = [
        i
        for clause in reach
        for i in range(clause.start, clause.stop)
        if _YEAR.fullmatch(text.words[i])
        and int(text.words[i]) < year_now
        and not _is_number(doc, text, cue.field, i)
        and _dates(doc.small, text, i, cue)
        and acted.isdisjoint(text.words[match.stop : i])
        and (i > cue.start or acted.isdisjoint(text.words[clause.start : i]))
    ]
    return int(text.words[min(places, key=lambda i: abs(i - cue.start))]) if places else None


def _dates(small: SmallWords, text: Text, index: int, cue: Span) -> bool:
    """ "In 2017", "July 2019", "2017'de", "the 2017 purchase" date the act; "2018 sanctions" its object."""
    before = text.words[index - 1] if index else ""
    after = text.words[index + 1] if index + 1 < len(text.words) else ""
    if text.raw[text.stops[index] : text.stops[index] + 1] in _APOSTROPHES or after in small.years:
        return True
    dating = before in small.dating or before in small.months or before.isdigit()
    return dating or index + 1 == cue.start


def _is_number(doc: Doc, text: Text, field: str, index: int) -> bool:
    """The 2006 of "Regulation 765/2006" or of a programme's or system's name is no date, nor 2000 shells."""
    before = text.words[index - 1] if index else ""
    if text.starts[index] and text.raw[text.starts[index] - 1] in "/-№":
        return before not in _ROUGHLY and not _YEAR.fullmatch(before)
    if before not in doc.small.dating and text.words[index].endswith("00"):
        return True
    named = (*doc["programme"], *doc["weapon"], *doc["amount"])
    return any(span.field == field and span.start <= index < span.stop for span in named)


def _in(spans: Iterable[Span], field: str, within: Iterable[Clause]) -> Iterable[Span]:
    ranges = [(clause.start, clause.stop) for clause in within]
    return (s for s in spans if s.field == field and any(a <= s.start < b for a, b in ranges))


def _denied_within(doc: Doc, match: Match) -> bool:
    """ "Has not sanctioned", "imposes no sanctions": denied between the words of the match."""
    text, parts = doc.texts[match.field], match.spans
    cue, others = parts[0], parts[1:]
    return any(
        span.field == match.field
        and text.words[span.start] in doc.small.denying
        and (
            any(part.start < span.start < part.stop for part in parts)
            or any(cue.stop <= span.start and 0 <= other.start - span.stop < 2 for other in others)
        )
        for span in doc["negation"]
    )


def _before(spans: Iterable[Span], cue: Span, own: Clause, reach: int) -> bool:
    return any(0 <= cue.start - span.stop < reach for span in _in(spans, cue.field, (own,)))
