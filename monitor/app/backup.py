"""Write one file that holds an installation: database, signing key, configuration and rules."""

import json
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monitor import __version__
from monitor.config import Settings
from monitor.errors import StoreError
from monitor.resources import replacement_of
from monitor.store.backup import copy_database, dump_command
from monitor.store.database import Database, database_at

from .backup_file import CHUNK, CONFIG, DATABASE, FORMAT, MANIFEST, RECIPIENTS, opened_backup

#: Keys of files that a backup holds; every other key of a file names a secret.
_INCLUDED = frozenset({"recipients_file", "key_file"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSummary:
    """What a backup holds. `files` are its members without the database, `left_out` files of secrets."""

    path: Path
    size: int
    schema: str
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def write_backup(settings: Settings, config: Path, target: Path, now: datetime) -> BackupSummary:
    """Write the backup, whole or not at all, with mode 0600; a running service is not disturbed.

    Raises:
        StoreError: the database is on a server or damaged, or `target` cannot be written or is no backup.
    """
    _refuse_other_file(target)
    members = dict(_members(settings, config))
    try:
        with (
            closing(database_at(settings.database)) as database,
            replacement_of(target) as new,
            TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder,
        ):
            if database.path is None:
                raise StoreError(_on_server(database, settings))
            copy = Path(folder) / DATABASE
            schema = copy_database(database, copy)
            _write(new, {DATABASE: copy} | members, schema, now)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}; name another file") from error
    return BackupSummary(
        path=target,
        size=target.stat().st_size,
        schema=schema,
        files=tuple(members),
        left_out=secret_files(config),
    )


def _refuse_other_file(target: Path) -> None:
    """Refuse to overwrite a file that is no backup, such as the database."""
    if not target.exists():
        return
    try:
        with opened_backup(target):
            return
    except StoreError as error:
        raise StoreError(f"{target} exists and is no backup; name another file") from error


def _on_server(database: Database, settings: Settings) -> str:
    key = "" if settings.web.secret else f", with {settings.web.key_file}"
    files = f"and copy the configuration and the rules as well{key}"
    return f"{database.label} is on a server; use {dump_command(database)}\n{files}"


def _write(target: Path, members: dict[str, Path], schema: str, now: datetime) -> None:
    hashes: dict[str, str] = {}
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in members.items():
            hashes[name] = _add(archive, ZipInfo(name, now.timetuple()[:6]), path)
        manifest = {"format": FORMAT, "program": __version__, "schema": schema, "made_at": now.isoformat()}
        archive.writestr(MANIFEST, json.dumps(manifest | {"sha256": hashes}, indent=1))


def _add(archive: ZipFile, info: ZipInfo, path: Path) -> str:
    """Write a file into the archive and return its hash; both are of the same bytes."""
    info.compress_type = ZIP_DEFLATED
    hash = sha256()
    with path.open("rb") as file, archive.open(info, "w", force_zip64=True) as member:
        while chunk := file.read(CHUNK):
            hash.update(chunk)
            member.write(chunk)
    return hash.hexdigest()


def _members(settings: Settings, config: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of the operator by their names in the backup."""
    for name, path in places_of(settings, config).items():
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file():
                    yield f"{name}/{file.relative_to(path).as_posix()}", file
        elif path.is_file():
            yield name, path


def places_of(settings: Settings, config: Path) -> dict[str, Path]:
    """Return each file or folder of the operator by its name in the backup; recipients keep their suffix."""
    places = {
        CONFIG: config,
        "rules": settings.rules,
        "lexicon": settings.lexicon,
        "scoring.toml": settings.scoring,
        "templates": settings.templates,
    }
    if settings.web.secret is None:
        places["web.secret"] = settings.web.key_file
    if settings.recipients_file:
        path = Path(settings.recipients_file)
        places[RECIPIENTS + path.suffix] = path
    return {name: path.expanduser() for name, path in places.items()}


def secret_files(config: Path) -> tuple[str, ...]:
    """Return the files of passwords and keys that the configuration names; the backup does not hold them."""
    found: list[str] = []

    def collect(table: Any) -> None:
        for key, value in table.items() if isinstance(table, dict) else ():
            if isinstance(value, str) and key.endswith("_file") and key not in _INCLUDED:
                found.append(value)
            collect(value)

    collect(tomllib.loads(config.read_text("utf-8")))
    return tuple(dict.fromkeys(found))
