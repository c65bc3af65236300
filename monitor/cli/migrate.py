"""`migrate`: move the database from SQLite to PostgreSQL while the service is stopped."""

from contextlib import closing
from typing import Annotated

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.store.database import database_at
from monitor.store.transfer import TableCopy, plan_transfer, transfer

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, stdout


def migrate(
    to: Annotated[
        str, typer.Option("--to", help="An empty database: postgresql://user@host/name; see ~/.pgpass.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check both and count; change nothing.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Move the database from SQLite to PostgreSQL; refuses while the service runs.

    Every table is compared after the copy, by count and hash. A copy that was interrupted goes on where it
    ended when the command is given again. The SQLite file is not changed. Then set `database` to the new one.
    """
    settings = configuration.load(config)
    with closing(database_at(settings.database)) as source, closing(database_at(to)) as target:
        if dry_run:
            tables = plan_transfer(source, target)
        else:
            tables = transfer(source, target, (lambda table: None) if as_json else _print_copied)
        label = target.label
    if as_json:
        rows = [{"table": each.table, "rows": each.rows, "copied": each.copied} for each in tables]
        print_json({"to": label, "dry_run": dry_run, "tables": rows})
        return
    for table in tables if dry_run else ():
        _print_row(table, "to copy")
    total, copied = sum(each.rows for each in tables), sum(each.copied for each in tables)
    if dry_run:
        stdout.print(Text(f"{copied:,} of {total:,} rows are to be copied to {label}"), soft_wrap=True)
    else:
        said = f"{label} has all {total:,} rows, compared by hash; set `database` in {config} to its URL"
        stdout.print(Text(said, style="green"), soft_wrap=True)


def _print_copied(table: TableCopy) -> None:
    _print_row(table, "copied")


def _print_row(table: TableCopy, done: str) -> None:
    stdout.print(f"{table.table:<16} {table.rows:>10,} rows, {table.copied:,} {done}", soft_wrap=True)
