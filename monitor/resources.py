"""Locate the data files, create files that only their owner can read, and adjust the process."""

import gc
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
SEEDS = _ROOT / "seeds"
EXAMPLE_CONFIG = _ROOT / "config.example.toml"


def make_private_folder(path: Path) -> None:
    """Create a folder and its missing parents with mode 0700; an existing one keeps its mode.

    Raises:
        OSError: it cannot be created.
    """
    missing = [parent for parent in path.parents if not parent.exists()]
    for each in (*reversed(missing), path):
        each.mkdir(mode=0o700, exist_ok=True)


def private(path: str, flags: int) -> int:
    """Open a file for `open(…, opener=private)`: a new one has mode 0600, an existing one keeps its mode."""
    return os.open(path, flags, 0o600)


def make_private_file(path: Path) -> None:
    """Create an empty file with mode 0600, unless there is a file, which is not opened.

    To close any descriptor of a SQLite database ends the locks that the process holds on it (fcntl(2)).

    Raises:
        OSError: it cannot be created.
    """
    with suppress(FileExistsError):
        os.close(private(str(path), os.O_RDONLY | os.O_CREAT | os.O_EXCL))


@contextmanager
def replacement_of(path: Path) -> Iterator[Path]:
    """Yield an empty file of mode 0600 beside `path`; it takes the place of `path` when the block ends.

    If the block raises, `path` stays as it was and nothing is left beside it. The change survives a crash.

    Raises:
        OSError: the file cannot be created or renamed.
    """
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(number)
    new = Path(name)
    try:
        yield new
        sync(new)
        new.replace(path)
        sync(path.parent)
    finally:
        new.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Write a file, or the names in a folder, through to the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def raise_open_files(wanted: int = 8192) -> int:
    """Let this process open more files at once, as far as the system allows; return how many it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return soft


@contextmanager
def without_collection() -> Iterator[None]:
    """Collect no garbage in the block: it makes hundreds of thousands of objects, and all of them stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
