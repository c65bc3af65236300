"""`init`: write a starter configuration and rules."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from monitor.errors import MonitorError
from monitor.resources import SEEDS, make_private_file, make_private_folder

from .common import stdout


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
            make_private_folder(target.parent)
            make_private_file(target)
            shutil.copyfile(source, target)
        except OSError as error:
            raise MonitorError(f"{target} cannot be written: {error.strerror}") from error
        stdout.print(f"wrote  {target}")
    for line in _next_steps(folder):
        stdout.print(line, soft_wrap=True)


def _next_steps(folder: Path) -> Iterator[str]:
    """Yield what to do next, a line for each command."""
    where = "" if folder == Path() else f" -c {folder / 'config.toml'}"
    yield f"next: sanctions-monitor check{where}"
    yield "        names every mistake in config.toml and rules/"
    yield f"      sanctions-monitor once{where}"
    yield "        polls once and prints what it finds; the sample feed needs no network"
    yield f"      sanctions-monitor run{where}"
    yield "        serves until Ctrl-C: alerts here, digests in var/outbox, a page on this machine"
    yield f"then edit {folder / 'config.toml'}: starter_pack = true polls 95 more sources, channels send mail"
