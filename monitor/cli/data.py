"""`data status|check`: the data in use, and what another data package would change."""

from collections import deque
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import config as configuration
from monitor.app import derive
from monitor.app.data_package import (
    Manifest,
    Sources,
    compare_sources,
    damaged_files,
    installed,
    unpacked,
    version_in_use,
)
from monitor.app.rulebook import rulebook
from monitor.errors import MonitorError
from monitor.jobs.replay import Replayed, Rules
from monitor.jobs.replay import replay as changes
from monitor.resources import SERIES

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, opened_store, print_json, stdout
from .periods import moment_before
from .replay import change_rows, change_table

app = typer.Typer(
    help="The data: lexicon, frames, rules and sources, and packages of newer ones.", no_args_is_help=True
)

PackagePath = Annotated[
    Path, typer.Argument(metavar="FILE.whl", help="The data package.", exists=True, dir_okay=False)
]


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show which data is in use, and whether a data package is installed."""
    package = installed()
    found: dict[str, Any] = {"version": version_in_use(), "package": None}
    if package:
        folder, manifest = package
        found["package"] = {
            "version": manifest.version,
            "in_use": manifest.fits,
            "made_for": manifest.program,
            "damaged": list(damaged_files(folder, manifest)),
        }
    if as_json:
        print_json(found)
        return
    stdout.print(
        f"data {found['version']}" + ("" if package else ", the program's own; no data package is installed")
    )
    if package:
        stdout.print(_described(package[1]), soft_wrap=True)
        if damaged := found["package"]["damaged"]:
            raise MonitorError(f"the data package is damaged: {', '.join(damaged[:5])}; install it again")


def _described(manifest: Manifest) -> str:
    use = "in use" if manifest.fits else f"not in use: this is program {SERIES}"
    return (
        f"data package {manifest.version} for program {manifest.program}, {len(manifest.files)} files: {use}"
    )


@app.command()
def check(
    package: PackagePath,
    since: Annotated[
        str, typer.Option(help="How far back the archive is judged, such as 24h or 30d.")
    ] = "30d",
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many changes, the newest.")] = 100,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Check a data package that is not installed, and print what it would change in the archive.

    Nothing is installed, stored or sent. To install it: `pip install FILE.whl`, then restart the service.
    """
    settings, start, so_far = configuration.load(config), moment_before(since), Replayed()
    with unpacked(package) as (folder, manifest):
        if not manifest.fits:
            raise MonitorError(f"{package}: made for program {manifest.program}, this is {SERIES}")
        sources = compare_sources(folder / "seeds")
        book = rulebook(settings, seeds=folder / "seeds")
    rules = Rules(book.engine.judge, book.table, derive.feeds_of(settings))
    with opened_store(settings) as store:
        shown = deque(changes(store, rules, start, so_far), maxlen=limit)
    if as_json:
        print_json(
            {
                "version": manifest.version,
                "in_use": version_in_use(),
                "sources": {name: list(getattr(sources, name)) for name in Sources.__slots__},
                "since": moment(start),
                "items": so_far.items,
                **so_far.counts,
                "changes": change_rows(shown),
            }
        )
        return
    stdout.print(f"data package {manifest.version}, sound; in use is {version_in_use()}")
    for name in Sources.__slots__:
        if names := getattr(sources, name):
            stdout.print(f"sources {name}: {', '.join(names)}", soft_wrap=True)
    if shown:
        stdout.print(change_table(shown))
    counts = ", ".join(f"{number} {kind}" for kind, number in so_far.counts.items())
    stdout.print(f"{so_far.items} items since {moment(start)}: {counts}")
