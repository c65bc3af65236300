"""Reserve hosts for one request each, in SQL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update

from . import tables as t
from .database import insert


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
