"""Render the page of an evidence pack, which opens without a network; feed text in it is escaped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

from monitor.model import (
    AlertEvidence,
    Evidence,
    EvidencePack,
    Item,
    Judged,
    Replay,
    Verdict,
)
from monitor.resources import TEMPLATES

from .environment import EnvironmentPair, environment_pair, render_template, trim_html
from .evidence_data import document_data
from .reasons import reasons_of
from .sanitize import sanitize_in_place, sanitized

TEMPLATE = "evidence.html.j2"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text, and the numbers of the pieces of evidence that it belongs to."""

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One judgement on the page: of an alert, or of the item as stored if it raised none."""

    item: Item
    verdict: Verdict
    judged: Judged
    replay: Replay
    texts: tuple[tuple[str, tuple[Segment, ...]], ...]
    of: AlertEvidence | None = None
    document: Mapping[str, Any] | None = None


def evidence_page(pack: EvidencePack, files: Sequence[str], messages: Mapping[str, tuple[str, ...]]) -> str:
    """Return the HTML of a pack; `files` are the others in it, `messages` those of each delivery."""
    context = {
        "pack": sanitized(replace(pack, files={})),
        "sections": tuple(_sections(pack)),
        "files": files,
        "messages": messages,
        "reasons": reasons_of,
    }
    return trim_html(render_template(_environments(), TEMPLATE, context))


def _sections(pack: EvidencePack) -> Iterator[Section]:
    for each in pack.alerts:
        alert = each.alert
        judged = Judged(alert.item, alert.verdict, alert.decision)
        yield _section(judged, each.replay, each)
    if not pack.alerts:
        yield _section(pack.judged, pack.replay, None)


def _section(judged: Judged, replay: Replay, of: AlertEvidence | None) -> Section:
    item, verdict = judged.item, judged.verdict
    evidence = (*verdict.evidence, *verdict.penalties)
    fields = (("title", item.title), ("summary", item.summary), ("body", item.body))
    return Section(
        item=sanitized(item),
        verdict=sanitized(verdict),
        judged=sanitized(judged),
        replay=replay,
        texts=tuple((name, segments(name, text, evidence)) for name, text in fields if text),
        of=sanitized(of),
        document=sanitized(document_data(of.exhibit)) if of else None,
    )


def segments(field: str, text: str, evidence: Iterable[Evidence]) -> tuple[Segment, ...]:
    """Split a text where evidence begins and ends; the numbers count all evidence from 1."""
    spans = [(n, e) for n, e in enumerate(evidence, 1) if e.field == field and e.start < e.stop]
    cuts = sorted({0, len(text), *(min(at, len(text)) for _, e in spans for at in (e.start, e.stop))})
    return tuple(_segment(text, start, stop, spans) for start, stop in pairwise(cuts))


def _segment(text: str, start: int, stop: int, spans: Iterable[tuple[int, Evidence]]) -> Segment:
    numbers = tuple(number for number, each in spans if each.start <= start and stop <= each.stop)
    return Segment(sanitize_in_place(text[start:stop]), numbers)


@cache
def _environments() -> EnvironmentPair:
    return environment_pair(TEMPLATES)
