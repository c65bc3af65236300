"""Write the configuration: the new text is loaded from beside the file first."""

from pathlib import Path

from monitor.errors import ConfigError

from . import load
from .versions import FileChange, VersionedFile


def check_text(path: Path, text: str) -> None:
    """Load a text as if it were the configuration at `path`.

    Raises:
        ConfigError: it has a mistake, or no file can be written beside `path`.
    """
    target = path.resolve()
    beside = target.with_name(f".{target.name}.new")
    try:
        beside.touch(mode=0o600)
        beside.write_bytes(text.encode())
        load(beside)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def write_version(path: Path, text: str, change: FileChange) -> int:
    """Replace the configuration, keep the version before, and return its number.

    Raises:
        ConfigError: the new text has a mistake, or cannot be written.
    """
    check_text(path, text)
    return VersionedFile(path).write(text, change)


def restore_version(path: Path, number: int, change: FileChange) -> None:
    """Undo the last change that was recorded, which came after version `number`.

    Raises:
        ConfigError: the file was changed since, or that version can no longer be loaded.
    """
    file = VersionedFile(path)
    file.last_change(number)
    write_version(path, file.version(number), change)
