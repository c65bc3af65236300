"""Who imposes or lifts, and on whom: the parties of an event of sanctions as its clause tells them.

A part is told by small words and endings beside a name and by its place; where two could impose, none is
named.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.match.query.nodes import Match
from monitor.match.spans import Doc, Span
from monitor.text import Text

from .clauses import same_clause

ACTORS = ("authority:", "country:")
TARGETS = ("country:", "agency:", "maker:", "person:")

#: Before those on whom sanctions are put, with up to `REACH` words between ("on two Belarusian banks").
_ON = frozenset(
    "on against upon for gegen contre sur contra против отношении проти щодо с со з зі із على عن ضد عليه"
    " mot 对 對".split()
)
_BY = frozenset("by von par por av durch".split())
_DATIVE = re.compile(r"['’][yn]?[ae]\b", re.IGNORECASE)
REACH = 4


@dataclass(frozen=True, slots=True)
class Imposing:
    """Ids of entities: `imposer` is "" where the clause does not tell."""

    imposer: str = ""
    targets: tuple[str, ...] = ()


def imposing(doc: Doc, match: Match) -> Imposing:
    """Read the parties of an event of sanctions from the clause of its verb."""
    text, cue = doc.texts[match.field], match.spans[0]
    near = [span for span in _named(doc, (*ACTORS, *TARGETS), cue) if _beside(doc, cue, span)]
    by = {span.tag for span in near if _word_before(text, span) in _BY}
    on = {span.tag for span in near if _is_target(text, span) or _is_matter(text, span)}
    before = [span for span in near if span.start <= cue.start and span.tag not in on]
    imposers = by or _actor_ids(span for span in before if span.tag.startswith(ACTORS))
    behind = {span.tag for span in near if span.start > cue.start}
    struck = (on | behind | ({span.tag for span in before} if by else set())) - imposers
    return Imposing(
        min(imposers, default="") if len(imposers) == 1 else "",
        tuple(sorted(tag for tag in struck if tag.startswith(TARGETS))),
    )


def _named(doc: Doc, kinds: tuple[str, ...], cue: Span) -> Iterator[Span]:
    spans = (span for tag, found in doc.spans.items() if tag.startswith(kinds) for span in found)
    sentence = doc.sentence(cue)
    return (span for span in spans if span.field == cue.field and doc.sentence(span) == sentence)


def _beside(doc: Doc, cue: Span, span: Span) -> bool:
    """In the clause, or a subject that Turkish parts from it by a comma."""
    text = doc.texts[span.field]
    opens = span.start == text.bounds(span.start)[0] and text.raw.startswith(",", text.stops[span.stop - 1])
    return opens or same_clause(doc, cue, span)


def _actor_ids(actors: Iterable[Span]) -> set[str]:
    """Return who acts; of names that hold one another the longer stands."""
    spans = sorted(actors, key=lambda span: (span.start, -span.stop, span.tag))
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].stop:
            kept.append(span)
    return {span.tag for span in kept}


def _word_before(text: Text, span: Span) -> str:
    at = span.start - 1
    while at >= 0 and text.words[at] in {"the", "der", "den", "la", "las", "los", "le", "les", "l", "el"}:
        at -= 1
    return text.words[at] if at >= 0 else ""


def _is_matter(text: Text, span: Span) -> bool:
    """In "Syria-related" and in "Zimbabwe Designations" a state is what the notice is about."""
    behind = text.words[span.stop] if span.stop < len(text.words) else ""
    return behind == "related" or behind.startswith("designation")


def _is_target(text: Text, span: Span) -> bool:
    """After "on", "против", "على", "对", or with a Turkish ending of direction."""
    first, _ = text.bounds(span.start)
    words = text.words[max(first, span.start - REACH) : span.start]
    return not _ON.isdisjoint(words) or bool(_DATIVE.match(text.raw[text.stops[span.stop - 1] :][:5]))
