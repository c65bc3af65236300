"""`evaluate`: how good the judgement is, measured on labelled news."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor.app.rulebook import rulebook
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.match.engine import Engine
from monitor.match.evaluation import Answer, Counts, Labelled, Measured, confusion, measure, read_labelled
from monitor.match.rules import TOPICS
from monitor.model import Verdict
from monitor.render.sanitize import clip, sanitize, without_surrogates

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, settings_or_default, stderr, stdout
from .explain import item_of

LONGEST_TITLE = 90
LONGEST_QUOTE = 60

Judged = tuple[Answer, Verdict]


def evaluate(
    file: Annotated[str, typer.Argument(help="JSON Lines of labelled items, or - for standard input.")],
    errors: Annotated[bool, typer.Option("--errors", help="Name every item that was judged wrong.")] = False,
    lang: Annotated[str, typer.Option(help="Only items of this language.")] = "",
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Measure precision, recall and F1 per topic and language on labelled items.

    Each line is {id, title, summary, lang, source, date, sanctions, arms}; unsure, weight and bucket may be
    added. Only title, summary, lang, source and date are read when an item is judged. Lines that cannot be
    read are named and left out; the exit code is then 1.
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
        print_json(_data(judged, seconds, mistakes) | ({"errors": list(_errors(judged))} if errors else {}))
    else:
        _print(judged, seconds, errors)
    for mistake in mistakes:
        stderr.print(f"{file}: {mistake}", style="red", soft_wrap=True)
    if mistakes or not items:
        raise typer.Exit(1)


@contextmanager
def _lines(file: str) -> Iterator[Iterable[str | bytes]]:
    """Give a file's lines as bytes, so that one that is no text spoils no other."""
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
        yield Answer(each, frozenset(verdict.topics)), verdict


# ---------------------------------------------------------------- for programs


def _data(judged: list[Judged], seconds: float, mistakes: list[str]) -> dict[str, Any]:
    answers = [answer for answer, _ in judged]
    topics = {topic: _measured(measure(answers, topic)) for topic in TOPICS}
    return {"topics": topics, "items": len(judged), "seconds": round(seconds, 3), "mistakes": mistakes}


def _measured(of: Measured) -> dict[str, Any]:
    return {
        "all": _counts(of.all),
        "sure": _counts(of.sure),
        "weighted": _counts(of.weighted),
        "by_lang": {name: _counts(each) for name, each in of.by_lang.items()},
        "by_bucket": {name: _counts(each) for name, each in of.by_bucket.items()},
    }


def _counts(of: Counts) -> dict[str, float]:
    rates = {"precision": of.precision, "recall": of.recall_items, "f1": of.f1}
    numbers = {"tp": of.tp, "fp": of.fp, "fn": of.fn}
    return {name: round(rate, 4) for name, rate in rates.items()} | {
        name: int(number) if number == int(number) else round(number, 4) for name, number in numbers.items()
    }


def _errors(judged: Iterable[Judged]) -> Iterator[dict[str, Any]]:
    for topic, error, answer, verdict in _wrong(judged):
        yield {
            "id": without_surrogates(answer.item.id),
            "lang": without_surrogates(answer.item.fields["lang"]),
            "topic": topic,
            "error": error,
            "unsure": answer.item.unsure,
            "relevance": verdict.relevance[topic],
            "evidence": [without_surrogates(f"{e.because} “{e.quote}”") for e in verdict.evidence[:3]],
            "penalties": [without_surrogates(f"{e.because} “{e.quote}”") for e in verdict.penalties[:3]],
        }


def _wrong(judged: Iterable[Judged]) -> list[tuple[str, str, Answer, Verdict]]:
    """Return what was judged wrong, topic by topic, the false alarms of each first."""
    wrong = [
        (topic, error, answer, verdict)
        for answer, verdict in judged
        for topic in TOPICS
        if (error := confusion(answer, topic))
    ]
    return sorted(wrong, key=lambda each: (TOPICS.index(each[0]), each[1] != "false positive"))


# ---------------------------------------------------------------- for people


def _print(judged: list[Judged], seconds: float, errors: bool) -> None:
    answers = [answer for answer, _ in judged]
    if not judged:
        stdout.print("no items: nothing was measured")
        return
    for topic in TOPICS:
        stdout.print(_table(topic, measure(answers, topic)))
        stdout.print()
    stdout.print(f"{len(judged)} items in {seconds:.1f} s", style="dim")
    if errors:
        _print_errors(judged)


def _table(topic: str, of: Measured) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", title=topic, title_justify="left")
    table.title_style = "bold"
    table.add_column("", min_width=10)
    for heading in ("precision", "recall", "F1", "hits", "false", "missed"):
        table.add_column(heading, justify="right")
    rows = {"all": of.all, "sure only": of.sure, "weighted": of.weighted}
    for name, counts in rows.items():
        table.add_row(*_row(name, counts))
    for groups in (of.by_lang, of.by_bucket):
        table.add_section()
        if groups.keys() - {"?"}:
            table.add_row("by language" if groups is of.by_lang else "by bucket", style="dim")
        for name, counts in groups.items():
            table.add_row(*_row(f"  {sanitize(name)}", counts))
    return table


def _row(name: str, of: Counts) -> Iterator[Text | str]:
    """A rate of nothing is a dash."""
    yield Text(name)
    yield f"{of.precision:.3f}" if of.tp + of.fp else "–"
    yield f"{of.recall_items:.3f}" if of.tp + of.fn else "–"
    yield f"{of.f1:.3f}" if of.tp + of.fp + of.fn else "–"
    yield from (f"{number:,.0f}" if number >= 10 else f"{number:.3g}" for number in (of.tp, of.fp, of.fn))


def _print_errors(judged: Iterable[Judged]) -> None:
    for topic, error, answer, verdict in _wrong(judged):
        item, colour = answer.item, "red" if error == "false positive" else "yellow"
        head = Text.assemble((f"{topic}: {error}", colour))
        head.append(f"  {sanitize(item.id)}  {sanitize(item.fields['lang'])}")
        head.append(f"  relevance {verdict.relevance[topic]}{'  unsure' if item.unsure else ''}", "dim")
        stdout.print()
        stdout.print(head, soft_wrap=True)
        title = item.fields["title"] or item.fields["summary"]
        stdout.print(Text(f"  {clip(sanitize(title), LONGEST_TITLE)}"), soft_wrap=True)
        for each in (*verdict.evidence[:3], *verdict.penalties[:2]):
            quote = clip(sanitize(each.quote), LONGEST_QUOTE)
            stdout.print(Text(f"  {each.points:+6.1f}  {each.because}: “{quote}”", "dim"), soft_wrap=True)
