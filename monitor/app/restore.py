"""Read a backup back: check it, migrate its database, and put it in place while no service runs."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any
from zipfile import ZipFile

from monitor import config as configuration
from monitor.errors import StoreError
from monitor.resources import make_private_folder, replacement_of
from monitor.store.backup import check_file, migrate_file, put_in_place, restore_command
from monitor.store.database import database_at
from monitor.store.lock import service_lock
from monitor.store.migrate import HEAD

from .backup import CONFIG, DAMAGE, DATABASE, RECIPIENTS, manifest_of, places_of


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
        try:
            archive = stack.enter_context(ZipFile(source))
            manifest = _checked_manifest(archive)
        except DAMAGE as error:
            raise StoreError(f"{source} is no sound backup: {error}; use another one") from error
        written = list(_write_config(archive, config))
        settings = configuration.load(config)
        database = stack.enter_context(closing(database_at(settings.database)))
        if database.path is None:
            raise StoreError(f"{database.label} is on a server; use {restore_command(database)}")
        stack.enter_context(service_lock(database))
        summary = _put_database(archive, manifest, database.path.resolve(), source, now)
        summary.written += written
        files = _files_of(manifest, places_of(settings, config))
        _put_files(archive, files, summary, f".replaced-{now:%Y%m%dT%H%M%S.%fZ}" if replace else "")
    return summary


def _checked_manifest(archive: ZipFile) -> dict[str, Any]:
    """Return the manifest after each member was compared with its hash."""
    manifest = manifest_of(archive)
    for name, expected in manifest["sha256"].items():
        if _unsafe(name):
            raise ValueError(f"the name {name!r} leads out of the backup")
        with archive.open(name) as member:
            if _hash(member) != expected:
                raise ValueError(f"{name} is not what was written")
    return manifest


def _hash(file: IO[bytes]) -> str:
    hash = sha256()
    while chunk := file.read(1 << 20):
        hash.update(chunk)
    return hash.hexdigest()


def _unsafe(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts


def _write_config(archive: ZipFile, config: Path) -> Iterator[Path]:
    """Write the configuration and its file of recipients where they are missing."""
    if config.exists():
        return
    text = archive.read(CONFIG)
    recipients = str(tomllib.loads(text.decode()).get("recipients_file", ""))
    path = Path(recipients).expanduser()
    name = RECIPIENTS + path.suffix
    if recipients and name in archive.namelist() and not path.exists():
        _save(path, BytesIO(archive.read(name)))
        yield path
    _save(config, BytesIO(text))
    yield config


def _save(path: Path, content: IO[bytes]) -> None:
    make_private_folder(path.parent)
    with replacement_of(path) as new, new.open("wb") as file:
        copyfileobj(content, file)


def _put_database(
    archive: ZipFile, manifest: dict[str, Any], path: Path, source: Path, now: datetime
) -> RestoreSummary:
    """Check and migrate the database beside the one that it replaces, then put it in place."""
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        new = Path(folder) / DATABASE
        _save(new, archive.open(DATABASE))
        schema = check_file(new, f"the database in {source}")
        migrate_file(new)
        former = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S.%fZ}")
        replaced = put_in_place(new, path, former)
    return RestoreSummary(
        database=path,
        former=former if replaced else None,
        made_at=str(manifest["made_at"]),
        schema=schema,
        migrated_to=HEAD,
    )


def _files_of(manifest: dict[str, Any], places: Mapping[str, Path]) -> dict[str, Path]:
    """Return where each file of a backup belongs; none that the configuration does not use."""
    found: dict[str, Path] = {}
    for name in manifest["sha256"]:
        root, _, below = name.partition("/")
        if root in places:
            found[name] = places[root] / below
    return found


def _put_files(archive: ZipFile, files: Mapping[str, Path], summary: RestoreSummary, suffix: str) -> None:
    """Write the files that are missing; with a suffix also those that differ, after they were renamed."""
    for name, path in files.items():
        content = archive.read(name)
        if path.exists() and path.read_bytes() == content:
            continue
        if path.exists() and not suffix:
            summary.differing.append(path)
            continue
        if path.exists():
            path.rename(f"{path}{suffix}")
        _save(path, BytesIO(content))
        summary.written.append(path)
