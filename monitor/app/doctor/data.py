"""Examine the data: which version is in use, and whether an installed data package fits and is whole."""

from collections.abc import Iterator
from pathlib import Path

from monitor.app.data_package import VERSION_FILE, Manifest, damaged_files, installed
from monitor.resources import BUILT_IN_SEEDS, SERIES

from .base import Examination, Finding, fail, ok, warn

_AGAIN = "pip install --force-reinstall the data package"
_REMOVE = "pip uninstall sanctions-monitor-data, or install the package of this version"


def examine_data(examination: Examination) -> Iterator[Finding]:
    """Yield the version in use, and what is wrong with the data package."""
    yield finding_of(installed())


def finding_of(package: tuple[Path, Manifest] | None) -> Finding:
    """Return the finding about the data package that is installed, or about none."""
    own = (BUILT_IN_SEEDS / VERSION_FILE).read_text("utf-8").strip()
    if package is None:
        return ok(f"data {own}, the program's own; no data package is installed")
    folder, manifest = package
    name = f"data package {manifest.version}"
    if not manifest.fits:
        return warn(f"{name} is for program {manifest.program}, not {SERIES}", str(folder), _REMOVE)
    if wrong := damaged_files(folder, manifest):
        return fail(f"{name} is damaged: {', '.join(wrong[:3])}", str(folder), _AGAIN)
    if parts_of(manifest.version) < parts_of(own):
        return warn(f"{name} is older than the program's own data, {own}", str(folder), _REMOVE)
    return ok(f"{name} in use; the program's own data is {own}")


def parts_of(version: str) -> tuple[int, ...]:
    """Return a version as numbers, to compare."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())
