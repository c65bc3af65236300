"""`init`: write a starter configuration and rules."""

import shutil
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
    stdout.print("next: sanctions-monitor check, then sanctions-monitor once")
