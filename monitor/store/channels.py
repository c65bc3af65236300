"""The states and records of channels, and their canaries, in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, select, true, update

from monitor.model import (
    AbandonedRun,
    AttemptOutcome,
    CanaryResult,
    ChannelRecord,
    ChannelState,
    Delivery,
    DeliveryKind,
    DeliveryState,
)

from . import tables as t
from .database import SqlPart, insert, insert_missing
from .overdue import channels_with
from .rows import columns_of, row_of, value_of

#: The count of a `ChannelRecord` to which each state of a delivery belongs; discarded ones are not counted.
_COUNTED = {
    DeliveryState.OWED: "owed",
    DeliveryState.LEASED: "owed",
    DeliveryState.UNCERTAIN: "uncertain",
    DeliveryState.DEAD: "dead",
    DeliveryState.SENT: "sent",
}
_STAMPED = {DeliveryState.SENT: "sent_at", DeliveryState.DEAD: "failed_at"}

#: A longer pause was set by a clock that was ahead.
MAX_CHANNEL_PAUSE = timedelta(hours=7)

_CHANNEL = columns_of(t.channels, ChannelState)
_CHANNELS = select(*_CHANNEL).order_by(t.channels.c.channel)
_CANARY = columns_of(t.deliveries, CanaryResult)


#: The newest dead deliveries of a channel that are looked at: a check costs the same however many there are.
LONGEST_RUN = 200


class SqlChannels(SqlPart):
    """The `ChannelStore` and the `CanaryStore` of one database."""

    def channel_states(self) -> dict[str, ChannelState]:
        with self.database.read_transaction() as connection:
            rows = connection.execute(_CHANNELS)
            return {row.channel: value_of(ChannelState, row) for row in rows}

    def record_channel_fault(self, state: ChannelState) -> None:
        with self.database.write_transaction() as connection:
            write_channel(connection, state)

    def resume_channels(self, channels: Collection[str] = ()) -> None:
        c = t.channels.c
        which = c.channel.in_(sorted(channels)) if channels else true()
        with self.database.write_transaction() as connection:
            connection.execute(update(t.channels).where(which).values(paused_until=None))

    def channel_records(self) -> tuple[ChannelRecord, ...]:
        d = t.deliveries.c
        ends = select(d.channel, d.kind, d.state, func.count(), func.max(d.closed_at))
        found: dict[str, ChannelRecord] = {}
        with self.database.read_transaction() as connection:
            for channel, *end in connection.execute(ends.group_by(d.channel, d.kind, d.state)):
                found[channel] = _with(found.get(channel, ChannelRecord(channel=channel)), *end)
        newest_canaries = {each.channel: each for each in self.canaries()}
        return tuple(replace(found[name], canary=newest_canaries.get(name)) for name in sorted(found))

    def abandoned_runs(self) -> dict[str, AbandonedRun]:
        with self.database.read_transaction() as connection:
            channels = connection.scalars(channels_with(DeliveryState.DEAD)).all()
            found = (_abandoned_run(connection, channel) for channel in sorted(channels))
            return {run.channel: run for run in found if run}

    def receipts(self, channel: str, story: str) -> tuple[str, ...]:
        d = t.deliveries.c
        of_story = (
            d.story == story,
            d.channel == channel,
            d.state == DeliveryState.SENT,
            d.kind == DeliveryKind.ALERT,
        )
        with self.database.read_transaction() as connection:
            return tuple(
                connection.scalars(select(d.reason).where(*of_story).order_by(d.closed_at, d.number))
            )

    def canaries(self) -> tuple[CanaryResult, ...]:
        d = t.deliveries.c
        newest = select(func.max(d.number)).where(d.kind == DeliveryKind.CANARY).group_by(d.channel)
        query = select(*_CANARY).where(d.number.in_(newest)).order_by(d.channel)
        with self.database.read_transaction() as connection:
            return tuple(value_of(CanaryResult, row) for row in connection.execute(query))

    def add_canaries(self, canaries: Sequence[Delivery], now: datetime) -> None:
        d = t.deliveries.c
        older = update(t.deliveries).where(
            d.kind == DeliveryKind.CANARY,
            d.channel.in_([each.channel for each in canaries]),
            d.state.in_((DeliveryState.OWED, DeliveryState.UNCERTAIN)),
            d.id.not_in([each.id for each in canaries]),
        )
        closed = {
            "state": DeliveryState.DISCARDED,
            "reason": "a newer canary took its place",
            "closed_at": now,
        }
        with self.database.write_transaction() as connection:
            connection.execute(older.values(closed))
            insert_missing(connection, t.deliveries, [row_of(each) for each in canaries])


def _abandoned_run(connection: Connection, channel: str) -> AbandonedRun | None:
    """Return the dead deliveries of a channel since it last accepted a message."""
    d, a, c = t.deliveries.c, t.attempts.c, t.channels.c
    dead = select(d.number, d.id, d.recipient, d.reason, d.closed_at)
    dead = dead.where(d.state == DeliveryState.DEAD, d.channel == channel)
    newest = dead.order_by(d.due_at.desc(), d.number.desc()).limit(LONGEST_RUN).subquery()
    sent_at = connection.scalar(select(c.sent_at).where(c.channel == channel))
    run = select(newest).where(newest.c.closed_at > sent_at) if sent_at else select(newest)
    rows = connection.execute(run.order_by(newest.c.number)).all()
    if not rows:
        return None
    codes = select(a.code).where(a.delivery.in_([row.id for row in rows]), a.outcome == AttemptOutcome.DEAD)
    return AbandonedRun(
        channel=channel,
        count=len(rows),
        recipients=len({row.recipient for row in rows}),
        codes=len(set(connection.scalars(codes))),
        reason=rows[-1].reason,
    )


def _with(
    record: ChannelRecord, kind: DeliveryKind, state: DeliveryState, count: int, closed_at: datetime
) -> ChannelRecord:
    """Add the deliveries of one kind and state to the record of their channel."""
    if kind != DeliveryKind.CANARY and (counted := _COUNTED.get(state)):
        record = replace(record, **{counted: getattr(record, counted) + count})
    if stamped := _STAMPED.get(state):
        last: Any = max(filter(None, (getattr(record, stamped), closed_at)), default=None)
        record = replace(record, **{stamped: last})
    return record


def write_channel(connection: Connection, state: ChannelState) -> None:
    """Write how a channel fares; when it last took a message stays known."""
    statement = insert(connection, t.channels).values(row_of(state))
    new = {name: statement.excluded[name] for name in row_of(state) if name != "channel"}
    if state.sent_at is None:
        del new["sent_at"]
    connection.execute(statement.on_conflict_do_update(index_elements=[t.channels.c.channel], set_=new))


def is_paused(connection: Connection, channel: str, now: datetime) -> bool:
    """Return whether a channel is paused."""
    c = t.channels.c
    paused = exists().where(
        c.channel == channel, c.paused_until > now, c.paused_until <= now + MAX_CHANNEL_PAUSE
    )
    return bool(connection.scalar(select(paused)))
