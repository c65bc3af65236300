"""Reserve hosts for one request each, and make them wait for the next, in SQL."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Executable, bindparam, case, or_, update

from monitor.model import PollOutcome

from . import tables as t
from .database import execute_each, insert, insert_for


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation of hosts by a process, from now until then."""

    by: str
    now: datetime
    until: datetime


def reserve_hosts(connection: Connection, hosts: Collection[str], wanted: Reservation) -> frozenset[str]:
    """Reserve the hosts that are free and return them; nobody else gets them meanwhile.

    Rows are written in order of host: two processes with different orders would wait for each other forever.
    """
    if not hosts:
        return frozenset()
    statement = insert(connection, t.hosts)
    new = statement.excluded
    reserved = statement.on_conflict_do_update(
        index_elements=[t.hosts.c.host],
        set_={"free_at": new.free_at, "reserved_by": new.reserved_by},
        where=t.hosts.c.free_at <= wanted.now,
    ).returning(t.hosts.c.host)
    rows = [{"host": host, "free_at": wanted.until, "reserved_by": wanted.by} for host in sorted(hosts)]
    return frozenset(connection.scalars(reserved, rows))


def release_hosts(connection: Connection, reserved_by: Collection[str], now: datetime) -> None:
    """Free the hosts that processes had reserved which are gone."""
    if reserved_by:
        theirs = t.hosts.c.reserved_by.in_(sorted(reserved_by))
        connection.execute(update(t.hosts).where(theirs).values(free_at=now, reserved_by=None))


def lengthen_waits(connection: Connection, outcomes: Iterable[PollOutcome]) -> None:
    """Lengthen, never shorten, the time until a host may be asked: another feed may have set a later one.

    A host that the poll itself had reserved is released.
    """
    latest: dict[str, datetime] = {}
    reserved: dict[str, datetime | None] = {}
    for outcome in outcomes:
        latest[outcome.host] = max(outcome.host_free_at, latest.get(outcome.host, outcome.host_free_at))
        reserved[outcome.host] = outcome.reserved_until or reserved.get(outcome.host)
    rows = [{"host": host, "free_at": latest[host], "reserved": reserved[host]} for host in sorted(latest)]
    execute_each(connection, _longer_wait(connection.dialect.name), rows)


@cache
def _longer_wait(dialect: str) -> Executable:
    """Return the statement that makes hosts wait, built once: every poll needs it."""
    statement = insert_for(dialect, t.hosts)
    known, free_at = t.hosts.c.free_at, statement.excluded.free_at
    ours = known == bindparam("reserved", type_=known.type)
    return statement.on_conflict_do_update(
        index_elements=[t.hosts.c.host],
        set_={
            "free_at": case((or_(free_at > known, ours), free_at), else_=known),
            "reserved_by": case((ours, None), else_=t.hosts.c.reserved_by),
        },
    )
