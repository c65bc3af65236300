"""Parse the setting `database`, a path or a URL; nothing is opened or created."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.errors import StoreError

_REMEDY = "write a path, or postgresql://user@host/name"


def parse_location(url_or_path: str | Path) -> Path | URL:
    """Return the absolute path of a SQLite file, or the URL of a PostgreSQL server.

    Raises:
        StoreError: it is neither.
    """
    text = str(url_or_path)
    if "://" not in text:
        return _absolute(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # ValueError: of the port
        raise StoreError(f"database: not a URL; {_REMEDY}") from error
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database:
        return _absolute(url.database)
    if kind in {"postgresql", "postgres"}:
        return url
    raise StoreError(f"database: {kind} is not known; {_REMEDY}")


def file_of(url_or_path: str | Path) -> Path | None:
    """Return the absolute path of a SQLite file; None for a database on a server.

    Raises:
        StoreError: it is neither.
    """
    location = parse_location(url_or_path)
    return location if isinstance(location, Path) else None


def _absolute(path: str) -> Path:
    return Path(path).expanduser().absolute()
