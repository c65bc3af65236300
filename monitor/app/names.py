"""The names of all lists, kept in a file: a restart maps it into memory, and only other lists make a new one.

A file's name carries the version of what it was made of, so a new one is written beside the one in use.
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
from monitor.match.names.grading import Background
from monitor.match.names.index import BrokenIndex, NameIndex, of_buffer, written
from monitor.match.names.resolve import Names
from monitor.model import Entity
from monitor.resources import SEEDS

#: Raise it when forms, grades or the file's shape change.
EDITION = "1"

Note = Callable[[str], None]


def names_index(
    entities: Iterable[Entity], version: str, folder: Path, note: Note = lambda said: None
) -> Names:
    """Return the names of these parties: read from `folder`, or made and saved there.

    `version` stands for what the parties were read from; they are asked for only when no good file of this
    version is there. `note` is told why a file could not be used or saved; that costs time, nothing else.

    Raises:
        ConfigError: the built-in tables of words cannot be read.
    """
    known = background()
    whole = sha256(f"{EDITION}\0{known.version}\0{version}".encode()).hexdigest()[:12]
    path = folder / f"names-{whole}.index"
    try:
        return Names(_mapped(path, whole), known)
    except FileNotFoundError:
        pass
    except (OSError, BrokenIndex) as error:
        note(f"{path}: {error}; it is made anew")
    parts = tuple(written(whole, build(entities, known)))
    try:
        _save(path, parts)
        _forget_others(path)
        return Names(_mapped(path, whole), known)
    except (OSError, BrokenIndex) as error:
        note(f"{path}: {error}; the names are kept in memory only")
        return Names(of_buffer(memoryview(b"".join(parts))), known)


@cache
def background() -> Background:
    """Return what is known of words before any list is read.

    Raises:
        ConfigError: a file is missing or cannot be read.
    """
    frequencies, kinds = SEEDS / "background.txt.gz", SEEDS / "names.toml"
    try:
        data, table = frequencies.read_bytes(), kinds.read_bytes()
        version = sha256(data + table).hexdigest()[:12]
        texts = gzip.decompress(data).decode(), table.decode()
        return grading.background(*texts, origin=f"{frequencies} or {kinds}", version=version)
    except (OSError, EOFError, UnicodeError) as error:
        raise ConfigError(f"{frequencies} or {kinds}: {error}") from error


def _mapped(path: Path, version: str) -> NameIndex:
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise BrokenIndex("it is empty") from error
    index = of_buffer(memoryview(data))
    if index.version != version:
        raise BrokenIndex(f"it holds version {index.version}")
    return index


def _save(path: Path, parts: Iterable[bytes]) -> None:
    """Write all or nothing: a file of this name is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
