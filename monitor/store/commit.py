"""Write poll outcomes in one transaction: states, items, alerts, stories and deliveries, or nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Executable,
    Table,
    bindparam,
    case,
    delete,
    select,
    update,
)

from monitor.model import (
    Alert,
    ArchivedDocument,
    ArticleOutcome,
    Delivery,
    Item,
    Judged,
    LeaseName,
    PollOutcome,
    Story,
)
from monitor.similarity import link_key, title_key
from monitor.text import other_readings, words

from . import tables as t
from .article_queue import queue_articles
from .database import Database, chunks, execute_each, insert, insert_for, insert_missing
from .evidence import store_document
from .hosts import lengthen_waits
from .poll_log import write_polls
from .rows import rated_severity, row_of
from .story_index import index_alerts
from .websub import write_offer

#: Longer text is no news item, and PostgreSQL indexes no more than a megabyte.
_MAX_WORDS = 200_000

#: An alias that was not seen for so long is deleted once the item gets another.
ALIAS_LIFE = timedelta(days=7)

E = TypeVar("E", PollOutcome, ArticleOutcome)

_STATE_OF_FEED = update(t.feeds).where(t.feeds.c.feed == bindparam("whose"))

#: The columns that a revision changes; `first_seen_at` and the links from alerts stay.
_REVISED = (
    "url", "title", "summary", "body", "published_at", "lang", "content_hash", "last_seen_at",
    "topics", "verdict", "decision", "words", "hashes", "link_key", "title_key", "categories", "severity",
)  # fmt: skip


class AlertOutcome(Protocol):
    """An outcome with alerts, their deliveries, and the document that they were found in."""

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts raised."""

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Their deliveries."""

    @property
    def document(self) -> ArchivedDocument | None:
        """The document they were found in."""


def write(database: Database, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
    """Write outcomes whose state is not stale; return their feeds."""
    rows = {id(outcome): [_item_row(outcome, judged) for judged in outcome.judged] for outcome in outcomes}
    with database.write_transaction() as connection:
        fresh = _fresh(connection, without_old_epoch(connection, outcomes))
        _write_states(connection, fresh)
        lengthen_waits(connection, fresh)
        _write_items(connection, [row for outcome in fresh for row in rows[id(outcome)]])
        for outcome in fresh:
            _write_aliases(connection, outcome)
            _write_seen(connection, outcome)
        write_alerts(connection, fresh)
        for outcome in fresh:
            queue_articles(
                connection, outcome.articles, outcome.state.polled_at or outcome.state.next_poll_at
            )
        write_stories(connection, [story for outcome in fresh for story in outcome.stories])
        insert_missing(connection, t.deliveries, [row_of(d) for o in fresh for d in o.deliveries])
        _write_offers(connection, fresh)
        write_polls(connection, fresh)
    return tuple(dict.fromkeys(outcome.state.feed for outcome in fresh))


def _fresh(connection: Connection, outcomes: Sequence[PollOutcome]) -> list[PollOutcome]:
    """Return the outcomes that carry the stored version, and lock their feeds' rows until the end.

    Rows are locked in order of name: two writers with different orders would wait for each other forever.
    """
    versions: dict[str, int] = {}
    for part in chunks(sorted({outcome.state.feed for outcome in outcomes})):
        query = (
            select(t.feeds.c.feed, t.feeds.c.version).where(t.feeds.c.feed.in_(part)).order_by(t.feeds.c.feed)
        )
        versions |= {row.feed: row.version for row in connection.execute(query.with_for_update())}
    fresh = []
    for outcome in outcomes:
        state = outcome.state
        if versions.get(state.feed) == state.version:
            versions[state.feed] += 1
            fresh.append(outcome)
    return fresh


def without_old_epoch(connection: Connection, outcomes: Sequence[E]) -> list[E]:
    """Return the outcomes whose stories were grouped under the lease in force, which stays until the end."""
    if all(outcome.story_epoch is None for outcome in outcomes):
        return list(outcomes)
    lease = select(t.leases.c.epoch).where(t.leases.c.name == LeaseName.STORIES)
    epoch = connection.scalar(lease.with_for_update(read=True))
    return [outcome for outcome in outcomes if outcome.story_epoch in {None, epoch}]


def _write_offers(connection: Connection, fresh: Iterable[PollOutcome]) -> None:
    """Write the hubs of documents that named another one before, or none."""
    for outcome in fresh:
        if outcome.hub is not None and outcome.state.polled_at:
            write_offer(connection, outcome.state.feed, outcome.hub, outcome.state.polled_at)


def _write_states(connection: Connection, fresh: Iterable[PollOutcome]) -> None:
    """Write states, and profiles where they differ: most polls change nothing in them."""
    rows: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    for outcome in fresh:
        row = row_of(outcome.state)
        row |= {"whose": row.pop("feed"), "version": outcome.state.version + 1}
        if not outcome.new_profile:
            del row["profile"]
        rows[outcome.new_profile].append(row)
    for each in rows.values():
        execute_each(connection, _STATE_OF_FEED, each)


def _write_items(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_newer_items(connection.dialect.name), rows)


@cache
def _newer_items(dialect: str) -> Executable:
    """Return the statement that inserts items and revises those whose words changed, built once."""
    statement = insert_for(dialect, t.items)
    new = statement.excluded
    changes: dict[str, Any] = {name: new[name] for name in _REVISED}
    changes["revisions"] = t.items.c.revisions + 1
    changes["body"] = case((new.body == "", t.items.c.body), else_=new.body)  # until its page is read again
    return statement.on_conflict_do_update(
        index_elements=[t.items.c.id],
        set_=changes,
        where=t.items.c.content_hash != new.content_hash,
    )


def _write_aliases(connection: Connection, outcome: PollOutcome) -> None:
    """Write aliases and delete old ones: a feed with new ids every night leaves seven aliases per item."""
    now = outcome.state.polled_at
    if now is None or not outcome.aliases:
        return
    for part in chunks(sorted({item for _, item in outcome.aliases})):
        old = t.aliases.c.last_seen_at < now - ALIAS_LIFE
        connection.execute(delete(t.aliases).where(t.aliases.c.item.in_(part), old))
    statement = insert(connection, t.aliases)
    new = statement.excluded
    renamed = statement.on_conflict_do_update(
        index_elements=[t.aliases.c.id], set_={"item": new.item, "last_seen_at": new.last_seen_at}
    )
    rows = [{"id": alias, "item": item, "last_seen_at": now} for alias, item in outcome.aliases]
    execute_each(connection, renamed, rows)


def _write_seen(connection: Connection, outcome: PollOutcome) -> None:
    """Record when items and aliases were last seen; an item seen under an alias was seen."""
    now = outcome.state.polled_at
    for part in chunks(outcome.seen if now else ()):
        others = connection.execute(_ALIASES_OF_NAMES, {"names": part}).all()
        ids = [*{*part, *(row.item for row in others)}]
        for known in (t.items, t.forgotten):
            connection.execute(_seen(known), {"names": ids, "now": now})
        if others:
            connection.execute(_seen(t.aliases), {"names": [row.id for row in others], "now": now})


_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_ALIASES_OF_NAMES = select(t.aliases).where(t.aliases.c.id.in_(_NAMES))


@cache
def _seen(table: Table) -> Executable:
    """Return the statement that records when rows were seen, built once."""
    return update(table).where(table.c.id.in_(_NAMES)).values(last_seen_at=bindparam("now"))


def write_alerts(connection: Connection, outcomes: Iterable[AlertOutcome]) -> None:
    """Write alerts that are new, and the documents they came from."""
    for outcome in outcomes:
        if not outcome.alerts:
            continue
        owed = Counter(delivery.ref for delivery in outcome.deliveries)
        rows = [_alert_row(alert, outcome.document, owed[alert.id]) for alert in outcome.alerts]
        insert_missing(connection, t.alerts, rows)
        index_alerts(connection, outcome.alerts)
        if outcome.document:
            store_document(connection, outcome.document)


def write_stories(connection: Connection, stories: Iterable[Story]) -> None:
    """Write the latest version of each story, and its deadlines."""
    last = {story.id: story for story in stories}
    if not last:
        return
    statement = insert(connection, t.stories)
    new = statement.excluded
    retold = statement.on_conflict_do_update(
        index_elements=[t.stories.c.id],
        set_={"updated_at": new.updated_at, "story": new.story, "version": t.stories.c.version + 1},
    )
    rows = [{"id": id, "updated_at": last[id].updated_at, "story": last[id]} for id in sorted(last)]
    execute_each(connection, retold, rows)
    stated = [
        {"story": id, "day": day, "stated_at": last[id].updated_at}
        for id in sorted(last)
        for day in last[id].deadlines
    ]
    insert_missing(connection, t.deadlines, stated)


def searchable(item: Item) -> str:
    """Return the folded words by which an item is found, and what words of two alphabets look like."""
    found = words(f"{item.title} {item.summary} {item.category_text} {item.body}"[:_MAX_WORDS])
    return " ".join((*found, *other_readings(found)))[:_MAX_WORDS]


def _item_row(outcome: PollOutcome, judged: Judged) -> dict[str, Any]:
    item = judged.item
    return row_of(item) | {
        "id": item.id,
        "last_seen_at": outcome.state.polled_at or item.first_seen_at,
        "content_hash": item.content_hash,
        "hashes": judged.earlier,
        "link_key": link_key(item.url),
        "title_key": title_key(item),
        "revisions": 0,
        "topics": judged.verdict.topics,
        "verdict": judged.verdict,
        "severity": rated_severity(judged.verdict),
        "decision": judged.decision,
        "words": searchable(item),
    }


def _alert_row(alert: Alert, document: ArchivedDocument | None, owed: int) -> dict[str, Any]:
    return {
        "id": alert.id,
        "item": alert.item.id,
        "story": alert.story,
        "raised_at": alert.raised_at,
        "alert": alert,
        "document": document.hash if document else None,
        "delivery_count": owed,
    }
