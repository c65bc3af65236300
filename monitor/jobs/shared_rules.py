"""Keep the operator's rules, lexicon and scoring equal on all machines of a cluster."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

from monitor.config import Settings
from monitor.config.versions import FileChange, VersionedFile
from monitor.model import SharedKind
from monitor.resources import make_private_folder
from monitor.store.protocols.cluster import SharedFileStore

log = structlog.get_logger()

#: Stands beside the files of a kind that were published, so that none differs from never published.
_PUBLISHED = ".published"

#: Names that are written below a folder: those of files beside one another.
_FILE_NAME = re.compile(r"[\w-][\w. -]*\.toml")


@dataclass(frozen=True, slots=True)
class SharedRules:
    """The operator's files of rules, lexicon and scoring by kind: each place is a folder, or one file."""

    places: Mapping[SharedKind, Path]

    def publish(self, store: SharedFileStore) -> int:
        """Put the files into the store for the other processes; return how many differ from those there.

        Raises:
            ConfigError: a file cannot be read; nothing more is published.
        """
        return sum(_publish(store, kind, place) for kind, place in self.places.items())

    def fetch(self, store: SharedFileStore, now: datetime) -> tuple[str, ...]:
        """Replace the files that differ from the published ones, and return their names.

        The versions before are kept beside them. What was never published is left as it is.

        Raises:
            ConfigError: a file cannot be read or written; the other files are replaced by the next call.
        """
        change = FileChange(at=now, who="cluster", what="received what was published last")
        return tuple(
            name for kind, place in self.places.items() for name in _fetch(store, kind, place, change)
        )


def shared_rules_of(settings: Settings) -> SharedRules | None:
    """Return the files that a configuration shares; None if it shares none."""
    if settings.engine.kind != "cluster" or not settings.engine.share_rules:
        return None
    return SharedRules(
        {
            SharedKind.RULES: settings.rules,
            SharedKind.LEXICON: settings.lexicon,
            SharedKind.SCORING: settings.scoring,
        }
    )


def _publish(store: SharedFileStore, kind: SharedKind, place: Path) -> int:
    texts = {name: file.text().encode() for name, file in _own_files(place).items()}
    ours, shared = {name: _version(text) for name, text in texts.items()}, store.shared_versions(kind)
    if _PUBLISHED not in shared:
        store.share_file(kind, _PUBLISHED, "", b"")
    changed = [name for name in ours if shared.get(name) != ours[name]]
    for name in changed:
        store.share_file(kind, name, ours[name], texts[name])
    if gone := shared.keys() - ours.keys() - {_PUBLISHED}:
        store.unshare_files(kind, gone)
    return len(changed) + len(gone)


def _fetch(store: SharedFileStore, kind: SharedKind, place: Path, change: FileChange) -> list[str]:
    shared, own = dict(store.shared_versions(kind)), _own_files(place)
    if shared.pop(_PUBLISHED, None) is None:
        return []
    replaced = []
    for name, version in sorted(shared.items()):
        file = _file(place, name)
        if file is None:
            log.warning("shared_file_refused", kind=kind, name=name, remedy="rename it where it came from")
        elif _version(file.text().encode()) != version:
            make_private_folder(file.path.parent)
            file.write(store.shared_file(kind, name)[1].decode(), change)
            replaced.append(name)
    for name in sorted(own.keys() - shared.keys()):
        own[name].remove(change)
        replaced.append(name)
    return replaced


def _own_files(place: Path) -> dict[str, VersionedFile]:
    """Return the files of a place by name; none if it does not exist."""
    if place.is_file():
        return {place.name: VersionedFile(place)}
    return {path.name: VersionedFile(path) for path in sorted(place.glob("*.toml"))}


def _file(place: Path, name: str) -> VersionedFile | None:
    """Return the file of a name in a place; None if the name does not belong there."""
    if place.suffix == ".toml":
        return VersionedFile(place) if name == place.name else None
    return VersionedFile(place / name) if _FILE_NAME.fullmatch(name) else None


def _version(text: bytes) -> str:
    return sha256(text).hexdigest()[:16]
