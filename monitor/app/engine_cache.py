"""Keep engines, their lexicon and frames, and grouping models in files of the user's cache folder.

A start that finds its files unchanged builds none of them again.

A file is named after the texts that its value was built from and after the code that built it. It begins
with the hash of the rest, by which a damaged file is found. The hash does not protect against a forged file:
a file is only read if it belongs to this user and nobody else can write it, and only classes of such values
are read from it. A file that is not read is replaced; the start takes longer, and nothing else is lost.
"""

import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import monitor
from monitor.match.engine import Engine
from monitor.resources import make_private_folder, without_collection

T = TypeVar("T")

#: So many values of one kind are kept, those used last.
KEPT = 4

_DIGEST_BYTES = 32

#: What reading a file raises that is missing or damaged, or that another version of the program wrote.
_UNREADABLE = (OSError, pickle.UnpicklingError, EOFError, ImportError, AttributeError, TypeError, ValueError)

#: The parts of the program whose code decides what such a value holds.
_CODE = ("match", "model", "stories", "text")

#: What a file may hold besides the classes of `_CODE`; a file that names any other function is refused.
_PLAIN = frozenset({("builtins", "list"), ("collections", "defaultdict")})


def cache_folder() -> Path:
    """Return the folder for files that may be deleted at any time, by the XDG rules or as systemd says."""
    given = os.environ.get("CACHE_DIRECTORY", "").partition(":")[0]
    if given:
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(home) / "sanctions-monitor"


def cached_engine(inputs: object, build: Callable[[], Engine], folder: Path | None = None) -> Engine:
    """Return the engine that `build` makes of `inputs`; see `cached`."""
    return cached(Engine, inputs, build, folder)


def kept_engine(inputs: object, folder: Path | None = None) -> Engine | None:
    """Return the engine that was built of `inputs` before, if its file is still there."""
    with without_collection():
        return _load(_path_of(Engine, inputs, folder), Engine)


def keep_engine(inputs: object, engine: Engine, folder: Path | None = None) -> None:
    """Keep an engine that was built of `inputs`, where a file can be written."""
    with without_collection(), suppress(OSError):
        _save(_path_of(Engine, inputs, folder), engine)


def cached(kind: type[T], inputs: object, build: Callable[[], T], folder: Path | None = None) -> T:
    """Return the value that `build` makes of `inputs`, from its file in `folder` if there is one.

    `inputs` are texts, in tuples and dataclasses of any depth. Without `folder` it is `cache_folder()`.
    """
    path = _path_of(kind, inputs, folder)
    with without_collection():
        value = _load(path, kind)
        if value is None:
            value = build()
            with suppress(OSError):  # a folder that cannot be written
                _save(path, value)
        return value


def _path_of(kind: type, inputs: object, folder: Path | None) -> Path:
    return (folder or cache_folder()) / f"{kind.__name__.lower()}-{_key(inputs)}.pickle"


def _key(inputs: object) -> str:
    about = sha256(f"{sys.version}\0{monitor.__version__}\0{_code_version()}".encode())
    for part in _parts(inputs):
        about.update(part)
    return about.hexdigest()[:24]


def _parts(inputs: object) -> Iterator[bytes]:
    """Yield bytes that tell any two inputs apart."""
    if isinstance(inputs, str):
        data = inputs.encode("utf-8", "surrogatepass")
        yield b"text %d:" % len(data)
        yield data
    elif is_dataclass(inputs):
        yield from _parts(tuple(getattr(inputs, each.name) for each in fields(inputs)))
    elif isinstance(inputs, tuple):
        yield b"tuple %d:" % len(inputs)
        for each in inputs:
            yield from _parts(each)
    else:
        yield f"{type(inputs).__name__} {inputs!r}:".encode()


@cache
def _code_version() -> str:
    """Return what changes with every edit of the code that builds engines; this process runs what it was."""
    package = Path(monitor.__file__).parent
    files = sorted(path for part in _CODE for path in (package / part).rglob("*.py"))
    facts = ((path, path.stat()) for path in files)
    return repr([(path.name, status.st_mtime_ns, status.st_size) for path, status in facts])


def _load(path: Path, kind: type[T]) -> T | None:
    """Return the value in a file; None if the file is missing, not ours alone, or damaged."""
    try:
        with path.open("rb") as file:
            if not _is_private(os.fstat(file.fileno())):
                return None
            digest, data = file.read(_DIGEST_BYTES), file.read()
            found = _EngineUnpickler(BytesIO(data)).load() if sha256(data).digest() == digest else None
            os.utime(file.fileno())
    except _UNREADABLE:
        return None
    return found if isinstance(found, kind) else None


def _is_private(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


class _EngineUnpickler(pickle.Unpickler):
    """Reads the classes of such values, and no other; none that a module of ours has imported."""

    def find_class(self, module: str, name: str) -> Any:
        ours = module.split(".")[:1] == ["monitor"] and module.split(".")[1] in _CODE
        if ours or (module, name) in _PLAIN:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of such a value")


class _EnginePickler(pickle.Pickler):
    """Writes a plain dataclass as a call of its class: `dataclasses` restores frozen ones 5 times slower."""

    def reducer_override(self, value: Any) -> Any:
        names = _positional_fields(value.__class__)
        return (value.__class__, tuple(getattr(value, name) for name in names)) if names else NotImplemented


@cache
def _positional_fields(kind: type) -> tuple[str, ...]:
    """Return the fields of a dataclass if its values alone make an equal object; else nothing."""
    if not is_dataclass(kind) or hasattr(kind, "__post_init__"):
        return ()
    found = fields(kind)
    return tuple(each.name for each in found) if all(each.init and not each.kw_only for each in found) else ()


def _save(path: Path, value: object) -> None:
    """Write all or nothing, and delete the values of its kind that were used longest ago."""
    make_private_folder(path.parent)
    number, temporary = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
    try:
        written = BytesIO()
        _EnginePickler(written, pickle.HIGHEST_PROTOCOL).dump(value)
        data = written.getvalue()
        with os.fdopen(number, "wb") as file:
            file.writelines((sha256(data).digest(), data))
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    for old in sorted(path.parent.glob(f"{path.stem.partition('-')[0]}-*.pickle"), key=_used_at)[:-KEPT]:
        old.unlink(missing_ok=True)


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
