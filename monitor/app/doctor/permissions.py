"""Examine who may read secrets and write state."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.app.backup import secret_files
from monitor.channels.settings import secret_keys
from monitor.store.location import file_of

from .base import Examination, Finding, fail, ok, warn
from .database import first_existing


def examine_permissions(examination: Examination) -> Iterator[Finding]:
    """Yield files of secrets that others may read, and folders that cannot be written."""
    private = list(_private_files(examination))
    open_files = [path for path in private if path.exists() and path.stat().st_mode & 0o077]
    for path in open_files:
        mode = path.stat().st_mode & 0o777
        yield warn(f"others may read it (mode {mode:04o}), it holds secrets", str(path), f"chmod 600 {path}")
    closed = [folder for folder in _folders(examination) if not _is_writable(folder)]
    for folder in closed:
        remedy = f"give user {os.geteuid()} the right to write it"
        yield fail("this user may not write there", str(folder), remedy)
    if not open_files and not closed:
        yield ok(f"{len(private)} private files, folders can be written")


def _private_files(examination: Examination) -> Iterator[Path]:
    settings = examination.settings
    if _has_secrets(settings, tomllib.loads(examination.config.read_text("utf-8"))):
        yield examination.config
    for name in secret_files(examination.config):
        yield Path(name).expanduser()
    if settings.web.secret is None:
        yield settings.web.key_file
    if path := file_of(settings.database):
        yield path


def _has_secrets(settings: BaseModel, table: dict[str, Any]) -> bool:
    """Say whether a file holds the value of a secret, and not only the name of a file that does."""
    parts: list[tuple[Any, dict[str, Any]]] = [(settings, table)]
    while parts:
        value, written = parts.pop()
        if isinstance(value, BaseModel) and any(key in written for key in secret_keys(type(value))):
            return True
        for key, inner in written.items():
            below = value.get(key) if isinstance(value, dict) else getattr(value, key, None)
            if isinstance(inner, dict) and below is not None:
                parts.append((below, inner))
    return "://" in str(table.get("database", "")) and "@" in str(table["database"])


def _folders(examination: Examination) -> Iterator[Path]:
    settings = examination.settings
    if path := file_of(settings.database):
        yield path.parent
    yield settings.shelf.expanduser().absolute()


def _is_writable(folder: Path) -> bool:
    """Say whether a folder, or the first of its parents that exists, can be written."""
    return os.access(first_existing(folder), os.W_OK | os.X_OK)
