"""`check`: report every mistake in configuration, rules, lexicon and templates at once."""

from pathlib import Path
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app import policies
from monitor.app.rulebook import built_in, rulebook
from monitor.clock import utc_now
from monitor.errors import ConfigError
from monitor.match.engine import mistaken_examples
from monitor.match.query.lint import warnings

from .check_routing import expectations, shaky_hours, unknown_words
from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stdout


def check(
    config: ConfigPath = DEFAULT_CONFIG,
    everything: Annotated[bool, typer.Option("--all", help="Warn about the built-in files too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read configuration, rules with their examples, lexicon and templates; print every mistake at once.

    Warnings are about your own files: words that two concepts share, patterns that find nothing of their
    own, rules that ask the same or can never hold, digests at an hour that clocks skip once a year.
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
    renderer = policies.renderer_of(settings)
    mistakes += renderer.check()
    return mistakes, [*warned, *renderer.warnings()], said
