"""`init`, `check`: from nothing to a configuration, and every mistake in it."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app import build as program
from monitor.app.rulebook import built_in, rulebook
from monitor.clock import utc_now
from monitor.errors import ConfigError, MonitorError
from monitor.match.engine import mistaken_examples
from monitor.match.query.lint import warnings
from monitor.resources import SEEDS

from .check_routes import expectations, shaky_hours, unknown_words
from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stdout


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write.", file_okay=False)] = Path(),
) -> None:
    """Write a starter config.toml and rules/, never overwriting what is there."""
    for source, target in (
        (SEEDS / "config.starter.toml", folder / "config.toml"),
        (SEEDS / "rules.starter.toml", folder / "rules" / "own.toml"),
    ):
        if target.exists():
            stdout.print(f"kept   {target}", style="dim")
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        except OSError as error:
            raise MonitorError(f"{target} cannot be written: {error.strerror}") from error
        stdout.print(f"wrote  {target}")
    stdout.print("next: sanctions-monitor check, then sanctions-monitor once")


def check(
    config: ConfigPath = DEFAULT_CONFIG,
    everything: Annotated[
        bool, typer.Option("--all", help="Look closely at the built-in files too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read configuration, rules with their examples, lexicon and templates; tell every mistake at once.

    What is no mistake but hardly meant, in files of your own, is worth a look: words that two concepts share,
    patterns that find nothing of their own, rules that ask the same or can never hold, digests at an hour
    that clocks skip once a year.
    """
    mistakes, warned, said = _mistakes(config, everything)
    if as_json:
        print_json({"ok": not mistakes, "mistakes": mistakes, "warnings": warned, **said})
    else:
        for mistake in mistakes:
            stdout.print(mistake, style="red", markup=False, soft_wrap=True)
        if not mistakes:
            stdout.print("good: " + ", ".join(f"{number} {what}" for what, number in said.items()))
        for each in warned:
            stdout.print(f"worth a look: {each}", style="yellow", soft_wrap=True)
    if mistakes:
        raise typer.Exit(2)


def _mistakes(path: Path, everything: bool) -> tuple[list[str], list[str], dict[str, int]]:
    try:
        settings = configuration.load(path)
    except ConfigError as error:
        return str(error).split("\n"), [], {}
    mistakes: list[str] = []
    warned = [f"{path}: {each}" for each in shaky_hours(settings, utc_now())]
    said = {
        "feeds": len(settings.feeds),
        "lists": len(settings.lists),
        "channels": len(settings.channels),
        "digests": len(settings.digests),
    }
    said |= {
        what: len(given)
        for what, given in (("recipients", settings.recipients), ("expectations", settings.expect))
        if given
    }
    try:
        rules = rulebook(settings)
    except ConfigError as error:
        mistakes += str(error).split("\n")
    else:
        engine = rules.engine
        mistakes += mistaken_examples(engine)
        found = (*unknown_words(settings, engine), *expectations(settings, rules))
        mistakes += [f"{path}: {each}" for each in found]
        known = () if everything else tuple(warnings(*built_in()))
        warned += [
            each for each in warnings(engine.lexicon, engine.rules, engine.scoring) if each not in known
        ]
        said |= {
            "rules": len(engine.rules.rules) + len(engine.rules.events),
            "lexicon entries": len(engine.lexicon.entries) + len(engine.lexicon.concepts),
        }
    renderer = program.renderer_of(settings)
    mistakes += renderer.check()
    return mistakes, [*warned, *renderer.warnings()], said
