"""Store the processes of a cluster and their leases, in SQL."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, or_, select, update

from monitor.model import LeaseName, LostWorkers, StuckShard, Worker

from . import tables as t
from .database import SqlPart, insert, insert_missing
from .feeds import feeds_due
from .hosts import release_hosts
from .outbox import give_back
from .rows import columns_of, row_of, value_of

_RELOADS, _ENROLMENT = "reload_count", "feeds_version"

#: How long a process that was lost is shown.
LOST_KEPT = timedelta(days=1)

#: The most stuck shards that are shown.
MOST_STUCK = 20

_WORKER = columns_of(t.workers, Worker)


class SqlCluster(SqlPart):
    """The `ClusterStore` of one database."""

    def report_worker(self, worker: Worker) -> None:
        row = row_of(worker)
        with self.database.write_transaction() as connection:
            statement = insert(connection, t.workers)
            changes = {name: statement.excluded[name] for name in row if name not in {"id", "started_at"}}
            known = statement.on_conflict_do_update(index_elements=[t.workers.c.id], set_=changes)
            connection.execute(known, [row])

    def remove_worker(self, id: str, now: datetime) -> None:
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.workers).where(t.workers.c.id == id))
            release_hosts(connection, [id], now)
            connection.execute(update(t.leases).where(t.leases.c.holder == id).values(until=now))

    def workers(self, since: datetime) -> tuple[Worker, ...]:
        return tuple(each for each in self.known_workers() if each.lost_at is None and each.seen_at >= since)

    def known_workers(self) -> tuple[Worker, ...]:
        w = t.workers.c
        query = select(*_WORKER).order_by(w.started_at, w.id)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Worker, row) for row in connection.execute(query))

    def forget_workers(
        self, since: datetime, now: datetime, uncertain_until: datetime, repeatable: Collection[str] = ()
    ) -> LostWorkers:
        w, d = t.workers.c, t.deliveries.c
        with self.database.write_transaction() as connection:
            connection.execute(delete(t.workers).where(w.lost_at < now - LOST_KEPT))
            silent = update(t.workers).where(w.lost_at.is_(None), w.seen_at < since).values(lost_at=now)
            lost = connection.execute(silent.returning(w.id, w.process)).all()
            ids = [row.id for row in lost]
            release_hosts(connection, ids, now)
            connection.execute(update(t.leases).where(t.leases.c.holder.in_(ids)).values(until=now))
            unknown = d.leased_by.not_in(select(w.id).where(w.lost_at.is_(None)))
            released = give_back(connection, unknown, now, uncertain_until, repeatable)
        return LostWorkers(tuple(sorted(row.process for row in lost)), released)

    def stuck_shards(self, since: datetime, now: datetime) -> tuple[StuckShard, ...]:
        f, free_at = t.feeds.c, t.hosts.c.free_at
        possible = case((free_at > f.next_poll_at, free_at), else_=f.next_poll_at)
        first = func.min(possible, type_=free_at.type).label("first")
        due = feeds_due().with_only_columns(f.shard, func.count().label("feeds"), first).group_by(f.shard)
        query = due.having(first < since).order_by(first, f.shard).limit(MOST_STUCK)
        with self.database.read_transaction() as connection:
            return tuple(StuckShard(*row) for row in connection.execute(query, {"now": now}))

    def take_lease(self, name: LeaseName, holder: str, now: datetime, until: datetime) -> int | None:
        known = t.leases.c
        with self.database.write_transaction() as connection:
            statement = insert(connection, t.leases)
            new = statement.excluded
            taken = statement.on_conflict_do_update(
                index_elements=[known.name],
                set_={
                    "holder": new.holder,
                    "until": new.until,
                    "epoch": known.epoch + case((known.holder == new.holder, 0), else_=1),
                },
                where=or_(known.holder == new.holder, known.until <= now),
            )
            row = {"name": name, "holder": holder, "until": until, "epoch": 1}
            epoch: int | None = connection.scalar(taken.returning(known.epoch).values(row))
            return epoch

    def end_lease(self, name: LeaseName, holder: str, now: datetime) -> None:
        held = (t.leases.c.name == name, t.leases.c.holder == holder)
        with self.database.write_transaction() as connection:
            connection.execute(update(t.leases).where(*held).values(until=now))

    def take_message_turn(self, channel: str, now: datetime, gap: timedelta, burst: int) -> timedelta:
        rates = t.channel_rates.c
        with self.database.write_transaction() as connection:
            insert_missing(connection, t.channel_rates, [{"channel": channel, "full_at": now}])
            query = select(rates.full_at).where(rates.channel == channel).with_for_update()
            full_at: datetime = max(connection.scalars(query).one(), now) + gap
            connection.execute(
                update(t.channel_rates).where(rates.channel == channel).values(full_at=full_at)
            )
        return max(full_at - burst * gap - now, timedelta())

    def enrolment(self) -> str:
        with self.database.read_transaction() as connection:
            return connection.scalar(select(t.meta.c.value).where(t.meta.c.key == _ENROLMENT)) or ""

    def record_enrolment(self, version: str) -> None:
        with self.database.write_transaction() as connection:
            statement = insert(connection, t.meta).values(key=_ENROLMENT, value=version)
            newer = {"value": statement.excluded.value}
            connection.execute(statement.on_conflict_do_update(index_elements=[t.meta.c.key], set_=newer))

    def reload_count(self) -> int:
        with self.database.read_transaction() as connection:
            return int(connection.scalar(select(t.meta.c.value).where(t.meta.c.key == _RELOADS)) or 0)

    def request_reload(self) -> int:
        with self.database.write_transaction() as connection:
            insert_missing(connection, t.meta, [{"key": _RELOADS, "value": "0"}])
            counter = t.meta.c.key == _RELOADS
            count = int(connection.scalars(select(t.meta.c.value).where(counter).with_for_update()).one()) + 1
            connection.execute(update(t.meta).where(counter).values(value=str(count)))
        return count
