"""Find the stories of a purchase of arms by its buyer and its systems, in SQL."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from monitor.model import Alert, DatedStage, Deal, EventStatus, Stage, Story

from . import tables as t
from .database import SqlPart
from .rows import ALERT, alert_in

#: So many of the newest stories with the buyer and a system are looked at.
_MOST = 16


class SqlDeals(SqlPart):
    """The `DealStore` of one database."""

    def deals(self, buyer: str, systems: Collection[str]) -> tuple[Deal, ...]:
        f, stages = t.story_facets.c, [stage.value for stage in Stage if stage]
        values = [f"{system} {stage}" for system in sorted(systems) for stage in stages]
        bought = select(f.story).where(f.kind == "system>stage", f.value.in_(values))
        named = select(f.story).where(f.kind == "authority", f.value == buyer, f.story.in_(bought))
        newest = select(t.stories.c.story).where(t.stories.c.id.in_(named))
        with self.database.read_transaction() as connection:
            query = newest.order_by(t.stories.c.updated_at.desc(), t.stories.c.id).limit(_MOST)
            stories: list[Story] = list(connection.scalars(query))
            found = [_deal(connection, story, buyer, frozenset(systems)) for story in stories]
        return tuple(deal for deal in found if deal.stages)


def _deal(connection: Connection, story: Story, buyer: str, systems: frozenset[str]) -> Deal:
    query = select(*ALERT).where(t.alerts.c.story == story.id).order_by(t.alerts.c.seq)
    alerts = [alert_in(row) for row in connection.execute(query)]
    stating = [alert for alert in alerts if _states(alert, buyer, systems)]
    events = [alert.verdict.event for alert in stating if alert.verdict.event]
    return Deal(
        story=story,
        buyer=buyer,
        suppliers=frozenset(event.supplier for event in events if event.supplier),
        systems=frozenset(system for event in events for system in event.systems),
        stages=tuple(_stages(stating)),
    )


def _states(alert: Alert, buyer: str, systems: frozenset[str]) -> bool:
    """Say whether an alert reports a stage of the purchase that was done."""
    event = alert.verdict.event
    if event is None or event.status is not EventStatus.DONE or event.hedged or not event.stage:
        return False
    return event.buyer == buyer and not systems.isdisjoint(event.systems)


def _stages(alerts: Iterable[Alert]) -> Iterable[DatedStage]:
    """Yield the first report of each stage."""
    seen: set[Stage] = set()
    for alert in alerts:
        event, item = alert.verdict.event, alert.item
        if event and event.stage not in seen:
            seen.add(event.stage)
            at = item.published_at or item.first_seen_at
            yield DatedStage(event.stage, at, item.title, event.amounts, alert.source or item.feed)
