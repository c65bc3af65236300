"""Read the file of a backup: its manifest, and its members after each was compared with its hash."""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from monitor.errors import StoreError

FORMAT = "sanctions-monitor backup 1"
MANIFEST = "manifest.json"
DATABASE = "monitor.db"
CONFIG = "config.toml"
RECIPIENTS = "recipients"

CHUNK = 1 << 20

#: What `zipfile` raises for a file that is missing, damaged or no ZIP archive, and for a member that is
#: missing, encrypted or compressed by an unknown method.
_UNREADABLE = (OSError, BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup that is open for reading. `hashes` are the SHA-256 of its members by their names."""

    path: Path
    archive: ZipFile
    made_at: str
    hashes: Mapping[str, str]

    def check(self) -> None:
        """Compare every member with its hash.

        Raises:
            StoreError: a member is missing, damaged or changed, or its name leads out of the backup.
        """
        for name, expected in self.hashes.items():
            if _leads_out(name):
                raise _unsound(self.path, f"the name {name!r} leads out of the backup")
            hash = sha256()
            for chunk in self.chunks(name):
                hash.update(chunk)
            if hash.hexdigest() != expected:
                raise _unsound(self.path, f"{name} is not what was written")
        for name in (DATABASE, CONFIG):
            if name not in self.hashes:
                raise _unsound(self.path, f"it has no {name}")

    def read(self, name: str) -> bytes:
        """Return the content of a member.

        Raises:
            StoreError: as for `chunks`.
        """
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a member in parts.

        Raises:
            StoreError: it is missing or damaged.
        """
        with _translate_errors(self.path):
            member = self.archive.open(name)
        with member:
            while chunk := self._next_chunk(member):
                yield chunk

    def _next_chunk(self, member: IO[bytes]) -> bytes:
        with _translate_errors(self.path):
            return member.read(CHUNK)


@contextmanager
def opened_backup(path: Path) -> Iterator[BackupFile]:
    """Open a backup to read it; its members are not checked.

    Raises:
        StoreError: it cannot be read, is no backup, or is of another format.
    """
    with _translate_errors(path):
        archive = ZipFile(path)
    with archive:
        with _translate_errors(path):
            text = archive.read(MANIFEST)
        manifest = _manifest(path, text)
        yield BackupFile(path, archive, str(manifest["made_at"]), manifest["sha256"])


def _manifest(path: Path, text: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise _unsound(path, f"{MANIFEST} is no JSON: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("sha256"), dict):
        raise _unsound(path, f"{MANIFEST} does not list its files")
    if manifest.get("format") != FORMAT:
        raise _unsound(path, f"its format is {manifest.get('format')!r}, this program reads {FORMAT!r}")
    return {"made_at": ""} | manifest


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    """Raise what `zipfile` raises in the block as a `StoreError`."""
    try:
        yield
    except _UNREADABLE as error:
        raise _unsound(path, str(error)) from error


def _unsound(path: Path, why: str) -> StoreError:
    return StoreError(f"{path} is no sound backup: {why}; use another one")


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts
