"""Measure the store at 1,000, 10,000 and 100,000 owed deliveries: ``python benchmarks/outbox_store.py [URL …]``.

Without a URL it runs on SQLite in a temporary folder; a PostgreSQL database must be empty. A round is what sending
one message asks of the store: the storm limit, the lease, the phase and the outcome.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

from monitor.model import AttemptPhase, Delivery, DeliveryKind, DeliveryState, Message
from monitor.store import SqlStore, open_store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000)
RECIPIENTS = 500
ROUNDS = 300
STORM = 1_000
BATCH = 1_000
WORDS = "The ministry signed a contract worth $80 million for twelve howitzers to be delivered next year. "


T = TypeVar("T")


def main(urls: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for url in urls or [str(Path(folder) / "m.db")]:
            store = open_store(url, lock=True)
            print(store.database.label)
            measure(store)
            store.close()


def measure(store: SqlStore) -> None:
    """Fill the outbox to each size in turn and print the median time of each call, in milliseconds."""
    print(
        f"  {'owed':>8} {'channels':>9} {'limit':>7} {'lease':>7} {'phase':>7} {'close_delivery':>7} {'round':>7}"
    )
    made = 0
    for size in SIZES:
        owed = store.backlog().get("desk", {}).get(DeliveryState.OWED, 0)
        for start in range(made, made + size - owed, BATCH):
            count = min(BATCH, made + size - owed - start)
            store.add_deliveries([delivery(number) for number in range(start, start + count)])
        made += size - owed
        analyse(store)
        took = [one_round(store) for _ in range(ROUNDS)]
        parts = [median(part) for part in zip(*took, strict=True)]
        whole = median(sum(part[1:]) for part in took)
        print(f"  {size:8,} " + " ".join(f"{part:7.2f}" for part in [*parts, whole]).rjust(49))


def analyse(store: SqlStore) -> None:
    """Let PostgreSQL count the rows now; by itself it does so within a minute."""
    if not store.database.path:
        with store.database.write_transaction() as connection:
            connection.exec_driver_sql("ANALYZE deliveries")


def one_round(store: SqlStore) -> tuple[float, ...]:
    """Send one delivery; return how long each call took, in milliseconds."""
    until = NOW + timedelta(minutes=5)
    _, channels = timed(lambda: store.owed_channels(NOW))
    _, limit = timed(lambda: store.over_limit("desk", NOW - timedelta(minutes=10), NOW, STORM))
    (taken,), lease = timed(lambda: store.lease("desk", NOW, until))
    _, phase = timed(lambda: store.record_phase(taken, AttemptPhase.DATA))
    _, close_delivery = timed(
        lambda: store.close_delivery(taken, NOW, state=DeliveryState.SENT, reason="250 ok", code="250")
    )
    return channels, limit, lease, phase, close_delivery


def timed(call: Callable[[], T]) -> tuple[T, float]:
    began = perf_counter()
    result = call()
    return result, (perf_counter() - began) * 1000


def delivery(number: int) -> Delivery:
    return Delivery(
        id=f"{number:020}",
        kind=DeliveryKind.ALERT,
        ref=f"a{number // RECIPIENTS}",
        channel="desk",
        recipient=f"reader{number % RECIPIENTS}@desk.example",
        message=Message(subject="Ministry orders howitzers", text=WORDS, html=WORDS * 9),
        created_at=NOW,
        due_at=NOW - timedelta(seconds=number % 3600),
        severity=4,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
