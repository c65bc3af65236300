"""Locate the data files, create files that only their owner can read, and adjust the process."""

import gc
import importlib.util
import json
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor import __version__

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
EXAMPLE_CONFIG = _ROOT / "config.example.toml"

#: The data that ships with the program.
BUILT_IN_SEEDS = _ROOT / "seeds"

#: The package of newer data that pip may have installed, the format of its manifest, and the series of
#: versions of the program that a package is made for.
DATA_PACKAGE = "sanctions_monitor_data"
DATA_FORMAT = 1
SERIES = ".".join(__version__.split(".")[:2])


def data_package_folder() -> Path | None:
    """Return the folder of the data package that is installed, if there is one."""
    found = importlib.util.find_spec(DATA_PACKAGE)
    return Path(found.origin).parent if found and found.origin else None


def _seeds() -> Path:
    """Return the folder of data: that of an installed data package for this series, else the built-in one."""
    folder = data_package_folder()
    if folder is None:
        return BUILT_IN_SEEDS
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        fits = manifest["format"] == DATA_FORMAT and manifest["program"] == SERIES
    except (OSError, ValueError, LookupError, TypeError):
        return BUILT_IN_SEEDS
    return folder / "seeds" if fits else BUILT_IN_SEEDS


#: The data in use.
SEEDS = _seeds()


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


def limit_heaps() -> None:
    """Let all threads share two heaps of the C library: each further one holds memory that others lack."""
    _call_c_library("mallopt", _M_ARENA_MAX, 2)


def settle_memory(*, after_reload: bool = False) -> None:
    """Return free memory to the system, and exempt what is left from collection: most of it stays.

    After a reload what was exempt before is collected too: the old rules are part of it. A collection that
    visits lexicon and rules takes a quarter of a second.
    """
    if after_reload:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
    _call_c_library("malloc_trim", 0)


#: The option of glibc's `mallopt` for the number of heaps.
_M_ARENA_MAX = -8


def _call_c_library(function: str, *arguments: int) -> None:
    """Call a function that only some C libraries have."""
    import ctypes  # noqa: PLC0415  most commands need it not

    with suppress(OSError, AttributeError):
        getattr(ctypes.CDLL(None), function)(*arguments)


@contextmanager
def without_modules(*names: str) -> Iterator[None]:
    """Let libraries that are imported in the block do without other libraries that they could use."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None refuses an import
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


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
