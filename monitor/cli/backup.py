"""`backup` and `restore`: write an installation into one file, and put it back."""

from pathlib import Path
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app.backup import write_backup
from monitor.app.restore import restore_backup
from monitor.clock import utc_now

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stderr, stdout


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; an older backup there is replaced.")],
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Write the database, the signing key, configuration, rules and templates into one file.

    The service may run. The copy of the database is of one moment, and is checked. The file is a ZIP archive
    with mode 0600, written whole or not at all. Files of passwords that the configuration names are left out.
    """
    made = write_backup(configuration.load(config), config, file, utc_now())
    if as_json:
        names = {"files": list(made.files), "left_out": list(made.left_out)}
        print_json({"file": str(made.path), "bytes": made.size, "schema": made.schema} | names)
        return
    what = f"database (schema {made.schema}) and {len(made.files)} files"
    stdout.print(f"{made.path}: {what}, {made.size:,} bytes", soft_wrap=True)
    for name in made.left_out:
        stderr.print(f"not in the backup, it holds a secret: {name}", style="yellow", soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace files of the configuration that differ as well.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Put a backup in place of the database; refuses while the service runs.

    The backup is checked and migrated before anything is replaced; the replaced database is kept beside it.
    Missing files of the configuration are written; files that differ stay as they are, unless --replace.
    Deliveries that were sent after the backup was made are sent again, under the same ids.
    """
    done = restore_backup(config, file, utc_now(), replace=replace)
    if as_json:
        data = {"database": str(done.database), "replaced": str(done.former) if done.former else None}
        data |= {"made_at": done.made_at, "schema": done.schema, "migrated_to": done.migrated_to}
        lists = {"written": list(map(str, done.written)), "differing": list(map(str, done.differing))}
        print_json(data | lists)
        return
    migrated = "" if done.schema == done.migrated_to else f", migrated from {done.schema}"
    stdout.print(
        f"{done.database}: as of {done.made_at}, schema {done.migrated_to}{migrated}", soft_wrap=True
    )
    if done.former:
        stdout.print(f"the database that was there is now {done.former}", soft_wrap=True)
    for path in done.written:
        stdout.print(f"written: {path}", soft_wrap=True)
    for path in done.differing:
        stderr.print(f"differs from the backup and stays: {path}", style="yellow", soft_wrap=True)
