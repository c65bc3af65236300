"""`doctor`: what is wrong with this installation, and what to do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from monitor.app.doctor.base import Finding, Level
from monitor.app.doctor.examine import examine
from monitor.app.log import configure_logging
from monitor.clock import utc_now

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stdout
from .tables import new_table

_STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}
_EXIT_CODES = {Level.OK: 0, Level.WARN: 1, Level.FAIL: 2}


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Resolve and connect to nothing.")] = False,
    dates: Annotated[
        bool, typer.Option("--dates", help="Compare the clock with the answers of three feeds.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Examine this installation: what is wrong, where, and what to do. Changes and sends nothing.

    Hosts of feeds and lists are resolved; mail servers are signed in to, and other channels connected to.
    Exit code 1 if there is a warning, 2 if something does not work.
    """
    configure_logging("console", "error")
    found = examine(config, utc_now(), offline=offline, dates=dates)
    levels = Counter(each.level for findings in found.values() for each in findings)
    worst = next((level for level in (Level.FAIL, Level.WARN) if levels[level]), Level.OK)
    if as_json:
        print_json(
            {"worst": worst, "counts": {level: levels[level] for level in Level}, "areas": _data(found)}
        )
    else:
        stdout.print(_table(found))
        counts = ", ".join(f"{levels[level]} {level}" for level in reversed(Level))
        stdout.print(Text(counts, style=_STYLES[worst]))
    if code := _EXIT_CODES[worst]:
        raise typer.Exit(code)


def _data(found: Mapping[str, Sequence[Finding]]) -> dict[str, list[dict[str, str]]]:
    return {
        area: [
            {"level": each.level, "what": each.what, "where": each.where, "remedy": each.remedy}
            for each in findings
        ]
        for area, findings in found.items()
    }


def _table(found: Mapping[str, Sequence[Finding]]) -> Table:
    """Return a row for each finding, the area at its first one."""
    table = new_table()
    table.show_header = False
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for area, findings in found.items():
        for number, each in enumerate(findings):
            level = Text(each.level, style=_STYLES[each.level])
            table.add_row(level, "" if number else area, _words(each))
    return table


def _words(finding: Finding) -> Text:
    words = Text(finding.what)
    if finding.where and finding.where not in finding.what:
        words.append(f"\n{finding.where}", style="dim")
    if finding.remedy:
        words.append(f"\n→ {finding.remedy}", style="bold")
    return words
