"""Read data packages: lexicon, frames, rules and sources that are newer than those of the program.

A data package is a wheel with one folder of data, `resources.DATA_PACKAGE`: a manifest, and all files of
``seeds/``. pip installs it beside the program, which then reads its files instead of its own, if the manifest
names this version of the program. Nothing fetches or installs one by itself.
"""

import hashlib
import json
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from monitor.errors import MonitorError
from monitor.resources import DATA_FORMAT, DATA_PACKAGE, SEEDS, SERIES, data_package_folder

MANIFEST = "manifest.json"
VERSION_FILE = "version.txt"
MAX_FILES = 1_000
MAX_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a data package: version, program that it is made for, and SHA-256 of each file."""

    version: str
    format: int
    program: str
    files: Mapping[str, str]

    @property
    def fits(self) -> bool:
        """Say whether this version of the program reads the package."""
        return self.format == DATA_FORMAT and self.program == SERIES


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of the starter pack that a data package adds, removes and changes, by name."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def version_in_use() -> str:
    """Return the version of the data in use."""
    return (SEEDS / VERSION_FILE).read_text("utf-8").strip()


def installed() -> tuple[Path, Manifest] | None:
    """Return the folder and the manifest of the data package that is installed, whether it fits or not.

    Raises:
        MonitorError: its manifest cannot be read.
    """
    folder = data_package_folder()
    return (folder, read_manifest(folder)) if folder else None


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder.

    Raises:
        MonitorError: it is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        written: dict[str, Any] = json.loads(path.read_text("utf-8"))
        files = {str(name): str(digest) for name, digest in written["files"].items()}
        return Manifest(str(written["version"]), int(written["format"]), str(written["program"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MonitorError(f"{path}: not the manifest of a data package; get the package again") from error


def damaged_files(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return the files that are missing, added or not as the manifest says."""
    seeds = folder / "seeds"
    files = (path for path in seeds.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    found = {path.relative_to(seeds).as_posix(): path for path in files}
    wrong = set(found) ^ set(manifest.files)
    wrong |= {
        name for name in set(found) & set(manifest.files) if sha256(found[name]) != manifest.files[name]
    }
    return tuple(sorted(wrong))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def unpacked(wheel: Path) -> Iterator[tuple[Path, Manifest]]:
    """Unpack a data package into a temporary folder; yield it with its manifest, both checked.

    Raises:
        MonitorError: it is no data package, or a file is not as the manifest says.
    """
    with TemporaryDirectory() as place:
        _unpack(wheel, Path(place))
        folder = Path(place) / DATA_PACKAGE
        manifest = read_manifest(folder)
        if wrong := damaged_files(folder, manifest):
            raise MonitorError(f"{wheel}: damaged: {', '.join(wrong[:5])}; get the package again")
        yield folder, manifest


def _unpack(wheel: Path, place: Path) -> None:
    """Write the data of a wheel, and nothing else of it, below a folder."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [each for each in archive.infolist() if _is_data(each)]
            if len(members) > MAX_FILES or sum(each.file_size for each in members) > MAX_BYTES:
                raise MonitorError(f"{wheel}: larger than any data package; do not install it")
            for each in members:
                archive.extract(each, place)
    except (OSError, zipfile.BadZipFile) as error:
        raise MonitorError(f"{wheel}: not a wheel that can be read: {error}") from error


def _is_data(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    return not member.is_dir() and parts[:1] == (DATA_PACKAGE,) and ".." not in parts


def compare_sources(seeds: Path) -> Sources:
    """Return how the sources in a folder of data differ from those in use.

    Raises:
        MonitorError: they cannot be read.
    """
    try:
        new, old = (tomllib.loads((each / "feeds.toml").read_text("utf-8")) for each in (seeds, SEEDS))
    except (OSError, ValueError) as error:
        raise MonitorError(f"{seeds / 'feeds.toml'}: {error}") from error
    both = new.keys() & old.keys()
    changed = sorted(name for name in both if new[name] != old[name])
    return Sources(
        tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())), tuple(changed)
    )
