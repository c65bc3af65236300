"""Clauses, years and guards: what of a sentence is news, and what it merely recalls, denies or supposes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from monitor.text import Text

from .query import Match
from .spotting import Doc, Span

#: Words that open a clause. Those of the first group put it behind the main one: it tells what came before.
RECALLING = frozenset("after since following over despite because that which who whose whom where".split())
OPENING = RECALLING | frozenset("as while when although though but amid".split())

_BREAK = re.compile(r"[,;:()—–…]|\s-\s")
_JOINED = frozenset(",:–")  # without a space: 1,200 or 10:30 or 2017–2019
_YEAR = re.compile(r"(?:19|20)\d\d")
_ROUGHLY = frozenset("mid early late pre post".split())
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
    + "jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter".split()
)
_DATING = frozenset("in since by until till during from before after of early late mid year".split())
_DENYING = frozenset("no not never".split())
_SAYING = frozenset("said says say told announced announces confirmed confirms reported reports".split())
_ACTED = frozenset(
    "bought ordered purchased acquired sold signed agreed approved delivered received imposed sanctioned"
    " designated announced".split()
)
_TOLD = re.compile(r"\w+ed|bought|sold|sent|made|built|struck|won")

#: In words: how long an introduction is, how far denial and supposition reach, how far a sentence is read.
INTRODUCTION = 5
NEGATION_REACH = 4
HEDGE_REACH = 8
SAYING_REACH = 4
LONGEST_SENTENCE = 100


@dataclass(frozen=True, slots=True)
class Clause:
    """Words [start, stop) of a field between two breaks; `recalling` clauses tell what came before."""

    start: int
    stop: int
    recalling: bool


def clauses(text: Text, start: int, stop: int) -> tuple[Clause, ...]:
    """Split the words [start, stop) of one sentence into clauses."""
    cuts = [start, *(i for i in range(start + 1, stop) if _opens(text, i)), stop]
    return tuple(
        Clause(a, b, (a > start and _recalls(text, a)) or _purpose(text, a)) for a, b in pairwise(cuts)
    )


def _opens(text: Text, index: int) -> bool:
    gap = text.raw[text.stops[index - 1] : text.starts[index]]
    broken = gap not in _JOINED and _BREAK.search(gap) is not None
    return broken or text.words[index] in OPENING or _purpose(text, index)


def _recalls(text: Text, index: int) -> bool:
    """What somebody said that happened is news; other subordinate clauses recall."""
    reported = text.words[index] == "that" and _said(text, index)
    return text.words[index] in RECALLING and not reported


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


def guard(doc: Doc, match: Match, year_now: int) -> Guarded:
    """Look around a match: at its clause, and at an introduction before it ("In 2017, …")."""
    text = doc.texts[match.field]
    cue = match.spans[0]
    sentence = _around(text, cue)
    at = next(i for i, clause in enumerate(sentence) if clause.start <= cue.start < clause.stop)
    own = sentence[at]
    reach = [own]
    if at and _introduces(text, sentence[at - 1]):
        reach.append(sentence[at - 1])
    year = _past_year(doc, reach, match, year_now)
    recalled = _in(doc["retrospective"], match.field, reach)
    old = next((span for span in recalled if not _reported(text, span, own)), None)
    why = ""
    if year:
        why = f"tells of {year}"
    elif old:
        why = f'"{doc.quote(old)}"'
    elif own.recalling:
        why = f'told as what came before ("{text.as_written(own.start)} …")'
    said = _with_its_verb(text, sentence, at)
    return Guarded(
        _before(doc["negation"], cue, said, NEGATION_REACH) or _denied_within(doc, text, match),
        _before(doc["hedge"], cue, said, HEDGE_REACH)
        or bool(list(_in(doc["unsourced"], match.field, sentence))),
        why,
        year,
    )


def _with_its_verb(text: Text, sentence: tuple[Clause, ...], at: int) -> Clause:
    """ "Denies that it signed": the verb before "that" denies or supposes what follows."""
    own = sentence[at]
    return (
        Clause(sentence[at - 1].start, own.stop, own.recalling)
        if at and text.words[own.start] == "that"
        else own
    )


def _reported(text: Text, span: Span, own: Clause) -> bool:
    """ "Had signed" is recalled, "the ministry said it had signed" is the news of the day."""
    inside = text.words[own.start : span.start]
    return text.words[span.start] == "had" and (_said(text, own.start) or not _SAYING.isdisjoint(inside))


def _said(text: Text, index: int) -> bool:
    return not _SAYING.isdisjoint(text.words[max(index - SAYING_REACH, 0) : index])


def same_clause(doc: Doc, one: Span, other: Span) -> bool:
    """Say whether two spans of one field begin in the same clause."""
    return any(
        clause.start <= one.start < clause.stop and clause.start <= other.start < clause.stop
        for clause in _around(doc.texts[one.field], one)
    )


def _around(text: Text, cue: Span) -> tuple[Clause, ...]:
    """Return the clauses of a span's sentence, as far as they can matter."""
    first, last = text.bounds(cue.start)
    return clauses(text, max(first, cue.start - LONGEST_SENTENCE), min(last, cue.start + LONGEST_SENTENCE))


