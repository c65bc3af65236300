"""Share the copies of sanctions lists and the index of their names with the other processes of a cluster."""

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from monitor.model import SharedKind
from monitor.resources import make_private_folder, private

from .context import JobContext

#: Names the good copy of a list; it is written after the copy.
_RECORD = "list.json"

#: Copies that were replaced so long ago are deleted; another process of this machine may read newer ones.
_OLD = timedelta(days=1)

#: The time of the last change of a file and its size.
_FileState = tuple[int, int]


@dataclass
class SharedLists:
    """Keeps the good copies in the folder of the list cache equal to those in the store.

    The process that refreshes lists publishes; it fetches first, so that nothing newer is replaced.
    """

    context: JobContext
    folder: Path
    _hashes: dict[str, tuple[_FileState, str]] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    async def publish(self) -> int:
        """Share the files that differ from those in the store, and return how many."""
        db, store = self.context.db, self.context.store
        shared = dict(await db.run(store.shared_versions, SharedKind.LISTS))
        ours = await self.context.cpu.run(self._versions)
        changed = _records_last(name for name in ours if shared.get(name) != ours[name])
        for name in changed:
            body = await self.context.cpu.run((self.folder / name).read_bytes)
            await db.run(store.share_file, SharedKind.LISTS, name, ours[name], body)
        if gone := shared.keys() - ours.keys():
            await db.run(store.unshare_files, SharedKind.LISTS, gone)
        self._seen = ours
        return len(changed)

    async def fetch(self) -> bool:
        """Write the shared files that are missing here; return whether a list has another good copy."""
        context, store = self.context, self.context.store
        shared = dict(await context.db.run(store.shared_versions, SharedKind.LISTS))
        if shared == self._seen:
            return False
        ours, before = await context.cpu.run(self._versions), await context.cpu.run(self._copies)
        for name in _records_last(name for name in shared if ours.get(name) != shared[name]):
            _, body = await context.db.run(store.shared_file, SharedKind.LISTS, name)
            await context.cpu.run(self._write, name, body)
        self._seen = shared
        await context.cpu.run(self._delete_old, context.clock() - _OLD)
        return await context.cpu.run(self._copies) != before

    def _copies(self) -> dict[str, str]:
        """Return the version of the good copy of each list that has one."""
        policy = self.context.policy
        records = {name: policy.list_cache.record(name) for name in policy.lists}
        return {name: record.version for name, record in records.items() if record.version}

    def _files(self) -> Iterator[Path]:
        """Yield the files that other processes need."""
        for name, version in self._copies().items():
            folder = self.folder / name
            yield from (folder / _RECORD, folder / "changes.json")
            yield from (folder / version).iterdir()
        indexes = sorted(self.folder.glob("names-*.index"), key=lambda path: path.stat().st_mtime)
        yield from indexes[-1:]

    def _versions(self) -> dict[str, str]:
        """Return the hash of each file by its name below the folder."""
        found = {path.relative_to(self.folder).as_posix(): path for path in self._files() if path.is_file()}
        self._hashes = {name: self._hashed(path, self._hashes.get(name)) for name, path in found.items()}
        return {name: digest for name, (_, digest) in self._hashes.items()}

    def _hashed(self, path: Path, known: tuple[_FileState, str] | None) -> tuple[_FileState, str]:
        """Return the state of a file and its hash, which is computed again only if the state has changed."""
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size)
        if known and known[0] == state:
            return known
        return state, sha256(path.read_bytes()).hexdigest()[:16]

    def _write(self, name: str, body: bytes) -> None:
        """Replace a file atomically; a name that leads out of the folder is not written."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            return
        make_private_folder(path.parent)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
        with open(fresh, "wb", opener=private) as stream:
            stream.write(body)
        fresh.replace(path)

    def _delete_old(self, before: datetime) -> None:
        """Delete copies and indexes that were replaced before then."""
        copies = self._copies()
        for name, version in copies.items():
            for path in (self.folder / name).iterdir():
                if path.is_dir() and path.name != version and path.stat().st_mtime < before.timestamp():
                    shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob("names-*.index"):
            if path.name not in self._seen and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)


def _records_last(names: Iterable[str]) -> list[str]:
    """Return names in the order in which they may be written: a record comes after the copy that it names."""
    return sorted(names, key=lambda name: (name.endswith(_RECORD), name))
