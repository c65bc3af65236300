"""What became of all that was owed to each channel, and of its canaries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, update

from monitor.model import ChannelState, Delivery, Sung

from . import tables as t
from .database import Kept, insert_missing
from .rows import columns_of, row_of

CANARY = "canary"

#: Each state of a delivery by what an operator asks of it; what was discarded nobody asks about.
_COUNTED = {"owed": "owed", "leased": "owed", "uncertain": "uncertain", "dead": "dead", "sent": "sent"}

_SUNG = columns_of(t.deliveries, Sung)


class SqlChannels(Kept):
    """The `ChannelStore` of one database."""

    def channel_states(self) -> tuple[ChannelState, ...]:
        d = t.deliveries.c
        query = select(d.channel, d.kind, d.state, func.count(), func.max(d.closed_at))
        found: dict[str, ChannelState] = {}
        with self.database.reading() as connection:
            for channel, kind, state, count, closed_at in connection.execute(
                query.group_by(d.channel, d.kind, d.state)
            ):
                known = found.get(channel, ChannelState(channel))
                if state == "sent":
                    known = replace(
                        known, sent_at=max(filter(None, (known.sent_at, closed_at)), default=None)
                    )
                if kind != CANARY and (counted := _COUNTED.get(state)):
                    known = replace(known, **{counted: getattr(known, counted) + count})
                found[channel] = known
        sung = {each.channel: each for each in self.canaries()}
        return tuple(replace(found[name], canary=sung.get(name)) for name in sorted(found))

    def answered(self, channel: str, story: str) -> tuple[str, ...]:
        d = t.deliveries.c
        of_story = (d.story == story, d.channel == channel, d.state == "sent", d.kind == "alert")
        with self.database.reading() as connection:
            return tuple(connection.scalars(select(d.note).where(*of_story).order_by(d.closed_at, d.number)))

    def canaries(self) -> tuple[Sung, ...]:
        d = t.deliveries.c
        newest = select(func.max(d.number)).where(d.kind == CANARY).group_by(d.channel)
        query = select(*_SUNG).where(d.number.in_(newest)).order_by(d.channel)
        with self.database.reading() as connection:
            return tuple(Sung(*row) for row in connection.execute(query))

    def sing(self, canaries: Sequence[Delivery], now: datetime) -> None:
        d = t.deliveries.c
        older = update(t.deliveries).where(
            d.kind == CANARY,
            d.channel.in_([each.channel for each in canaries]),
            d.state.in_(("owed", "uncertain")),
            d.id.not_in([each.id for each in canaries]),
        )
        closed = {"state": "discarded", "note": "a newer canary took its place", "closed_at": now}
        with self.database.writing() as connection:
            connection.execute(older.values(closed))
            insert_missing(connection, t.deliveries, [row_of(each) for each in canaries])
