"""Load the index of listed names from its file, or build and save it.

A restart maps the file into memory; it is rebuilt only when the lists change. The file name carries the
version of the sources, so a new file is written beside the one in use.
"""

import gzip
import mmap
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from monitor.errors import ConfigError
from monitor.match.names import grading
from monitor.match.names.building import build
from monitor.match.names.grading import WordStatistics
from monitor.match.names.index import BrokenIndex, NameIndex, from_buffer, to_bytes
from monitor.match.names.resolve import Names
from monitor.model import Entity
from monitor.resources import SEEDS, make_private_folder

#: Raise it when the name forms, the grades or the layout of the file change.
FORMAT_VERSION = "2"

OnRebuild = Callable[[str], None]


def ignore_rebuild(reason: str) -> None:
    """Do nothing: the output of a command is its answer."""


def names_index(
    entities: Iterable[Entity], version: str, folder: Path, on_rebuild: OnRebuild = ignore_rebuild
) -> Names:
    """Return the names of these entities: loaded from `folder`, or built and saved there.

    `version` identifies the sources of the entities, which are read only when there is no good file of this
    version. `on_rebuild` receives the reason why a file could not be used or saved; nothing but time is lost.

    Raises:
        ConfigError: the built-in tables of words cannot be read.
    """
    statistics = word_statistics()
    whole = sha256(f"{FORMAT_VERSION}\0{statistics.version}\0{version}".encode()).hexdigest()[:12]
    path = folder / f"names-{whole}.index"
    try:
        return Names(_mapped(path, whole), statistics)
    except FileNotFoundError:
        pass
    except (OSError, BrokenIndex) as error:
        on_rebuild(f"{path}: {error}; it is rebuilt")
    parts = tuple(to_bytes(whole, build(entities, statistics)))
    try:
        _save(path, parts)
        _forget_others(path)
        return Names(_mapped(path, whole), statistics)
    except (OSError, BrokenIndex) as error:
        on_rebuild(f"{path}: {error}; the names are kept in memory only")
        return Names(from_buffer(memoryview(b"".join(parts))), statistics)


@cache
def word_statistics() -> WordStatistics:
    """Return what is known of words before any list is read.

    Raises:
        ConfigError: a file is missing or cannot be read.
    """
    frequencies, kinds = SEEDS / "background.txt.gz", SEEDS / "names.toml"
    try:
        data, table = frequencies.read_bytes(), kinds.read_bytes()
        version = sha256(data + table).hexdigest()[:12]
        texts = gzip.decompress(data).decode(), table.decode()
        return grading.parse_word_statistics(*texts, origin=f"{frequencies} or {kinds}", version=version)
    except (OSError, EOFError, UnicodeError) as error:
        raise ConfigError(f"{frequencies} or {kinds}: {error}") from error


def _mapped(path: Path, version: str) -> NameIndex:
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise BrokenIndex("it is empty") from error
    index = from_buffer(memoryview(data))
    if index.version != version:
        raise BrokenIndex(f"it holds version {index.version}")
    return index


def _save(path: Path, parts: Iterable[bytes]) -> None:
    """Write all or nothing: a file of this name is always whole."""
    make_private_folder(path.parent)
    number, temporary = tempfile.mkstemp(prefix="names-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _forget_others(kept: Path) -> None:
    """Remove older files; one that the system will not let go yet goes the next time."""
    for path in kept.parent.glob("names-*.index"):
        if path != kept:
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue
