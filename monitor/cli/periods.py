"""Read a duration, and the beginning and the end of a period, from the command line."""

from datetime import UTC, datetime, timedelta

import typer
from pydantic import TypeAdapter, ValidationError

from monitor.clock import utc_now
from monitor.config.base import Duration


def duration(written: str) -> timedelta:
    """Return a duration such as ``12h``.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        found: timedelta = TypeAdapter(Duration).validate_python(written)
    except ValidationError as error:
        raise typer.BadParameter(f'{written!r} is no duration; write it as "12h" or "7d"') from error
    return found


def moment_before(written: str) -> datetime:
    """Return the moment that lies a duration such as ``30d`` back, or a date or time as written, in UTC.

    Raises:
        typer.BadParameter: it is neither.
    """
    try:
        back: timedelta = TypeAdapter(Duration).validate_python(written)
    except ValidationError:
        return _moment(written)
    return utc_now() - back


def _moment(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f'{written!r} is neither a duration such as "30d" nor a date') from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
