"""Learn the weights of ``seeds/stories.toml`` from labelled pairs of reports, and measure them by cross-validation.

    python -m benchmarks.learn_stories PAIRS.jsonl…

The files hold pairs as `evaluate --pairs` reads them. Related pairs count a little as pairs of two acts, and are not
scored. The pairs of two languages come from the made-up headlines of the tests. Pairs are divided into two halves by
story: reports that are the same through any chain of pairs are in one half. Prints precision and recall of each half
under the weights of the other, then the tables.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import exp
from pathlib import Path
from zlib import crc32

from monitor.app.grouping import grouping_model
from monitor.app.rulebook import rulebook
from monitor.cli.common import DEFAULT_CONFIG, settings_or_default
from monitor.cli.evaluate_pairs import retelling_of_side
from monitor.match.evaluation.pairs import Pair, PairLabel, Side, read_pairs
from monitor.stories.bars import bar
from monitor.stories.features import NAMES, compare, gap_hours, profile_of
from monitor.stories.model import BIAS
from monitor.stories.retelling import Retelling

from .judging import engine
from .stories import retellings

WINDOW_HOURS = 72.0

#: Features that speak for one act, and never against it; the others the other way round.
AGREEING = frozenset(
    {"title", "text", "cover", "shared", "names", "same_parties", "same_family", "same_figures", "same_sums"}
)

#: Strength of the pull towards 0, and rounds of learning.
PULL, ROUNDS = 1.0, 12

#: A related pair counts so much beside one of one act; a pair with less in common than this says nothing.
RELATED_SHARE, LEAST_IN_COMMON = 0.15, 0.02

#: A made-up pair counts so much beside a real one.
MADE_UP_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Sample:
    """A pair: its features in the order of `NAMES`, its label, whether it is barred, and its half."""

    features: tuple[float, ...]
    label: PairLabel
    barred: bool
    half: int
    made_up: bool = False

    @property
    def same(self) -> bool:
        """Whether both reports are of one act."""
        return self.label is PairLabel.SAME


def samples_of(pairs: Sequence[Pair]) -> Iterator[Sample]:
    """Yield a sample for each pair."""
    settings = settings_or_default(DEFAULT_CONFIG)
    judge = rulebook(settings).engine
    sides = {
        side: retelling_of_side(side, str(number), settings, judge)
        for number, side in enumerate(_sides(pairs))
    }
    halves = _halves(pairs)
    for pair in pairs:
        yield _sample(sides[pair.first], sides[pair.second], pair.label, halves[pair.first])


def made_up_samples(*, foreign: bool) -> Iterator[Sample]:
    """Yield the pairs of made-up headlines in one language, or in two."""
    lines = retellings("dev", engine())
    for (name, one), (other_name, other) in combinations(lines, 2):
        if (one.item.lang != other.item.lang) is foreign:
            label = PairLabel.SAME if name == other_name else PairLabel.DIFFERENT
            yield replace(_sample(one, other, label, crc32(name.encode()) % 2), made_up=True)


def _sample(one: Retelling, other: Retelling, label: PairLabel, half: int) -> Sample:
    vocabulary = grouping_model().vocabulary
    mine, theirs = (profile_of(each.fingerprint, vocabulary) for each in (one, other))
    features = compare(mine, theirs, gap_hours(one.published_at, other.published_at), WINDOW_HOURS)
    official, own = one.official or other.official, one.publisher == other.publisher
    barred = bar(mine, theirs, features, official=official, own=own) != ""
    if one.corrects or one.denies or one.fails or other.corrects or other.denies or other.fails:
        features = features.of_another_text()
    return Sample(tuple(getattr(features, name) for name in NAMES), label, barred, half)


def _sides(pairs: Iterable[Pair]) -> list[Side]:
    return list(dict.fromkeys(side for pair in pairs for side in (pair.first, pair.second)))


def _halves(pairs: Sequence[Pair]) -> dict[Side, int]:
    """Return the half of each side; all sides of one story are in one half."""
    root = {side: side for side in _sides(pairs)}

    def find(side: Side) -> Side:
        while root[side] is not side:
            side = root[side]
        return side

    for pair in pairs:
        if pair.label is PairLabel.SAME:
            root[find(pair.second)] = find(pair.first)
    return {side: crc32(find(side).title.encode()) % 2 for side in root}


def learned(samples: Sequence[Sample]) -> dict[str, float]:
    """Return weights by logistic regression; both classes count alike, and a feature of the wrong sign is left out."""
    used = [sample for sample in samples if not sample.barred and _says_something(sample)]
    names = list(NAMES)
    while True:
        weights = _newton(used, names)
        wrong = [name for name in names if (weights[name] > 0) != (name in AGREEING)]
        if not wrong:
            return weights | dict.fromkeys(set(NAMES) - set(names), 0.0)
        names = [name for name in names if name not in wrong]


def _says_something(sample: Sample) -> bool:
    return sample.label is not PairLabel.DIFFERENT or sample.features[NAMES.index("text")] >= LEAST_IN_COMMON


def _newton(samples: Sequence[Sample], names: Sequence[str]) -> dict[str, float]:
    """Return the weights that fit best, by Newton's method with a pull towards 0."""
    columns = [NAMES.index(name) for name in names]
    share = {
        label: len(samples) / 2 / max(1, sum(s.label is label for s in samples))
        for label in (PairLabel.SAME, PairLabel.DIFFERENT)
    }
    share[PairLabel.RELATED] = RELATED_SHARE * share[PairLabel.SAME]
    rows = [
        (
            (1.0, *(s.features[column] for column in columns)),
            s.same,
            share[s.label] * (MADE_UP_SHARE if s.made_up else 1),
        )
        for s in samples
    ]
    size, weights = len(names) + 1, [0.0] * (len(names) + 1)
    for _ in range(ROUNDS):
        slopes = [0.0, *(PULL * weight for weight in weights[1:])]
        curve = [[(PULL if row == column > 0 else 0.0) for column in range(size)] for row in range(size)]
        for features, same, weight in rows:
            chance = 1 / (1 + exp(-sum(w * x for w, x in zip(weights, features, strict=True))))
            error, bend = (chance - same) * weight, chance * (1 - chance) * weight
            present = [(index, x) for index, x in enumerate(features) if x]
            for index, x in present:
                slopes[index] += error * x
                for other, y in present:
                    curve[index][other] += bend * x * y
        weights = [w - step for w, step in zip(weights, _solved(curve, slopes), strict=True)]
    return {BIAS: weights[0]} | dict(zip(names, weights[1:], strict=True))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Return the solution of linear equations, by elimination."""
    rows, size = [[*row, value] for row, value in zip(matrix, right, strict=True)], len(right)
    for pivot in range(size):
        best = max(range(pivot, size), key=lambda row: abs(rows[row][pivot]))
        rows[pivot], rows[best] = rows[best], rows[pivot]
        for row in range(size):
            if row != pivot and rows[pivot][pivot]:
                factor = rows[row][pivot] / rows[pivot][pivot]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[pivot], strict=True)]
    return [rows[index][size] / rows[index][index] if rows[index][index] else 0.0 for index in range(size)]


def logit(weights: dict[str, float], sample: Sample) -> float:
    """Return the log odds of a sample; a barred one has the worst."""
    if sample.barred:
        return -99.0
    return weights[BIAS] + sum(weights[name] * x for name, x in zip(NAMES, sample.features, strict=True))


def figures(scores: Sequence[tuple[float, Sample]], limit: float) -> str:
    """Return precision and recall when pairs from this log odds on are joined."""
    right = sum(score >= limit and sample.same for score, sample in scores)
    wrong = sum(score >= limit and sample.label is PairLabel.DIFFERENT for score, sample in scores)
    missed = sum(score < limit and sample.same for score, sample in scores)
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return (
        f"log odds {limit:+.1f}: precision {precision:.3f} recall {recall:.3f} ({right}, {wrong}, {missed})"
    )


def report(name: str, samples: Sequence[Sample]) -> None:
    """Print cross-validated figures and the table of weights."""
    scores: list[tuple[float, Sample]] = []
    for half in (0, 1):
        weights = learned([sample for sample in samples if sample.half != half])
        scores += [(logit(weights, sample), sample) for sample in samples if sample.half == half]
    print(f"# {name}: {len(samples)} pairs, each half scored by the weights of the other")
    for limit in (-1.0, -0.5, 0.0, 0.5, 1.0):
        print(f"#   {figures(scores, limit)}")
    weights = learned(samples)
    print(f"[{name}]")
    for feature, weight in weights.items():
        print(f"{feature} = {weight:.2f}")


def main(files: Sequence[str]) -> None:
    """Learn from the pairs of these files."""
    mistakes: list[str] = []
    pairs = [
        pair for file in files for pair in read_pairs(Path(file).read_text("utf-8").splitlines(), mistakes)
    ]
    report("weights", [*samples_of(pairs), *made_up_samples(foreign=False)])
    report("foreign", list(made_up_samples(foreign=True)))


if __name__ == "__main__":
    main(sys.argv[1:])
