"""Take access away: a user or a token, with an entry in the audit log."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import config as configuration
from monitor.clock import utc_now

from .common import audit_entry, not_found, opened_store, stdout

if TYPE_CHECKING:
    from monitor.store import SqlStore


def take_away(
    what: str, name: str, ended: str, config: Path, remove: Callable[["SqlStore", str], bool]
) -> None:
    """Remove a user or a token by its name, and print that it has `ended`.

    Raises:
        ConfigError: there is none of this name.
    """
    with opened_store(configuration.load(config)) as store:
        removed = remove(store, name)
        if removed:
            store.add_audit(audit_entry(utc_now(), f"{what} {ended}", name))
    if not removed:
        raise not_found(what, name, f"see `sanctions-monitor {what} list`")
    stdout.print(f"{what} {name} {ended}")
