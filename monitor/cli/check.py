"""`check`: report every mistake in configuration, rules, lexicon and templates at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app import policies
from monitor.app.rulebook import BUILT_IN, Inspection, built_in, inspect, judged_languages
from monitor.app.unjudged import unjudged_feeds
from monitor.clock import utc_now
from monitor.config.lines import key_lines, located
from monitor.errors import ConfigError
from monitor.match.engine import Engine, mistaken_examples
from monitor.match.query.lint import warnings

from .check_config import config_warnings
from .check_routing import expectations, shaky_hours, unfit_filters, unknown_words
from .common import DEFAULT_CONFIG, AsJson, ConfigPath, counted, print_json, stdout


def check(
    config: ConfigPath = DEFAULT_CONFIG,
    everything: Annotated[bool, typer.Option("--all", help="Examine the built-in files too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read configuration, rules with their examples, lexicon and templates; print every mistake at once.

    Warnings are about your own files: words that two concepts share, patterns that find nothing of their
    own, rules that ask the same or can never match, digests at an hour that clocks skip once a year. The
    examples of built-in rules run if you have words or lists of your own, or with --all.
    """
    found = _findings(config, everything)
    if as_json:
        outcome = {"ok": not found.mistakes, "mistakes": found.mistakes, "warnings": found.warnings}
        print_json(outcome | found.counts)
    else:
        _print(found)
    if found.mistakes:
        raise typer.Exit(2)


@dataclass(slots=True)
class _Findings:
    """What was found in the files of an installation, and how many things of each kind there are."""

    mistakes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def _print(found: _Findings) -> None:
    for mistake in found.mistakes:
        stdout.print(mistake, style="red", markup=False, soft_wrap=True)
    if not found.mistakes:
        stdout.print("good: " + ", ".join(_in_words(number, what) for what, number in found.counts.items()))
    for each in found.warnings:
        stdout.print(f"warning: {each}", style="yellow", soft_wrap=True)


def _findings(path: Path, everything: bool) -> _Findings:
    found = _Findings()
    try:
        settings = configuration.load(path)
    except ConfigError as error:
        found.mistakes += str(error).split("\n")
        return found
    found.warnings += _located(path, _config_warnings(settings))
    found.counts |= _counts(settings)
    try:
        inspection = inspect(settings)
    except ConfigError as error:
        found.mistakes += str(error).split("\n")
    else:
        found.mistakes += _mistakes_of_rules(inspection, settings, path, everything)
        found.warnings += _warnings_of_rules(inspection, everything)
        found.counts |= _rule_counts(inspection.rulebook.engine)
    renderer = policies.renderer_of(settings)
    found.mistakes += renderer.check()
    found.warnings += renderer.warnings()
    return found


def _config_warnings(settings: configuration.Settings) -> Iterator[str]:
    yield from shaky_hours(settings, utc_now())
    yield from config_warnings(settings)
    for name, why in unjudged_feeds(settings, judged_languages(settings)):
        yield f"feeds.{name}.lang: {why}"


def _mistakes_of_rules(
    inspection: Inspection, settings: configuration.Settings, path: Path, everything: bool
) -> list[str]:
    """Return mistakes of lexicon, rules and routes; examples are of rules without mistakes."""
    engine = inspection.rulebook.engine
    mistakes = list(inspection.mistakes)
    if inspection.testable and (everything or not inspection.is_built_in):
        every = everything or inspection.has_own_words
        mistakes += mistaken_examples(engine, but_of="" if every else BUILT_IN)
    if not inspection.mistakes:
        found = [*unknown_words(settings, engine), *unfit_filters(settings, engine)]
        mistakes += _located(path, found)
        mistakes += [f"{path}: {each}" for each in expectations(settings, inspection.rulebook)]
    return mistakes


def _warnings_of_rules(inspection: Inspection, everything: bool) -> list[str]:
    """Return warnings about the operator's files, or about `everything`."""
    engine = inspection.rulebook.engine
    if inspection.is_built_in and not everything:
        return []
    found = warnings(engine.lexicon, engine.rules, engine.scoring)
    return [each for each in found if everything or each not in _built_in_warnings()]


def _located(path: Path, found: Iterable[str]) -> list[str]:
    """Return messages with the file, and the line of their keys."""
    lines = key_lines(path.read_text("utf-8"))
    return [f"{path}: {each}" for each in located(found, lines)]


@cache
def _built_in_warnings() -> frozenset[str]:
    return frozenset(warnings(*built_in()))


def _counts(settings: configuration.Settings) -> dict[str, int]:
    counts = {
        "feeds": len(settings.feeds),
        "lists": len(settings.lists),
        "channels": len(settings.channels),
        "digests": len(settings.digests),
    }
    optional = {"recipients": len(settings.recipients), "expectations": len(settings.expect)}
    return counts | {name: number for name, number in optional.items() if number}


def _in_words(number: int, things: str) -> str:
    """Return a count of things that are named in the plural: "1 digest", "2 lexicon entries"."""
    one = f"{things.removesuffix('ies')}y" if things.endswith("ies") else things.removesuffix("s")
    return counted(number, one, things)


def _rule_counts(engine: Engine) -> dict[str, int]:
    return {
        "rules": len(engine.rules.rules) + len(engine.rules.events),
        "lexicon entries": len(engine.lexicon.entries) + len(engine.lexicon.concepts),
    }
