"""List, count and look up stories, in SQL."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, TextClause, exists, func, or_, select

from monitor.model import Alert, Delivery, Story, StoryFilter, StoryRow, StoryView

from . import tables as t
from .database import SqlPart, chunks
from .lookup import id_beginning
from .rows import ALERT, alert_in, columns_of, value_of
from .story_words import has_words
from .tables.story_list import POSSIBLE

_DELIVERY = columns_of(t.deliveries, Delivery)

_ROW = [
    *(t.story_rows.c[name] for name in ("story", "first_at", "last_at", "severity", "alerts", "answered_at")),
    *ALERT,
]

#: SQLAlchemy writes a column of booleans as ``arms = 1``: a condition in an index's own words is text.
_Condition = ColumnElement[bool] | TextClause
_ROWS = select(*_ROW).join_from(t.story_rows, t.alerts, t.alerts.c.seq == t.story_rows.c.seq)

_FACETS = {
    "events": "event",
    "statuses": "status",
    "polarity": "polarity",
    "parties": "party",
    "authorities": "authority",
    "feeds": "feed",
    "languages": "language",
}


class SqlStoryList(SqlPart):
    """The `StoryListStore` of one database."""

    def story_rows(self, filter: StoryFilter, before: int = 0, limit: int = 50) -> tuple[StoryRow, ...]:
        seq = t.story_rows.c.seq
        newest = select(seq).where(*self._conditions(filter)).order_by(seq.desc()).limit(limit)
        if before:
            newest = newest.where(seq < before)
        chosen = newest.subquery()  # found before alerts are read, which are long
        query = _ROWS.join(chosen, chosen.c.seq == seq).order_by(seq.desc())
        with self.database.read_transaction() as connection:
            return _rows_of(connection, connection.execute(query).all())

    def count_stories(self, filter: StoryFilter, most: int = 1000) -> int:
        ids = select(t.story_rows.c.seq).where(*self._conditions(filter)).limit(most + 1).subquery()
        with self.database.read_transaction() as connection:
            return connection.scalar(select(func.count()).select_from(ids)) or 0

    def story_row(self, story: str) -> StoryRow | None:
        with self.database.read_transaction() as connection:
            full = id_beginning(connection, t.story_rows.c.story, story)
            rows = connection.execute(_ROWS.where(t.story_rows.c.story == full)).all()
            return next(iter(_rows_of(connection, rows)), None)

    def story_rows_of(self, stories: Sequence[str]) -> tuple[StoryRow, ...]:
        query = _ROWS.where(t.story_rows.c.story.in_(stories[:200]))
        with self.database.read_transaction() as connection:
            rows = connection.execute(query).all()
            return _rows_of(connection, rows)

    def story(self, id: str) -> Story | None:
        with self.database.read_transaction() as connection:
            return connection.scalar(select(t.stories.c.story).where(t.stories.c.id == id))

    def story_alerts(self, story: str) -> tuple[Alert, ...]:
        query = select(*ALERT).where(t.alerts.c.story == story).order_by(t.alerts.c.seq)
        with self.database.read_transaction() as connection:
            return tuple(alert_in(row) for row in connection.execute(query))

    def story_deliveries(self, story: str, limit: int = 100) -> tuple[Delivery, ...]:
        d = t.deliveries.c
        query = select(*_DELIVERY).where(d.story == story).order_by(d.number.desc()).limit(limit)
        with self.database.read_transaction() as connection:
            return tuple(value_of(Delivery, row) for row in connection.execute(query))

    def _conditions(self, filter: StoryFilter) -> Iterator[_Condition]:
        yield from story_conditions(filter)
        if filter.words:
            yield has_words(filter.words, postgresql=self.database.path is None)


def _rows_of(connection: Connection, rows: Sequence[Any]) -> tuple[StoryRow, ...]:
    ids = [row.story for row in rows]
    assigned: dict[str, str] = {}
    publishers: dict[str, tuple[str, ...]] = {}
    for part in chunks(ids):
        a, s = t.assignments.c, t.stories.c
        assigned |= {
            row.story: row.who for row in connection.execute(select(a.story, a.who).where(a.story.in_(part)))
        }
        for row in connection.execute(select(s.id, s.story).where(s.id.in_(part))):
            publishers[row.id] = row.story.publishers
    return tuple(
        StoryRow(
            story=row.story,
            alert=(alert := alert_in(row[-2:])),
            seq=alert.seq,
            first_at=row.first_at,
            last_at=row.last_at,
            severity=row.severity,
            alerts=row[4],
            answered_at=row.answered_at,
            assigned=assigned.get(row.story, ""),
            publishers=publishers.get(row.story, ()),
        )
        for row in rows
    )


def story_conditions(filter: StoryFilter) -> Iterator[_Condition]:
    """Yield the conditions on rows of stories, but for those on words."""
    r = t.story_rows.c
    yield from _view(filter.view)
    if filter.topics:
        yield or_(*(r[topic] for topic in filter.topics if topic in {"sanctions", "arms"}))
    yield from _bounds(filter)
    if filter.assigned:
        yield _assigned(filter.assigned)
    for name, kind in _FACETS.items():
        if values := getattr(filter, name):
            yield _has_facet(kind, values)


def _bounds(filter: StoryFilter) -> Iterator[ColumnElement[bool]]:
    r = t.story_rows.c
    if filter.min_severity:
        yield r.severity >= filter.min_severity
    if filter.since:
        yield r.last_at >= filter.since
    if filter.until:
        yield r.last_at < filter.until


def _view(view: StoryView) -> Iterator[_Condition]:
    r = t.story_rows.c
    if view is StoryView.ALL:
        return
    if view is StoryView.POSSIBLE:
        yield POSSIBLE
    else:
        yield or_(r.sanctions, r.arms)
        yield r.answered_at.is_(None)


def _assigned(who: str) -> ColumnElement[bool]:
    own = exists().where(t.assignments.c.story == t.story_rows.c.story)
    return ~own if who == "-" else own.where(t.assignments.c.who == who)


def _has_facet(kind: str, values: Sequence[str]) -> ColumnElement[bool]:
    f = t.story_facets.c
    wanted = {form for value in values for form in (value, value.casefold())}
    having = select(f.story).where(f.kind == kind, f.value.in_(sorted(wanted)))
    return t.story_rows.c.story.in_(having)