def _introduces(text: Text, clause: Clause) -> bool:
    """ "In 2017," does, "ordered in 2017," tells of itself."""
    told = text.words[clause.start : clause.stop]
    return len(told) <= INTRODUCTION and not any(_TOLD.fullmatch(word) for word in told)


def _past_year(doc: Doc, reach: list[Clause], match: Match, year_now: int) -> int | None:
    """Return the past year nearest to the cue, in its clause or introduction, with no other act between."""
    text, cue = doc.texts[match.field], match.spans[0]
    places = [
        i
        for clause in reach
        for i in range(clause.start, clause.stop)
        if _YEAR.fullmatch(text.words[i])
        and int(text.words[i]) < year_now
        and not _is_number(doc, text, cue.field, i)
        and _dates(text, i, cue)
        and _ACTED.isdisjoint(text.words[match.stop : i])
    ]
    return int(text.words[min(places, key=lambda i: abs(i - cue.start))]) if places else None


def _dates(text: Text, index: int, cue: Span) -> bool:
    """ "In 2017", "July 2019", "the 2017 purchase" date the act; "2018 sanctions" what it is about."""
    before = text.words[index - 1] if index else ""
    return index + 1 == cue.start or before in _DATING - {"since"} or before in _MONTHS or before.isdigit()


def _is_number(doc: Doc, text: Text, field: str, index: int) -> bool:
    """The 2006 of "Regulation 765/2006" or of a programme's or system's name is no date, nor 2000 shells."""
    before = text.words[index - 1] if index else ""
    if text.starts[index] and text.raw[text.starts[index] - 1] in "/-№":
        return before not in _ROUGHLY and not _YEAR.fullmatch(before)
    if before not in _DATING and text.words[index].endswith("00"):
        return True
    named = (*doc["programme"], *doc["weapon"], *doc["amount"])
    return any(span.field == field and span.start <= index < span.stop for span in named)


def _in(spans: Iterable[Span], field: str, within: Iterable[Clause]) -> Iterable[Span]:
    ranges = [(clause.start, clause.stop) for clause in within]
    return (s for s in spans if s.field == field and any(a <= s.start < b for a, b in ranges))


def _denied_within(doc: Doc, text: Text, match: Match) -> bool:
    """ "Has not sanctioned", "imposes no sanctions": denied between the words of the match."""
    cue, others = match.spans[0], match.spans[1:]
    return any(
        span.field == match.field
        and text.words[span.start] in _DENYING
        and any(cue.stop <= span.start and 0 <= other.start - span.stop < 2 for other in others)
        for span in doc["negation"]
    )


def _before(spans: Iterable[Span], cue: Span, own: Clause, reach: int) -> bool:
    return any(0 <= cue.start - span.stop < reach for span in _in(spans, cue.field, (own,)))
