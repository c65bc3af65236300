"""The last good copy of every list on disk, as it was published, with a small JSON beside it.

``<folder>/<list>/<version>/0``, ``1``… are the documents, beside them the parties as they were read;
``list.json`` says which version is the good one, and is replaced in one step; ``changes.json`` is the feed of
its changes.
"""

import hashlib
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.errors import ListError
from monitor.model import Entity, key_of

from . import change_feed, read
from .base import SanctionsList
from .parsed import STAMP, line_of, parties
from .sanity import Count, count_of

_VERSION_CHARS = 10


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a list as it was fetched; `proved_at` is when its bytes were last seen and not merely said
    to be unchanged."""

    url: str
    sha256: str
    size: int
    proved_at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a list; without a `version` there is no good copy. `problem` is of the last try."""

    format: str = ""
    version: str = ""
    documents: tuple[Document, ...] = ()
    count: Count | None = None
    fetched_at: datetime | None = None
    checked_at: datetime | None = None
    problem: str = ""
    failures: int = 0

    def is_of(self, list: SanctionsList) -> bool:
        """Say whether the good copy is of this list as it is configured now."""
        urls = tuple(document.url for document in self.documents)
        return bool(self.version) and self.format == list.format and urls == list.urls

    def due_at(self, list: SanctionsList, soonest: timedelta) -> datetime | None:
        """Return when the list is asked for again, None for at once; after a failure sooner than usual."""
        if self.checked_at is None:
            return None
        wait = min(list.every, soonest * self.failures) if self.problem else list.every
        return self.checked_at + wait


class ListCache:
    """Keeps lists in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def record(self, name: str) -> Record:
        """Return what is known of a list.

        Raises:
            ListError: its ``list.json`` is damaged.
        """
        path = self._folder / name / "list.json"
        try:
            return _record(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return Record()
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ListError(
                f"{path} is damaged ({error}); remove it, and the list is fetched anew"
            ) from error

    def entities(self, name: str) -> Iterator[Entity]:
        """Yield the parties of the last good copy; none without one.

        Raises:
            ListError: the copy cannot be read.
        """
        record = self.record(name)
        if not record.version:
            return
        parsed = self._path(name, record, f"parties-{STAMP}")
        if parsed.exists():
            try:
                yield from parties(parsed, name)
            except ValueError as error:
                raise self._lost(name, error) from error
            return
        with ExitStack() as stack:
            try:
                paths = [self._path(name, record, number) for number in range(len(record.documents))]
                streams = [stack.enter_context(path.open("rb")) for path in paths]
            except OSError as error:
                raise self._lost(name, error) from error
            yield from _written(read(record.format, streams, name), parsed)

    def document(self, name: str, record: Record, number: int) -> bytes:
        """Return a document of the good copy.

        Raises:
            ListError: it is not there.
        """
        try:
            return self._path(name, record, number).read_bytes()
        except OSError as error:
            raise self._lost(name, error) from error

    def keep(
        self,
        list: SanctionsList,
        bodies: Sequence[bytes],
        documents: Sequence[Document],
        entities: Sequence[Entity],
        now: datetime,
    ) -> Record:
        """Make this the good copy of a list; the one before it goes. `entities` is what the bodies hold."""
        version = version_of(documents)
        folder = self._folder / list.name / version
        folder.mkdir(parents=True, exist_ok=True)
        for number, body in enumerate(bodies):
            _replace(folder / str(number), body)
        deque(_written(entities, folder / f"parties-{STAMP}"), maxlen=0)
        record = Record(list.format, version, tuple(documents), count_of(entities), now, now)
        self._write(list.name, record)
        for other in folder.parent.iterdir():  # of before, or of a run that was killed
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return record

    def checked(
        self, name: str, now: datetime, documents: Sequence[Document] = (), problem: str = ""
    ) -> Record:
        """Note that a list was asked for and its copy stays: unchanged, or refused for a problem."""
        before = self.record(name)
        record = replace(
            before,
            documents=tuple(documents) or before.documents,
            checked_at=now,
            problem=problem,
            failures=before.failures + 1 if problem else 0,
        )
        self._write(name, record)
        return record

    def changes(self, name: str) -> Path:
        """Return where the feed of a list's changes is."""
        return self._folder / name / "changes.json"

    def prepare(self, list: SanctionsList) -> None:
        """See to it that a list has a feed of its changes, if an empty one.

        Raises:
            ListError: the shelf cannot be written to.
        """
        path = self.changes(list.name)
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _replace(path, change_feed.empty_feed(list.title).encode())
        except OSError as error:
            raise ListError(
                f"{path} cannot be written: {error.strerror}; `shelf` names the folder"
            ) from error

    def tell(self, list: SanctionsList, add: Callable[[str], str]) -> None:
        """Replace the feed of a list's changes with what `add` makes of it.

        Raises:
            ListError: the feed is damaged.
        """
        self.prepare(list)
        path = self.changes(list.name)
        try:
            feed = add(path.read_text("utf-8"))
        except (ValueError, KeyError, TypeError) as error:
            raise ListError(f"{path} is damaged ({error}); remove it, and it begins anew") from error
        _replace(path, feed.encode())

    def _path(self, name: str, record: Record, number: int | str) -> Path:
        return self._folder / name / record.version / str(number)

    def _lost(self, name: str, error: OSError | ValueError) -> ListError:
        folder = self._folder / name
        return ListError(
            f"{name}: its copy cannot be read ({error}); remove {folder}, and it is fetched anew"
        )

    def _write(self, name: str, record: Record) -> None:
        (self._folder / name).mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(record), ensure_ascii=False, indent=1, default=str)
        _replace(self._folder / name / "list.json", text.encode())


def _written(entities: Iterable[Entity], path: Path) -> Iterator[Entity]:
    """Yield parties and write them down; where that is not allowed, or is broken off, nothing stays."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        stream = fresh.open("w", encoding="utf-8", newline="\n")
    except OSError:
        yield from entities
        return
    try:
        with stream:
            for entity in entities:
                stream.write(f"{line_of(entity)}\n")
                yield entity
        for older in path.parent.glob(f"parties-{'?' * len(STAMP)}"):
            older.unlink(missing_ok=True)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def version_of(documents: Sequence[Document]) -> str:
    """Return a name for these bytes."""
    return key_of(*(document.sha256 for document in documents))[:_VERSION_CHARS]


def document_of(
    url: str, body: bytes, etag: str | None, last_modified: str | None, now: datetime
) -> Document:
    """Return what is kept of an answer beside its bytes."""
    return Document(url, hashlib.sha256(body).hexdigest(), len(body), now, etag, last_modified)


def _record(data: dict[str, Any]) -> Record:
    count = data["count"]
    return Record(
        data["format"],
        data["version"],
        tuple(
            Document(**document | {"proved_at": _time(document["proved_at"])})
            for document in data["documents"]
        ),
        Count(**count) if count else None,
        _time(data["fetched_at"]),
        _time(data["checked_at"]),
        data["problem"],
        data["failures"],
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _replace(path: Path, body: bytes) -> None:
    """Write a file so that whoever reads it sees the old one or the new one, whole."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
