"""Write a large made-up archive for the benchmark of the desk, through the real tables of SQLite.

A thousand texts are judged by the program's rules. Each item is one of them with words of its own behind it, so
that stored verdicts, word lists and pages have their real sizes. Every twentieth item raises the alert of a story.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from monitor.alerts.routing import decide
from monitor.app.rulebook import rulebook
from monitor.cli.common import settings_or_default
from monitor.model import Alert, Delivery, DeliveryKind, DeliveryState, Item, Judged, Message, Story, Tier
from monitor.similarity import link_key, title_key
from monitor.store import SqlStore
from monitor.store import tables as t
from monitor.store.codec import moment_to_text, to_json
from monitor.store.commit import write_stories
from monitor.store.database import insert_missing
from monitor.store.rows import rated_severity, row_of
from monitor.store.story_index import index_alerts
from monitor.text import words

#: One story for so many items.
ITEMS_PER_STORY = 20
TEXTS = 1_000
BATCH = 5_000

_WHO = (
    "The United States",
    "The European Union",
    "Britain",
    "Canada",
    "Japan",
    "Australia",
    "Switzerland",
    "Ukraine",
)
_WHOM = (
    "Russia",
    "Iran",
    "Belarus",
    "Syria",
    "North Korea",
    "Myanmar",
    "Sudan",
    "Venezuela",
    "Mali",
    "China",
)
_BUYERS = (
    "Poland",
    "Greece",
    "India",
    "Romania",
    "Brazil",
    "Egypt",
    "Norway",
    "Indonesia",
    "Türkiye",
    "Morocco",
)
_SYSTEMS = (
    "S-400",
    "F-16",
    "Leopard 2",
    "HIMARS",
    "Patriot",
    "Rafale",
    "K9",
    "Bayraktar TB2",
    "NASAMS",
    "Gripen",
)
_FLAGGED = (
    "{who} imposes sanctions on {n} companies and {m} persons in {whom}",
    "{who} eases sanctions on banks of {whom} for {n} months",
    "{buyer} signs a contract for {n} {system} systems worth ${m} million",
    "{buyer} receives the first {m} {system} of {n} ordered last year",
    "{who} fines a trader ${m} million for exports to {whom}",
)
_PLAIN = (
    "Harbour traffic in {buyer} grew by {n} per cent in the last {m} months",
    "Talks between {who} and {buyer} on fishing end after {n} days without a result",
    "{n} schools in {buyer} close for {m} days because of the heat",
    "The central bank of {buyer} keeps its rate at {m} per cent, {n} days before the vote",
)
_LEAD = (
    " Officials said in the capital on day {n} that further steps would follow, and named {m} cases. The measure was"
    " prepared for months; neighbours and companies concerned have asked for talks, a spokesman added."
)
_VOCABULARY = 100_000


@dataclass(frozen=True, slots=True)
class _Text:
    """A judged text: the parts of a row that all items made of it share."""

    judged: Judged
    verdict: str
    decision: str
    topics: str
    words: str
    title_key: str


def fill(store: SqlStore, *, feeds: Sequence[str], items: int, days: int, now: datetime) -> tuple[str, ...]:
    """Write an archive that ends now; return the ids of its stories, the oldest first."""
    random = Random(7)
    flagged = [each for each in _judged(_FLAGGED, random) if each.judged.verdict.topics]
    plain = [each for each in _judged(_PLAIN, random) if not each.judged.verdict.topics]
    extra = [f"w{int(random.paretovariate(0.6)) % _VOCABULARY}" for _ in range(200_000)]
    stories: list[str] = []
    step = timedelta(days=days) / items
    for first in range(0, items, BATCH):
        made: list[tuple[Judged, _Text]] = []
        for number in range(first, min(first + BATCH, items)):
            text = random.choice(plain if number % ITEMS_PER_STORY else flagged)
            at = now - step * (items - number)
            made.append(
                (_item(text, number, feeds[number % len(feeds)], at, random.choices(extra, k=12)), text)
            )
        stories += _write(store, made)
    with store.database.write_transaction() as connection:
        connection.exec_driver_sql("ANALYZE")
    return tuple(stories)


def _judged(templates: Sequence[str], random: Random) -> list[_Text]:
    """Return texts made of templates, judged by the rules that ship with the program."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text("")
        rules = rulebook(settings_or_default(config))
    found = []
    for number in range(TEXTS // 2):
        slots = {
            "who": random.choice(_WHO),
            "whom": random.choice(_WHOM),
            "buyer": random.choice(_BUYERS),
            "system": random.choice(_SYSTEMS),
            "n": random.randint(2, 90),
            "m": random.randint(2, 900),
        }
        title = templates[number % len(templates)].format(**slots)
        item = Item(
            feed="", guid="", url="", title=title, summary=title + "." + _LEAD.format(**slots),
            first_seen_at=datetime(1970, 1, 1, tzinfo=UTC), lang="en",
        )  # fmt: skip
        verdict = rules.engine.judge(item, Tier.WIRE)
        decision = decide(verdict, rules.table)
        folded = " ".join(words(f"{item.title} {item.summary}"))
        judged = Judged(item, verdict, decision)
        found.append(
            _Text(
                judged, to_json(verdict), to_json(decision), to_json(verdict.topics), folded, title_key(item)
            )
        )
    return found


def _item(text: _Text, number: int, feed: str, at: datetime, more: Sequence[str]) -> Judged:
    item = replace(
        text.judged.item,
        feed=feed,
        guid=f"made-{number}",
        url=f"https://news.example/made/{number}",
        summary=f"{text.judged.item.summary} {' '.join(more)}",
        first_seen_at=at,
        published_at=at - timedelta(minutes=7),
    )
    return replace(text.judged, item=item)


_COLUMNS = (
    "id", "feed", "guid", "url", "title", "summary", "first_seen_at", "last_seen_at", "published_at", "lang",
    "content_hash", "revisions", "topics", "verdict", "decision", "words", "link_key", "title_key", "severity",
)  # fmt: skip
_INSERT = f"INSERT INTO items ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def _write(store: SqlStore, made: Sequence[tuple[Judged, _Text]]) -> list[str]:
    """Write items, and an alert, a story and a delivery for each of them that is flagged; return the stories."""
    rows = [_row(judged.item, text) for judged, text in made]
    alerts = [_alert(judged) for judged, _ in made if judged.verdict.topics]
    with store.database.write_transaction() as connection:
        connection.exec_driver_sql(_INSERT, rows)
        insert_missing(connection, t.alerts, [_alert_row(alert) for alert in alerts])
        index_alerts(connection, alerts)
        write_stories(connection, [_story(alert) for alert in alerts])
        insert_missing(
            connection,
            t.deliveries,
            [row_of(each) | {"closed_at": each.due_at} for each in _deliveries(alerts)],
        )
    return [alert.story for alert in alerts]


def _row(item: Item, text: _Text) -> tuple[Any, ...]:
    at = moment_to_text(item.first_seen_at)
    own = item.summary[len(text.judged.item.summary) :]
    return (
        item.id, item.feed, item.guid, item.url, item.title, item.summary, at, at,
        moment_to_text(item.published_at or item.first_seen_at), item.lang, item.id, 0,
        text.topics, text.verdict, text.decision, text.words + own, link_key(item.url), text.title_key, rated_severity(text.judged.verdict),
    )  # fmt: skip


def _alert(judged: Judged) -> Alert:
    item = judged.item
    return Alert(
        item=item,
        verdict=judged.verdict,
        decision=judged.decision,
        story=f"s{item.guid.removeprefix('made-')}",
        raised_at=item.first_seen_at,
        source=f"Feed {item.feed}",
        tier="wire",
    )


def _alert_row(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "item": alert.item.id,
        "story": alert.story,
        "raised_at": alert.raised_at,
        "alert": alert,
        "document": None,
        "delivery_count": 1,
    }


def _story(alert: Alert) -> Story:
    event = alert.verdict.event
    return Story(
        id=alert.story,
        event_type=event.type if event else "",
        stage=event.stage if event else "",
        polarity=event.polarity if event else "",
        official=False,
        updated_at=alert.raised_at,
        item_ids=(alert.item.id,),
        feeds=(alert.item.feed,),
        publishers=(alert.source,),
    )


def _deliveries(alerts: Sequence[Alert]) -> Iterator[Delivery]:
    """Yield a delivery for each alert: one in two hundred dead, the others sent."""
    for number, alert in enumerate(alerts):
        dead = number % 200 == 0
        yield Delivery(
            id=alert.id,
            kind=DeliveryKind.ALERT,
            ref=alert.id,
            channel="desk",
            recipient="desk@example.org",
            message=Message(subject=alert.item.title, text=alert.item.summary, html=alert.item.summary * 4),
            created_at=alert.raised_at,
            due_at=alert.raised_at,
            attempts=1,
            state=DeliveryState.DEAD if dead else DeliveryState.SENT,
            reason="550 no such mailbox" if dead else "250 ok",
            story=alert.story,
        )
