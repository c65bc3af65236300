"""Count how well topics are flagged: precision, recall and F1. Pure counting."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from monitor.model import Event, Mention, Verdict

from .labels import Labelled


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled item and the verdict on it: the flagged topics, the main event and the entities."""

    item: Labelled
    flagged: frozenset[str]
    event: Event | None = None
    entities: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives; for weighted items, sums of weights.

    A rate without items is 0: if no item is flagged, precision is 0.
    """

    tp: float = 0
    fp: float = 0
    fn: float = 0

    @property
    def precision(self) -> float:
        return rate(self.tp, self.tp + self.fp)

    @property
    def recall_items(self) -> float:
        return rate(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float:
        return rate(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True, slots=True)
class Measured:
    """The counts of one topic: every item, without the unsure ones, weighted, by language and by bucket."""

    all: Counts
    sure: Counts
    weighted: Counts
    by_lang: Mapping[str, Counts]
    by_bucket: Mapping[str, Counts]


def answer_of(item: Labelled, verdict: Verdict) -> Answer:
    """Return the part of a verdict that is compared with the labels of an item."""
    return Answer(item, frozenset(verdict.topics), verdict.event, verdict.entities)


def measure(answers: Iterable[Answer], topic: str) -> Measured:
    """Count the items that are labelled for a topic; languages and buckets are sorted by name."""
    given = tuple(each for each in answers if topic in each.item.topics)
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
    """Count the hits, false alarms and misses of one topic; `worth` gives the weight of an item."""
    hits, alarms, misses = 0.0, 0.0, 0.0
    for each in answers:
        if topic not in each.item.topics:
            continue
        wanted, flagged = each.item.topics[topic], topic in each.flagged
        hits += worth(each.item) * (wanted and flagged)
        alarms += worth(each.item) * (flagged and not wanted)
        misses += worth(each.item) * (wanted and not flagged)
    return Counts(hits, alarms, misses)


def mistake(answer: Answer, topic: str) -> str:
    """Return "false positive", "false negative", or "" for a right answer and for a topic without a label."""
    wanted, flagged = answer.item.topics.get(topic), topic in answer.flagged
    if wanted is None or wanted is flagged:
        return ""
    return "false positive" if flagged else "false negative"


def rate(part: float, whole: float) -> float:
    """Return a share; 0 of nothing."""
    return part / whole if whole else 0.0


def _by(answers: tuple[Answer, ...], topic: str, group: Callable[[Labelled], str]) -> dict[str, Counts]:
    groups = sorted({group(each.item) for each in answers})
    return {name: count((each for each in answers if group(each.item) == name), topic) for name in groups}
