"""Store the last good copy of every list on disk.

``<folder>/<list>/<version>/`` holds the documents as published (``0``, ``1``…) and the parsed entities.
``<folder>/<list>/list.json`` names the good version and is replaced atomically; ``changes.json`` is the feed
of changes.
"""

import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from monitor.errors import ListError
from monitor.model import Entity
from monitor.resources import make_private_file, make_private_folder, private

from . import change_feed, parse_list
from .base import SanctionsList
from .parsed import STAMP, read_parties, to_line
from .records import CacheRecord, ListDocument, record_of, version_of
from .sanity import count_of


class ListCache:
    """Stores lists in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def record(self, name: str) -> CacheRecord:
        """Return the state of a list.

        Raises:
            ListError: its ``list.json`` is damaged.
        """
        path = self._folder / name / "list.json"
        try:
            return record_of(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return CacheRecord()
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ListError(
                f"{path} is damaged ({error}); remove it, and the list is fetched again"
            ) from error

    def entities(self, name: str) -> Iterator[Entity]:
        """Yield the entities of the last good copy; none without one.

        Raises:
            ListError: the copy cannot be read.
        """
        record = self.record(name)
        if not record.version:
            return
        parsed = self._path(name, record, f"parties-{STAMP}")
        if parsed.exists():
            try:
                yield from read_parties(parsed, name)
            except ValueError as error:
                raise self._unreadable(name, error) from error
            return
        with ExitStack() as stack:
            try:
                paths = [self._path(name, record, number) for number in range(len(record.documents))]
                streams = [stack.enter_context(path.open("rb")) for path in paths]
            except OSError as error:
                raise self._unreadable(name, error) from error
            today = record.fetched_at.date() if record.fetched_at else None
            yield from _write_through(parse_list(record.format, streams, name, today), parsed)

    def document(self, name: str, record: CacheRecord, number: int) -> bytes:
        """Return a document of the good copy.

        Raises:
            ListError: it is missing.
        """
        try:
            return self._path(name, record, number).read_bytes()
        except OSError as error:
            raise self._unreadable(name, error) from error

    def save(
        self,
        list: SanctionsList,
        bodies: Sequence[bytes],
        documents: Sequence[ListDocument],
        entities: Sequence[Entity],
        now: datetime,
    ) -> CacheRecord:
        """Replace the good copy of a list. `entities` are those that the bodies hold."""
        version = version_of(documents, entities)
        folder = self._folder / list.name / version
        make_private_folder(folder)
        for number, body in enumerate(bodies):
            _replace(folder / str(number), body)
        deque(_write_through(entities, folder / f"parties-{STAMP}"), maxlen=0)
        record = CacheRecord(
            format=list.format,
            version=version,
            documents=tuple(documents),
            count=count_of(entities),
            fetched_at=now,
            checked_at=now,
            expires_on=min((entity.ends_on for entity in entities if entity.ends_on), default=None),
        )
        self._write(list.name, record)
        for other in folder.parent.iterdir():  # the copy before, or one of a killed run
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return record

    def record_check(
        self, name: str, now: datetime, documents: Sequence[ListDocument] = (), problem: str = ""
    ) -> CacheRecord:
        """Record that a list was fetched and its copy stays: unchanged, or refused for a problem."""
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

    def changes_path(self, name: str) -> Path:
        """Return the path of a list's change feed."""
        return self._folder / name / "changes.json"

    def prepare(self, list: SanctionsList) -> None:
        """Create the change feed of a list that has none.

        Raises:
            ListError: the folder cannot be written.
        """
        path = self.changes_path(list.name)
        try:
            if not path.exists():
                make_private_folder(path.parent)
                _replace(path, change_feed.empty_feed(list.title).encode())
        except OSError as error:
            raise ListError(
                f"{path} cannot be written: {error.strerror}; `shelf` names the folder"
            ) from error

    def update_changes(self, list: SanctionsList, add: Callable[[str], str]) -> None:
        """Replace the change feed of a list with `add(feed)`.

        Raises:
            ListError: the feed is damaged.
        """
        self.prepare(list)
        path = self.changes_path(list.name)
        try:
            feed = add(path.read_text("utf-8"))
        except (ValueError, KeyError, TypeError) as error:
            raise ListError(f"{path} is damaged ({error}); remove it, and an empty one is made") from error
        _replace(path, feed.encode())

    def _path(self, name: str, record: CacheRecord, number: int | str) -> Path:
        return self._folder / name / record.version / str(number)

    def _unreadable(self, name: str, error: OSError | ValueError) -> ListError:
        folder = self._folder / name
        return ListError(
            f"{name}: its copy cannot be read ({error}); remove {folder}, and it is fetched again"
        )

    def _write(self, name: str, record: CacheRecord) -> None:
        make_private_folder(self._folder / name)
        text = json.dumps(asdict(record), ensure_ascii=False, indent=1, default=str)
        _replace(self._folder / name / "list.json", text.encode())


def _write_through(entities: Iterable[Entity], path: Path) -> Iterator[Entity]:
    """Yield entities and write each to a file; if that fails or stops early, no file remains."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        make_private_file(fresh)
        stream = fresh.open("w", encoding="utf-8", newline="\n")
    except OSError:
        yield from entities
        return
    try:
        with stream:
            for entity in entities:
                stream.write(f"{to_line(entity)}\n")
                yield entity
        for older in path.parent.glob(f"parties-{'?' * len(STAMP)}"):
            older.unlink(missing_ok=True)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _replace(path: Path, body: bytes) -> None:
    """Write a file atomically: a concurrent read sees the old content or the new, whole."""
    fresh = path.with_name(f"{path.name}.new")
    with open(fresh, "wb", opener=private) as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
