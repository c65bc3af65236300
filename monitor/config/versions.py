"""Replace a file of the operator's, and keep every earlier version in a folder beside it."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError
from monitor.resources import make_private_folder, private, replacement_of

_INDEX = "changes.jsonl"
_SUFFIX = ".toml.old"

#: Changes that are shown.
_MAX_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A change of a file: who did what, and when.

    `number` is that of the version before it. `written` is the hash of the text that was written. `is_last`
    says that the file is still as this change left it.
    """

    at: datetime
    who: str
    what: str
    number: int = 0
    written: str = ""
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class VersionedFile:
    """A text file with the versions before each change, in the folder ``<name>-versions`` beside it."""

    path: Path

    @property
    def folder(self) -> Path:
        """The folder of the versions."""
        target = self._target
        return target.with_name(f"{target.stem}-versions")

    @property
    def _target(self) -> Path:
        return self.path.resolve()

    def text(self) -> str:
        """Return the text of the file; "" if there is none.

        Raises:
            ConfigError: it cannot be read.
        """
        try:
            return self.path.read_bytes().decode()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"{self.path}: cannot be read: {error}") from error

    def write(self, text: str, change: FileChange) -> int:
        """Replace the file atomically and return the number of the version before.

        Raises:
            ConfigError: the file or its folder of versions cannot be written; the file is unchanged.
        """
        number = max(self.numbers(), default=0) + 1
        try:
            make_private_folder(self.folder)
            _write(self.folder / f"{number}{_SUFFIX}", self.text(), 0o600)
            self._record(replace(change, number=number, written=_hash(text)))
            _write(self._target, text, self._mode())
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be written: {error.strerror}") from error
        return number

    def remove(self, change: FileChange) -> int:
        """Delete the file and return the number of the version before.

        Raises:
            ConfigError: it cannot be deleted, or its folder of versions cannot be written.
        """
        number = self.write("", change)
        try:
            self._target.unlink()
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be deleted: {error.strerror}") from error
        return number

    def version(self, number: int) -> str:
        """Return the text of a version.

        Raises:
            ConfigError: there is no such version.
        """
        try:
            return (self.folder / f"{number}{_SUFFIX}").read_bytes().decode()
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"there is no version {number} of {self.path.name}") from error

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of all versions that are kept, oldest first."""
        stems = (path.name.removesuffix(_SUFFIX) for path in self.folder.glob(f"*{_SUFFIX}"))
        return tuple(sorted(int(stem) for stem in stems if stem.isdecimal()))

    def changes(self) -> tuple[FileChange, ...]:
        """Return the latest changes that are recorded, newest first."""
        try:
            lines = (self.folder / _INDEX).read_text("utf-8").splitlines()
        except (OSError, UnicodeError):
            return ()
        found = [change for line in lines[-_MAX_SHOWN:] if (change := _change(line))]
        if found and found[-1].written == _hash(self.text()):
            found[-1] = replace(found[-1], is_last=True)
        return tuple(reversed(found))

    def last_change(self, number: int) -> FileChange:
        """Return the last change, if it is the one after version `number` and the file is as it left it.

        Raises:
            ConfigError: the file was changed since.
        """
        change = next(iter(self.changes()), None)
        if change is None or change.number != number or not change.is_last:
            raise ConfigError(
                f"{self.path.name} was changed since, so that undoing this would undo more;"
                f" the version before it is {self.folder.name}/{number}{_SUFFIX}"
            )
        return change

    def _record(self, change: FileChange) -> None:
        row: dict[str, Any] = asdict(change) | {"at": change.at.isoformat()}
        del row["is_last"]
        with open(self.folder / _INDEX, "a", encoding="utf-8", opener=private) as file:
            file.write(json.dumps(row, ensure_ascii=True) + "\n")

    def _mode(self) -> int:
        try:
            return self._target.stat().st_mode & 0o777
        except FileNotFoundError:
            return 0o600


def _change(line: str) -> FileChange | None:
    try:
        row = json.loads(line)
        return FileChange(**row | {"at": datetime.fromisoformat(row["at"])})
    except (ValueError, TypeError, KeyError):
        return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _write(path: Path, text: str, mode: int) -> None:
    with replacement_of(path) as new:
        new.write_bytes(text.encode())
        new.chmod(mode)
