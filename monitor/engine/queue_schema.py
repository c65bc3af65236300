"""Make the tables of the queue of a cluster, and bring them up to date."""

from importlib import resources
from typing import TYPE_CHECKING

from monitor.errors import StoreError

if TYPE_CHECKING:
    import psycopg

MISSING = "engine.kind: a cluster needs its queue: pip install 'sanctions-monitor[cluster]'"

#: In `meta`: the last migration of the queue that was applied.
_APPLIED = "queue_migration"

_REMEMBER = (
    "INSERT INTO meta (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)

#: Two processes that start at the same time: one of them waits.
_KEY = 0x5A4E


def prepare_queue(url: str) -> None:
    """Create or update the tables of the queue, in one transaction and under a lock.

    Raises:
        StoreError: Procrastinate is missing or too old, or the database has tables of it that are not ours.
    """
    try:
        import procrastinate  # noqa: F401, PLC0415  an extra
        import psycopg  # noqa: PLC0415
    except ImportError as error:
        raise StoreError(MISSING) from error
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_KEY,))
        _bring_up_to_date(connection)


def _bring_up_to_date(connection: "psycopg.Connection") -> None:
    migrations, applied = _migrations(), _applied(connection)
    newest = max(migrations)
    if applied is None:
        there = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if there and there[0]:
            raise StoreError(
                "the database has a Procrastinate queue of another program; use a database of its own"
            )
        _run(connection, _text("schema.sql"))
    elif applied > newest:
        raise StoreError(
            f"the queue was made by a newer Procrastinate (migration {applied}, this one knows {newest});"
            " upgrade procrastinate"
        )
    for name in sorted(name for name in migrations if applied and name > applied):
        _run(connection, _text(f"migrations/{name}"))
    connection.execute(_REMEMBER, (_APPLIED, newest))


def _migrations() -> list[str]:
    folder = resources.files("procrastinate.sql") / "migrations"
    return [entry.name for entry in folder.iterdir() if entry.name.endswith(".sql")]


def _text(name: str) -> str:
    path = resources.files("procrastinate.sql")
    for part in name.split("/"):
        path = path / part
    return path.read_text("utf-8")


def _run(connection: "psycopg.Connection", script: str) -> None:
    connection.execute(script.encode())  # without parameters a script may hold several statements


def _applied(connection: "psycopg.Connection") -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = %s", (_APPLIED,)).fetchone()
    return str(row[0]) if row else None
