"""Whether a linear model chooses the news of an item better than the rules do, by ten-fold cross-validation.

    python -m benchmarks.choice LABELLED.jsonl … [--weights FILE]

Items are those of `evaluate` with an event label. The candidates of an item are its event and its background;
the model gives each a sum of weights and takes the highest, or none below 0. ``--weights`` writes the weights
learned from all items as TOML, heaviest first, to be read by people: the program does not use them.
"""

import argparse
import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.app.rulebook import rulebook
from monitor.cli.explain import item_of
from monitor.config import Settings
from monitor.match.evaluation.events import type_right
from monitor.match.evaluation.labels import read_labelled
from monitor.model import Event, Verdict

FOLDS, ROUNDS, RATE, DECAY = 10, 150, 0.01, 0.02

#: The model overrules the rules only where its sum is so much higher.
MARGINS = (0.0, 0.5, 1.0, 2.0)

Weights = dict[str, float]
Features = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """The features of an item's candidates, the last being "none"; which are right; what the rules choose."""

    candidates: tuple[Features, ...]
    right: tuple[bool, ...]
    chosen: int


def main() -> None:
    """Print how many items the rules choose rightly, and the model for each margin."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", type=Path, nargs="+", help="JSON Lines as `evaluate` reads them")
    parser.add_argument("--weights", type=Path, help="file for the weights, as TOML")
    options = parser.parse_args()
    found = [each for path in options.labelled for each in examples(path)]
    random.Random(1).shuffle(found)
    rules = sum(each.right[each.chosen] for each in found)
    possible = sum(any(each.right) for each in found)
    print(f"{len(found)} items: the rules are right in {rules}, a perfect choice would be in {possible}")
    for margin in MARGINS:
        print(f"  model, margin {margin}: {sum(_cross_validated(found, margin))}")
    if options.weights:
        options.weights.write_text(_toml(learned(found)), "utf-8")


def examples(path: Path) -> Iterator[Example]:
    """Yield the items of a file that have an event label with types."""
    settings, mistakes = Settings(), list[str]()
    engine = rulebook(settings).engine
    with path.open("rb") as lines:
        for item in read_labelled(lines, mistakes):
            if item.event and item.event.types:
                verdict = engine.judge(*item_of(item.fields, settings))
                found = _candidates(verdict)
                right = tuple(bool(type_right(item.event, each)) for each in (*found, None))
                yield Example(
                    candidates=(*(_features(each, found) for each in found), ()),
                    right=right,
                    chosen=found.index(verdict.event) if verdict.event else len(found),
                )
    if mistakes:
        raise SystemExit("\n".join(mistakes))


def _candidates(verdict: Verdict) -> tuple[Event, ...]:
    found = (*((verdict.event,) if verdict.event else ()), *verdict.background)
    return tuple(sorted(found, key=lambda event: (event.field != "title", event.start)))


def _features(event: Event, found: tuple[Event, ...]) -> Features:
    """Return what is known of a candidate in any language."""
    names = event.imposer or event.targets or event.buyer or event.supplier
    return (
        "bias",
        f"type {event.type}",
        f"status {event.status}",
        f"field {event.field}",
        f"severity {event.severity}",
        f"{event.field} {event.status}",
        "first" if event is found[0] else "later",
        "with parties" if names else "without parties",
        "with systems" if event.systems else "without systems",
        "hedged" if event.hedged else "stated",
        "title speaks" if any(each.field == "title" for each in found) else "title is silent",
    )


def learned(examples: list[Example]) -> Weights:
    """Return the weights that make right candidates likely, by gradient ascent with decay."""
    weights: Weights = defaultdict(float)
    for _ in range(ROUNDS):
        slope: Weights = defaultdict(float)
        for each in examples:
            if any(each.right):
                _add_slope(each, weights, slope)
        for name in {*weights, *slope}:
            weights[name] += RATE * (slope[name] - DECAY * len(examples) * weights[name] / 10)
    return weights


def _add_slope(example: Example, weights: Weights, slope: Weights) -> None:
    likely = [math.exp(min(_sum(weights, each), 30.0)) for each in example.candidates]
    total = sum(likely)
    right = sum(each for each, ok in zip(likely, example.right, strict=True) if ok)
    for features, each, ok in zip(example.candidates, likely, example.right, strict=True):
        for name in features:
            slope[name] += (each / right if ok else 0.0) - each / total


def _sum(weights: Weights, features: Features) -> float:
    return sum(weights.get(name, 0.0) for name in features)


def _cross_validated(examples: list[Example], margin: float) -> Iterator[bool]:
    """Yield for each item whether the choice is right, by weights learned from the other folds."""
    for fold in range(FOLDS):
        weights = learned([each for at, each in enumerate(examples) if at % FOLDS != fold])
        for each in examples[fold::FOLDS]:
            sums = [_sum(weights, features) for features in each.candidates]
            best = max(range(len(sums)), key=sums.__getitem__)
            chosen = best if sums[best] - sums[each.chosen] > margin else each.chosen
            yield each.right[chosen]


def _toml(weights: Weights) -> str:
    rows = sorted(weights.items(), key=lambda row: (-abs(row[1]), row[0]))
    return "\n".join(["[weights]", *(f'"{name}" = {weight:.2f}' for name, weight in rows), ""])


if __name__ == "__main__":
    main()
