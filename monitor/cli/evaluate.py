"""`evaluate`: measure verdicts on labelled news."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.match.evaluation.labels import Labelled, read_labelled
from monitor.match.evaluation.topics import answer_of

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, settings_or_default, stderr
from .evaluate_json import errors_data, evaluation_data
from .evaluate_tables import Judged, print_errors, print_evaluation
from .explain import item_of


def evaluate(
    file: Annotated[str, typer.Argument(help="JSON Lines of labelled items, or - for standard input.")],
    errors: Annotated[bool, typer.Option("--errors", help="Name every item that was judged wrong.")] = False,
    lang: Annotated[str, typer.Option(help="Only items of this language.")] = "",
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Measure topics and events on labelled items: precision, recall and F1 per topic and language.

    Each line is {id, title, summary, lang, source, date, sanctions, arms}; event, unsure, weight and bucket
    may be added. A topic that is null or absent is not scored. Only title, summary, lang, source and date are
    read when an item is judged. Lines that cannot be read are named and left out; the exit code is then 1.
    """
    settings = settings_or_default(config)
    mistakes: list[str] = []
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
    for mistake in mistakes:
        stderr.print(f"{file}: {mistake}", style="red", soft_wrap=True)
    if mistakes or not items:
        raise typer.Exit(1)


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


def _judged(items: Iterable[Labelled], settings: Settings, engine: Engine) -> Iterator[Judged]:
    for each in items:
        verdict = engine.judge(*item_of(each.fields, settings))
        yield answer_of(each, verdict), verdict
