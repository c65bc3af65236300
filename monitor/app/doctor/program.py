"""Examine the program: Python, SQLite, optional packages, compiled modules, open files."""

import importlib.util
import platform
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from monitor import __version__, text
from monitor.channels.email import EmailSettings
from monitor.config import Settings
from monitor.feeds.articles.extract import REMEDY, installed
from monitor.text import compiled

from .base import Examination, Finding, Level, fail, ok, warn

#: The oldest SQLite that has all that the store uses: RETURNING, and upserts.
_OLDEST_SQLITE = (3, 35)
_FEWEST_FILES = 4096


def examine_program(examination: Examination) -> Iterator[Finding]:
    """Yield versions, what is missing, and the limit of open files."""
    python = f"Python {platform.python_version()}"
    yield ok(f"sanctions-monitor {__version__}, {python}, {_event_loop()}")
    yield _build()
    yield from _sqlite()
    yield from _extras(examination.settings, examination)
    yield from _open_files()


def _build() -> Finding:
    """Say whether words, patterns and names are found by compiled functions."""
    if text.IS_COMPILED:
        return ok("words, patterns and names: compiled")
    why = compiled.misfit()
    if why and importlib.util.find_spec(compiled.PACKAGE):
        return warn("words, patterns and names: the compiled build does not fit", why, compiled.REMEDY)
    if not why:
        return Finding(Level.OK, "words, patterns and names: pure Python", f"{compiled.VARIABLE}=pure")
    return Finding(Level.OK, "words, patterns and names: pure Python", "", f"for speed, {compiled.REMEDY}")


def _event_loop() -> str:
    return "uvloop installed" if importlib.util.find_spec("uvloop") else "without uvloop (optional)"


def _sqlite() -> Iterator[Finding]:
    where = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        oldest = ".".join(map(str, _OLDEST_SQLITE))
        yield fail(f"SQLite is older than {oldest}", where, "use a Python built with a newer SQLite")
    with closing(sqlite3.connect(":memory:")) as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" not in options:
        yield fail("SQLite has no full-text search", where, "use a Python whose SQLite has FTS5")
    else:
        yield ok(f"{where} with FTS5")


def _extras(settings: Settings, examination: Examination) -> Iterator[Finding]:
    if settings.database.startswith("postgres") and importlib.util.find_spec("psycopg") is None:
        place = examination.place("database")
        yield fail("no driver for PostgreSQL", place, "pip install 'sanctions-monitor[postgres]'")
    full = next((name for name, feed in settings.feeds.items() if feed.full_text and feed.enabled), None)
    if full and not installed():
        yield fail("pages cannot be read in full", examination.place("feeds", full, "full_text"), REMEDY)
    for name, channel in settings.channels.items():
        signs = isinstance(channel, EmailSettings) and channel.dkim_key_file is not None
        if signs and importlib.util.find_spec("dkim") is None:
            place = examination.place("channels", name, "dkim_key_file")
            yield fail("mail cannot be signed", place, "pip install 'sanctions-monitor[dkim]'")


def _open_files() -> Iterator[Finding]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < _FEWEST_FILES:
        remedy = "set LimitNOFILE= in the systemd unit, --ulimit nofile for a container, or ulimit -n"
        yield warn(f"only {hard} files may be open at once", "RLIMIT_NOFILE", remedy)
    else:
        yield ok("open files: " + ("unlimited" if hard == resource.RLIM_INFINITY else f"up to {hard:,}"))
