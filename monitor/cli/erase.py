"""`erase`: remove what is stored about one person."""

from collections.abc import Iterator
from secrets import token_hex
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.errors import ConfigError

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, opened_store, print_json, stdout


def erase(
    person: Annotated[str, typer.Argument(help="The address of a recipient, or the name of a user.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Remove what is stored about one person; a pseudonym takes the place of their address or name.

    Pending deliveries to them are discarded and the text of all deliveries to them is removed; their user,
    sessions and unsubscriptions are deleted. The account of deliveries and the audit log stay whole.
    Configuration, backups, exports and log files are not changed.
    """
    settings, pseudonym = configuration.load(config), f"erased-{token_hex(6)}"
    if keys := list(_configured(settings, person)):
        what = "\n".join(f"{config}: {key}: {person} still gets messages; remove it first" for key in keys)
        raise ConfigError(what)
    with opened_store(settings) as store:
        counts = store.erase(person, pseudonym, utc_now(), dry_run=True)
        if counts and not dry_run:
            if not yes:
                typer.confirm(
                    f"Erase {person} in {sum(counts.values())} rows for good?", abort=True, err=True
                )
            counts = store.erase(person, pseudonym, utc_now(), dry_run=False)
    if as_json:
        erased = {} if dry_run or not counts else {"pseudonym": pseudonym}
        print_json({"dry_run": dry_run, "rows": counts} | erased)
        return
    for table, rows in counts.items():
        stdout.print(f"{table}: {rows}")
    if not counts:
        stdout.print("nothing is stored about this person")
    elif not dry_run:
        stdout.print(f"erased; it is in the audit log as {pseudonym}", soft_wrap=True)


def _configured(settings: Settings, person: str) -> Iterator[str]:
    """Yield the keys of the configuration that name the person as a recipient."""
    same = person.lower()
    for name, channel in settings.channels.items():
        if same in {each.lower() for each in channel.recipients() if each}:
            yield f"channels.{name}"
    for name, recipient in settings.recipients.items():
        if same in {each.lower() for each in recipient.to.values()}:
            yield f"recipients.{name}"
