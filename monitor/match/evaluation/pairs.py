"""Labelled pairs of items: do both report one act, and were they grouped into one story. Pure counting."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from .lines import read_lines, text_of
from .topics import Counts


class PairLabel(StrEnum):
    """What a person says of a pair; related acts are not scored."""

    SAME = "same"
    RELATED = "related"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Side:
    """One item of a pair: the feed it comes from, when it was published, and its text."""

    feed: str
    at: datetime
    title: str
    summary: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items in order of publication, and their label."""

    label: PairLabel
    first: Side
    second: Side


def read_pairs(lines: Iterable[str | bytes], mistakes: list[str]) -> Iterator[Pair]:
    """Yield the pairs of JSON Lines; add each line that cannot be read to `mistakes` and skip it.

    Each line is an object ``{"label": "same|related|different", "a": {feed, at, title, summary}, "b": {…}}``;
    `at` is an ISO time, in UTC if it has no zone. ``lang`` may be added to an item.
    """
    return read_lines(lines, mistakes, _pair)


def count_pairs(grouped: Iterable[tuple[Pair, bool]]) -> Counts:
    """Count the pairs that were rightly joined, wrongly joined and wrongly parted."""
    scored = [(pair.label, joined) for pair, joined in grouped if pair.label is not PairLabel.RELATED]
    return Counts(
        tp=scored.count((PairLabel.SAME, True)),
        fp=scored.count((PairLabel.DIFFERENT, True)),
        fn=scored.count((PairLabel.SAME, False)),
    )


def pair_mistake(pair: Pair, joined: bool) -> str:
    """Return "wrongly joined", "wrongly parted", or "" if the grouping is right or not scored."""
    if pair.label is PairLabel.DIFFERENT and joined:
        return "wrongly joined"
    return "wrongly parted" if pair.label is PairLabel.SAME and not joined else ""


def _pair(row: Mapping[str, Any], number: int) -> Pair:
    label = text_of(row, "label")
    if label not in set(PairLabel):
        raise ValueError(f"label is same, related or different, not {label!r}")
    first, second = sorted((_side(row, "a"), _side(row, "b")), key=lambda side: side.at)
    return Pair(PairLabel(label), first, second)


def _side(row: Mapping[str, Any], key: str) -> Side:
    side = row.get(key)
    if not isinstance(side, dict):
        raise ValueError(f"{key} is an object of feed, at, title and summary, not {side!r}")
    feed, title, summary = (text_of(side, name) for name in ("feed", "title", "summary"))
    if not (title.strip() or summary.strip()):
        raise ValueError(f"{key} has neither title nor summary")
    return Side(feed or key, _time(side, key), title, summary, text_of(side, "lang"))


def _time(side: Mapping[str, Any], key: str) -> datetime:
    try:
        at = datetime.fromisoformat(text_of(side, "at"))
    except ValueError:
        raise ValueError(f"{key}.at is an ISO time, not {side.get('at')!r}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
