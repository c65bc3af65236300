"""Mark evidence in the words of an item: spans to runs, each sanitized by itself. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.model import Judged
from monitor.render.sanitize import sanitize

#: Characters of a source's summary that are shown.
MAX_SUMMARY = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `marked` if it is evidence, with what that means."""

    text: str
    marked: bool = False
    meaning: str = ""


def marked_title(judged: Judged) -> tuple[Piece, ...]:
    """Return the title with its evidence marked."""
    return tuple(_pieces(judged.item.title, _spans(judged, "title"), len(judged.item.title)))


def marked_summary(judged: Judged) -> tuple[Piece, ...]:
    """Return the part of the summary that has the evidence, at most 200 characters, marked."""
    text, spans = judged.item.summary, sorted(_spans(judged, "summary"))
    if not text:
        return ()
    begin = 0
    if spans and spans[0][1] > MAX_SUMMARY:
        begin = max(text.rfind(" ", 0, max(spans[0][0] - 40, 0)) + 1, 0)
    end = min(begin + MAX_SUMMARY, len(text))
    shifted = [(start - begin, stop - begin, why) for start, stop, why in spans if start >= begin]
    pieces = list(_pieces(text[begin:end], shifted, end - begin))
    before = [Piece("… ")] if begin else []
    return (*before, *pieces, *([Piece("…")] if end < len(text) else []))


def pieces_of(text: str, spans: Iterable[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """Return text with spans (start, stop, meaning) marked."""
    return tuple(_pieces(text, spans, len(text)))


def _spans(judged: Judged, field: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, stop, meaning) of the evidence in a field."""
    verdict = judged.verdict
    for each in (*verdict.evidence, *verdict.penalties):
        if each.field == field and each.stop > each.start:
            yield each.start, each.stop, each.because
    if verdict.event and verdict.event.field == field and verdict.event.stop > verdict.event.start:
        yield verdict.event.start, verdict.event.stop, f"event {verdict.event.type}"


def _pieces(text: str, spans: Iterable[tuple[int, int, str]], length: int) -> Iterator[Piece]:
    at = 0
    for start, stop, meaning in sorted(spans):
        begin, end = max(start, at), min(stop, length)
        if begin >= end:
            continue
        if begin > at:
            yield Piece(_clean(text[at:begin]))
        yield Piece(_clean(text[begin:end]), marked=True, meaning=sanitize(meaning))
        at = end
    if at < length:
        yield Piece(_clean(text[at:length]))


def _clean(text: str) -> str:
    """Return sanitized text that keeps one space at each end where there was one."""
    return sanitize(f"|{text}|")[1:-1]
