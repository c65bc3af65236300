"""`rules coverage`: what each rule did in the archive, how precise it is, and whether it has examples."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.alerts.feedback import rule_precisions
from monitor.app.rulebook import rulebook
from monitor.jobs.coverage import HitCounts, RuleCoverage, count_hits, coverage_of

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, opened_store, print_json, stdout
from .periods import moment_before
from .tables import new_table
from .word_coverage import print_word_coverage


def coverage(
    words: Annotated[
        list[str] | None, typer.Argument(help="Only rules with these words in their id.")
    ] = None,
    since: Annotated[str, typer.Option(help="How far back: 30d, or a date.")] = "30d",
    languages: Annotated[
        bool, typer.Option("--languages", help="How common the words of frames are, by class and language.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Count the hits of each rule in the archive, with its precision by feedback and its examples.

    Rules without a hit and rules without examples are named. Points are suggested, never changed.
    """
    if languages:
        print_word_coverage(as_json)
        return
    settings = configuration.load(config)
    start = moment_before(since)
    rules = rulebook(settings).engine.rules
    with opened_store(settings) as store:
        counts = count_hits(store, start)
        precisions = {each.rule: each for each in rule_precisions(store.actions_since(start))}
    found = coverage_of(rules, counts, precisions)
    rows = [row for row in found if all(word in row.rule for word in words or ())]
    if as_json:
        print_json({"since": moment(start), "items": counts.items, "rules": [asdict(row) for row in rows]})
        return
    _print(rows, counts, start)


def _print(rows: list[RuleCoverage], counts: HitCounts, start: datetime) -> None:
    numbers = ("points", "yes/no", "hits", "flagged", "precision", "marks")
    table = new_table("rule", *numbers, right=numbers)
    for row in rows:
        precision = "" if row.precision is None else f"{row.precision:.0%}"
        examples = Text(f"{row.yes}/{row.no}", "" if row.yes or row.no else "yellow")
        hits = Text(str(row.hits), "" if row.hits else "dim")
        marks = str(row.marks or "")
        table.add_row(row.rule, f"{row.points:+g}", examples, hits, str(row.flagged), precision, marks)
    stdout.print(table if rows else "no rule has these words")
    for row in rows:
        if row.suggestion:
            stdout.print(Text(f"{row.rule}: {row.suggestion}", "yellow"), soft_wrap=True)
    hit, bare = sum(row.hits > 0 for row in rows), [row.rule for row in rows if not (row.yes or row.no)]
    stdout.print(f"{counts.items} items since {moment(start)}; {hit} of {len(rows)} rules had a hit")
    if bare:
        stdout.print(Text(f"without examples: {', '.join(bare)}", "yellow"), soft_wrap=True)
