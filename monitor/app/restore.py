"""Restore a backup: check it, migrate its database, and put it in place while no service runs."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor import config as configuration
from monitor.errors import StoreError
from monitor.resources import make_private_folder, replacement_of
from monitor.store.backup import check_file, migrate_file, put_in_place, restore_command
from monitor.store.database import database_at
from monitor.store.lock import service_lock
from monitor.store.migrate import HEAD

from .backup import places_of
from .backup_file import CONFIG, DATABASE, RECIPIENTS, BackupFile, opened_backup


@dataclass(slots=True, kw_only=True)
class RestoreSummary:
    """What restoring did. `former` is where the replaced database is, None if there was none."""

    database: Path
    former: Path | None
    made_at: str
    schema: str
    migrated_to: str
    written: list[Path] = field(default_factory=list)
    differing: list[Path] = field(default_factory=list)


def restore_backup(config: Path, source: Path, now: datetime, *, replace: bool) -> RestoreSummary:
    """Put a backup in place while no service runs; what it replaces is kept aside.

    Files of the configuration that are missing are written. Those that differ stay, unless `replace`.

    Raises:
        StoreError: it is no sound backup, is newer than this program, or a service runs.
        ConfigError: the configuration cannot be used.
    """
    with ExitStack() as stack:
        backup = stack.enter_context(opened_backup(source))
        backup.check()
        written = list(_write_config(backup, config))
        settings = configuration.load(config)
        database = stack.enter_context(closing(database_at(settings.database)))
        if database.path is None:
            raise StoreError(f"{database.label} is on a server; use {restore_command(database)}")
        stack.enter_context(service_lock(database))
        summary = _put_database(backup, database.path.resolve(), now)
        summary.written += written
        files = _files_of(backup, places_of(settings, config))
        _put_files(backup, files, summary, f".replaced-{now:%Y%m%dT%H%M%S.%fZ}" if replace else "")
    return summary


def _write_config(backup: BackupFile, config: Path) -> Iterator[Path]:
    """Write the configuration and its file of recipients where they are missing."""
    if config.exists():
        return
    text = backup.read(CONFIG)
    recipients = str(tomllib.loads(text.decode()).get("recipients_file", ""))
    path = Path(recipients).expanduser()
    name = RECIPIENTS + path.suffix
    if recipients and name in backup.hashes and not path.exists():
        _save(path, backup.chunks(name))
        yield path
    _save(config, [text])
    yield config


def _save(path: Path, chunks: Iterable[bytes]) -> None:
    make_private_folder(path.parent)
    with replacement_of(path) as new, new.open("wb") as file:
        file.writelines(chunks)


def _put_database(backup: BackupFile, path: Path, now: datetime) -> RestoreSummary:
    """Check and migrate the database beside the one that it replaces, then put it in place."""
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        new = Path(folder) / DATABASE
        _save(new, backup.chunks(DATABASE))
        schema = check_file(new, f"the database in {backup.path}")
        migrate_file(new)
        former = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S.%fZ}")
        replaced = put_in_place(new, path, former)
    return RestoreSummary(
        database=path,
        former=former if replaced else None,
        made_at=backup.made_at,
        schema=schema,
        migrated_to=HEAD,
    )


def _files_of(backup: BackupFile, places: Mapping[str, Path]) -> dict[str, Path]:
    """Return where each file of a backup belongs; none that the configuration does not use."""
    found: dict[str, Path] = {}
    for name in backup.hashes:
        root, _, below = name.partition("/")
        if root in places:
            found[name] = places[root] / below
    return found


def _put_files(backup: BackupFile, files: Mapping[str, Path], summary: RestoreSummary, suffix: str) -> None:
    """Write the files that are missing; with a suffix also those that differ, after they were renamed."""
    for name, path in files.items():
        content = backup.read(name)
        if path.exists() and path.read_bytes() == content:
            continue
        if path.exists() and not suffix:
            summary.differing.append(path)
            continue
        if path.exists():
            path.rename(f"{path}{suffix}")
        _save(path, [content])
        summary.written.append(path)
