"""How good a judgement is: labelled items in, precision, recall and F1 out. Pure counting."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .rules import TOPICS

#: All that may be read of an item when it is judged; labels and buckets are for counting.
FIELDS = ("title", "summary", "lang", "source", "date")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item and what somebody said of it; `weight` is how many items of the stream it stands for."""

    id: str
    fields: Mapping[str, str]
    topics: frozenset[str]
    unsure: bool = False
    weight: float = 1.0
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled item and the topics for which it was flagged."""

    item: Labelled
    flagged: frozenset[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives, false negatives; of what is weighted, sums of weights.

    A rate of nothing is 0: without any item flagged there is no precision.
    """

    tp: float = 0
    fp: float = 0
    fn: float = 0

    @property
    def precision(self) -> float:
        return _rate(self.tp, self.tp + self.fp)

    @property
    def recall_items(self) -> float:
        return _rate(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float:
        return _rate(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True, slots=True)
class Measured:
    """One topic's counts: every item, without the unsure ones, weighted, and by language and bucket."""

    all: Counts
    sure: Counts
    weighted: Counts
    by_lang: Mapping[str, Counts]
    by_bucket: Mapping[str, Counts]


def read_labelled(lines: Iterable[str | bytes], mistakes: list[str]) -> Iterator[Labelled]:
    """Yield the items of JSON Lines; a line that is none is added to `mistakes` and passed over.

    Each line is an object ``{id, title, summary, lang, source, date, sanctions, arms}``, the last two true or
    false, 1 or 0; ``unsure``, ``weight`` and ``bucket`` may be added.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _labelled(json.loads(line), number)
        except RecursionError:
            mistakes.append(f"line {number}: nested too deep")
        except ValueError as error:
            mistakes.append(f"line {number}: {error}")


def _labelled(row: Any, number: int) -> Labelled:
    if not isinstance(row, dict):
        raise ValueError("an object in braces is expected")
    fields = {key: _text(row, key) for key in FIELDS}
    if not (fields["title"].strip() or fields["summary"].strip()):
        raise ValueError("neither title nor summary")
    return Labelled(
        id=str(row.get("id", number)),
        fields=fields,
        topics=frozenset(topic for topic in TOPICS if _label(row, topic)),
        unsure=_label(row, "unsure", False),
        weight=_weight(row.get("weight", 1.0)),
        bucket=_text(row, "bucket"),
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is a text, not {value!r}")
    return value or ""


def _label(row: Mapping[str, Any], key: str, default: bool | None = None) -> bool:
    value = row.get(key, default)
    if value is None:
        raise ValueError(f"no {key}; write true or false")
    if value not in (0, 1):
        raise ValueError(f"{key} is true or false, not {value!r}")
    return bool(value)


def _weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(f"weight is a number from 0 up, not {value!r}")
    return float(value)


def measure(answers: Iterable[Answer], topic: str) -> Measured:
    """Count one topic's hits and mistakes; languages and buckets come in the order of the alphabet."""
    given = tuple(answers)
    return Measured(
        all=count(given, topic),
        sure=count((each for each in given if not each.item.unsure), topic),
        weighted=count(given, topic, lambda item: item.weight),
        by_lang=_by(given, topic, lambda item: item.fields["lang"] or "?"),
        by_bucket=_by(given, topic, lambda item: item.bucket or "?"),
    )


def count(
    answers: Iterable[Answer], topic: str, worth: Callable[[Labelled], float] = lambda item: 1
) -> Counts:
    """Count one topic's hits, false alarms and misses, each item for what it is worth."""
    hits, alarms, misses = 0.0, 0.0, 0.0
    for each in answers:
        wanted, flagged = topic in each.item.topics, topic in each.flagged
        hits += worth(each.item) * (wanted and flagged)
        alarms += worth(each.item) * (flagged and not wanted)
        misses += worth(each.item) * (wanted and not flagged)
    return Counts(hits, alarms, misses)


def confusion(answer: Answer, topic: str) -> str:
    """Return what is wrong with an answer: "false positive", "false negative", or ""."""
    wanted, flagged = topic in answer.item.topics, topic in answer.flagged
    return "" if wanted is flagged else "false positive" if flagged else "false negative"


def _by(answers: tuple[Answer, ...], topic: str, group: Callable[[Labelled], str]) -> dict[str, Counts]:
    groups = sorted({group(each.item) for each in answers})
    return {name: count((each for each in answers if group(each.item) == name), topic) for name in groups}


def _rate(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
