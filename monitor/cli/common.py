"""Shared by all commands: options, the two consoles, access to the store."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from monitor import config
from monitor.config.base import NAME, NAME_RULE
from monitor.errors import ConfigError, did_you_mean
from monitor.model import AuditEntry, FeedReach, FeedState, reach_of

if TYPE_CHECKING:
    from monitor.match.query.lexer import QueryError
    from monitor.store import SqlStore

stdout = Console(highlight=False, markup=False)
stderr = Console(stderr=True, highlight=False, markup=False)

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", envvar="SANCTIONS_MONITOR_CONFIG")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
DEFAULT_CONFIG = Path("config.toml")


def print_json(value: Any) -> None:
    """Print a value as JSON, readable and in the order given."""
    typer.echo(json_of(value))


def json_of(value: Any) -> str:
    """Return a value as JSON, readable and in the order given."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def settings_or_default(path: Path) -> config.Settings:
    """Load settings; return the defaults if the default file does not exist."""
    if path == DEFAULT_CONFIG and not path.exists():
        return config.Settings()
    return config.load(path)


@contextmanager
def opened_store(settings: config.Settings) -> Iterator["SqlStore"]:
    """Open the store without its lock, beside a running service."""
    from monitor.store import NEW_DATABASE, open_store  # noqa: PLC0415  many commands need no store

    store = open_store(settings.database, lock=False)
    if store.is_new:
        stderr.print(f"{store.database.label}: {NEW_DATABASE}", style="yellow", soft_wrap=True)
    try:
        yield store
    finally:
        store.close()


def not_found(what: str, id: str, remedy: str) -> ConfigError:
    """Return the error for an unknown id; it ends with exit code 2, as a mistake of usage."""
    return ConfigError(f"no {what} {id!r}; {remedy}")


def require_known(what: str, value: str, known: Collection[str]) -> None:
    """Refuse a value of an option that is not among those known.

    Raises:
        BadParameter: with the most similar known value, or with the first ones.
    """
    if value in known:
        return
    hint = did_you_mean(value, known) or f"; there are {', '.join(sorted(known)[:20])}"
    raise typer.BadParameter(f"no {what} {value!r}{hint}")


def query_mistake(source: str, error: "QueryError") -> ConfigError:
    """Return the error for a mistake in a query, with a mark under its column."""
    line = source.replace("\n", " ").replace("\t", " ")
    return ConfigError(f"{line}\n{' ' * (error.column - 1)}^\n{error}")


def moment(at: datetime | None) -> str:
    """Return a time in ISO 8601 and UTC, to the second; "" for None."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def short_moment(at: datetime | None) -> str:
    """Return the day and the minute of a time in UTC, such as "2026-11-28 07:01"; "" for None."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def counted(n: int, one: str, more: str = "") -> str:
    """Return a number with its noun: "1 feed", "2 feeds"; `more` is a plural that is not formed by "s"."""
    return f"{n} {one if n == 1 else more or one + 's'}"


def feeds_line(states: Collection[FeedState]) -> str:
    """Return how many feeds answer, fail and were not read yet, in one line."""
    counted = Counter(reach_of(state.health) for state in states)
    parts = [f"{counted[FeedReach.ANSWERING]} of {len(states)} feeds answer"]
    if counted[FeedReach.FAILING]:
        parts.append(f"{counted[FeedReach.FAILING]} failing")
    if counted[FeedReach.UNREAD]:
        parts.append(f"{counted[FeedReach.UNREAD]} not yet read")
    return "; ".join(parts)


def audit_entry(at: datetime, what: str, subject: str, detail: str = "") -> AuditEntry:
    """Return the entry of the audit log for a change that was made from the command line."""
    return AuditEntry(at=at, who="command line", what=what, subject=subject, detail=detail)


def new_name(given: str) -> str:
    """Parse the argument that names something new.

    Raises:
        BadParameter: it is not written as names are.
    """
    if not NAME.fullmatch(given):
        raise typer.BadParameter(NAME_RULE.partition(", as in")[0])
    return given
