"""`evaluate`: measure verdicts on labelled news."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.match.evaluation.labels import Labelled, read_labelled
from monitor.match.evaluation.pairs import read_pairs
from monitor.match.evaluation.topics import answer_of

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, settings_or_default, stderr
from .evaluate_json import errors_data, evaluation_data
from .evaluate_pairs import grouped_pairs, pairs_data, print_pairs
from .evaluate_tables import AnswerWithVerdict, print_errors, print_evaluation
from .explain import item_of


def evaluate(
    file: Annotated[str, typer.Argument(help="JSON Lines of labelled items, or - for standard input.")],
    pairs: Annotated[bool, typer.Option("--pairs", help="Measure the grouping of labelled pairs.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Name every item that was judged wrong.")] = False,
    lang: Annotated[str, typer.Option(help="Only items of this language.")] = "",
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Measure topics and events on labelled items: precision, recall and F1 per topic and language.

    Each line is {id, title, summary, lang, source, date, sanctions, arms}; event, unsure, weight and bucket
    may be added. A topic that is null or absent is not scored. Only title, summary, lang, source and date are
    read when an item is judged. With --pairs each line is {label, a, b}: label is same, related or different,
    a and b are {feed, at, title, summary}; each pair is grouped alone, related ones are left out. Lines that
    cannot be read are named and left out; the exit code is then 1.
    """
    if pairs and lang:
        raise ConfigError("--lang does not apply to --pairs")
    settings = settings_or_default(config)
    mistakes: list[str] = []
    measure = _measure_pairs if pairs else partial(_measure_items, lang=lang)
    measured = measure(file, settings, mistakes, errors=errors, as_json=as_json)
    for mistake in mistakes:
        stderr.print(f"{file}: {mistake}", style="red", soft_wrap=True)
    if mistakes or not measured:
        raise typer.Exit(1)


def _measure_items(
    file: str, settings: Settings, mistakes: list[str], *, lang: str, errors: bool, as_json: bool
) -> int:
    """Print the figures of items and return their number."""
    with _lines(file) as lines:
        items = [each for each in read_labelled(lines, mistakes) if lang in {"", each.fields["lang"]}]
    engine = rulebook(settings).engine
    began = perf_counter()
    judged = list(_judged(items, settings, engine))
    seconds = perf_counter() - began
    if as_json:
        data = evaluation_data(judged, seconds, mistakes)
        print_json(data | (errors_data(judged) if errors else {}))
    else:
        print_evaluation(judged, seconds)
        if errors:
            print_errors(judged)
    return len(items)


def _measure_pairs(file: str, settings: Settings, mistakes: list[str], *, errors: bool, as_json: bool) -> int:
    """Print the figures of pairs and return their number."""
    with _lines(file) as lines:
        pairs = list(read_pairs(lines, mistakes))
    grouped = list(grouped_pairs(pairs, settings, rulebook(settings).engine))
    if as_json:
        print_json(pairs_data(grouped, mistakes, errors))
    else:
        print_pairs(grouped, errors)
    return len(pairs)


@contextmanager
def _lines(file: str) -> Iterator[Iterable[str | bytes]]:
    """Open a file as lines of bytes, so that one line in a wrong encoding spoils no other."""
    if file == "-":
        yield sys.stdin
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from error


def _judged(items: Iterable[Labelled], settings: Settings, engine: Engine) -> Iterator[AnswerWithVerdict]:
    for each in items:
        verdict = engine.judge(*item_of(each.fields, settings))
        yield answer_of(each, verdict), verdict
