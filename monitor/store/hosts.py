"""Reserve hosts for one request each, in SQL."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from . import tables as t
from .database import insert


def reserve_hosts(
    connection: Connection, hosts: Collection[str], now: datetime, until: datetime
) -> frozenset[str]:
    """Reserve the hosts that are free and return them; nobody else gets them before `until`.

    Rows are written in order of host: two processes with different orders would wait for each other forever.
    """
    if not hosts:
        return frozenset()
    statement = insert(connection, t.hosts)
    free = t.hosts.c.free_at <= now
    reserved = statement.on_conflict_do_update(
        index_elements=[t.hosts.c.host], set_={"free_at": statement.excluded.free_at}, where=free
    ).returning(t.hosts.c.host)
    rows = [{"host": host, "free_at": until} for host in sorted(hosts)]
    return frozenset(connection.scalars(reserved, rows))
