"""How long the store takes: ``python benchmarks/store.py [URL …]``; without a URL, SQLite in a temporary folder."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from monitor.model import (
    Alert,
    Credibility,
    Decision,
    Delivery,
    DeliveryState,
    Event,
    Evidence,
    Feed,
    FeedState,
    IndexWord,
    Item,
    ItemFilter,
    Judged,
    Mention,
    Message,
    Placement,
    PollOutcome,
    Verdict,
)
from monitor.store import SqlStore, open_store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROUNDS = 15
WORDS = "The ministry signed a contract worth $80 million for twelve howitzers to be delivered next year. "


def main(urls: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for url in urls or [str(Path(folder) / "m.db")]:
            store = open_store(url, lock=True)
            print(store.database.label)
            measure(store)
            store.close()


def measure(store: SqlStore) -> None:
    feeds = [
        Feed(name=f"f{n}", url=f"https://h{n}.example/feed", title=f"Feed {n}", host=f"h{n % 5000}.example")
        for n in range(10_000)
    ]
    timed("enrol 10,000 feeds", lambda n: store.enrol(feeds, NOW), rounds=2)
    timed("due_shards of 10,000 due feeds", lambda n: store.due_shards(NOW))
    timed("due_feeds of one of 64 shards", lambda n: store.due_feeds((n,), NOW, 200))
    timed("next_due", lambda n: store.next_due())
    states = {state.feed: state for state in store.feed_states()}
    timed("feed_states of 10,000 feeds", lambda n: store.feed_states(), rounds=3)
    versions = {state.feed: state.version for state in states.values()}
    timed("changed_feed_states, none changed", lambda n: store.changed_feed_states(versions))

    def polls(n: int, items: int) -> list[PollOutcome]:
        return [poll(states[f"f{50 * n + m}"], items, n) for m in range(50)]

    rounds = iter(range(10_000 // 50))
    for items in (0, 5):
        ready = [polls(next(rounds), items) for _ in range(ROUNDS)]
        timed(f"commit 50 polls of {items} new items each", lambda n, ready=ready: store.commit(ready[n]))
    alone = polls(next(rounds), 0)
    timed("commit 1 poll without new items", lambda n: store.commit(alone[n : n + 1]))
    listed = poll(states["f9900"], 50, 0)
    store.commit([listed])
    known = [judged.item for judged in listed.judged]
    timed("recall 50 known items", lambda n: store.recall_items(known[0].feed, known))
    anew = [replace(item, guid=f"anew-{item.guid}") for item in known]
    timed("recall 50 items named anew", lambda n: store.recall_items(anew[0].feed, anew))
    alerts = [[poll(states[f"f{9_000 + n}"], 1, n, alerts=True)] for n in range(ROUNDS)]
    timed("commit 1 poll with an alert and a delivery", lambda n: store.commit(alerts[n]))
    timed("owed_channels", lambda n: store.owed_channels(NOW))
    timed("lease, mark and settle", lambda n: deliver(store))
    timed(
        "find 20 items with a common word",
        lambda n: store.find_items(ItemFilter(), IndexWord("howitzers"), limit=20),
    )
    timed(
        "find items with a rare word", lambda n: store.find_items(ItemFilter(), IndexWord("f3999"), limit=20)
    )


def timed(what: str, work: Callable[[int], object], rounds: int = ROUNDS) -> None:
    took = []
    for number in range(rounds):
        began = perf_counter()
        work(number)
        took.append((perf_counter() - began) * 1000)
    print(f"  {what:44} {median(took):8.2f} ms")


def deliver(store: SqlStore) -> None:
    (taken,) = store.lease("desk", NOW, NOW + timedelta(minutes=5))
    store.record_phase(taken, "data")
    store.close_delivery(taken, NOW, state=DeliveryState.SENT, reason="250 ok", code="250")


def poll(state: FeedState, count: int, run: int, *, alerts: bool = False) -> PollOutcome:
    state = replace(state, polled_at=NOW, good_at=NOW, etag=f'"{run}"', health="ok")
    read = tuple(judged(state.feed, f"{run}-{number}") for number in range(count))
    raised = tuple(
        Alert(
            item=j.item,
            verdict=j.verdict,
            decision=j.decision,
            story=j.item.id,
            raised_at=NOW,
            source="A feed",
        )
        for j in read
        if alerts
    )
    owed = tuple(
        Delivery(
            id=a.id,
            kind="alert",
            ref=a.id,
            channel="desk",
            recipient="",
            message=Message(subject=a.item.title, text=WORDS, html=WORDS * 9),
            created_at=NOW,
            due_at=NOW,
        )
        for a in raised
    )
    later = replace(state, next_poll_at=NOW + timedelta(minutes=10))
    return PollOutcome(
        state=later,
        host=f"h-{state.feed}",
        host_free_at=NOW + timedelta(seconds=2),
        judged=read,
        seen=(),
        alerts=raised,
        stories=(),
        deliveries=owed,
    )


def judged(feed: str, guid: str) -> Judged:
    item = Item(
        feed=feed,
        guid=guid,
        url=f"https://x.example/{guid}",
        title=f"Ministry orders howitzers {feed}",
        summary=WORDS * 4,
        first_seen_at=NOW,
        published_at=NOW,
    )
    event = Event(
        topic="arms",
        type="contract",
        stage="contract",
        polarity="acquire",
        severity=4,
        field="title",
        start=9,
        stop=18,
        quote="howitzers",
    )
    seen = tuple(
        Evidence(
            field="summary", start=n, stop=n + 9, quote="howitzers", because="rule:weapon-bought", points=20.0
        )
        for n in range(5)
    )
    named = tuple(
        Mention(id=f"weapon:{n}", name="howitzer", kind="weapon", quote="howitzers") for n in range(3)
    )
    worth = Credibility("B", 80, ("wire or major paper",))
    verdict = Verdict(
        topics=("arms",),
        relevance={"sanctions": 0, "arms": 75},
        event=event,
        background=(),
        entities=named,
        evidence=seen,
        penalties=(),
        credibility=worth,
        rules=("weapon-bought",),
    )
    return Judged(item, verdict, Decision(Placement.NOW, "severity 4"))


if __name__ == "__main__":
    main(sys.argv[1:])
