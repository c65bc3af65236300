"""Account for what a cluster was served: what was lost, and what came twice."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from benchmarks.cluster_fleet import Fleet
from benchmarks.cluster_server import name_of

DIGEST = '[digests.d{n}]\nchannels = ["hook"]\nat = "{at}"\nzone = "UTC"\n'


def digest_tables(times: Sequence[datetime]) -> list[str]:
    """Return the configuration of a digest at each of some times."""
    return [DIGEST.format(n=n, at=f"{each:%H:%M}") for n, each in enumerate(times)]


def digests_to_come(made: Fleet, times: Sequence[datetime]) -> int:
    """Return how many of these digests are due after the cluster has begun."""
    begun = str(made.query("SELECT min(since) FROM subscriptions")[0][0])
    expected = sum(f"{each:%Y-%m-%dT%H:%M}:00" > begun for each in times)
    print(f"begun at {begun} with {expected} digests to come", flush=True)
    return expected


def is_quiet(made: Fleet, digests: int) -> bool:
    """Say whether all that was served is stored, all digests are planned, and all that is owed is sent."""
    served = len(made.ask()["served"])
    (items,), (planned,), (unsent,) = (
        made.query(f"SELECT count(*) FROM {rows}")[0]
        for rows in ("items", "digests", "deliveries WHERE state <> 'sent'")
    )
    return bool(items >= served and planned >= digests and unsent == 0)


def account(made: Fleet, digests: int) -> int:
    """Print what was lost and what came twice; return 1 if a promise was broken."""
    stats = made.ask()
    stored = {guid for (guid,) in made.query("SELECT guid FROM items")}
    raised = [json.loads(text) for (text,) in made.query("SELECT alert FROM alerts")]
    news = Counter(each["item"]["title"].split()[2] for each in raised if each["kind"] == "new")
    names = [name_of(act) for act in range(stats["acts"]) if _is_served(stats, act)]
    states = dict(made.query("SELECT state, count(*) FROM deliveries GROUP BY state"))
    (per_digest,) = made.query("SELECT count(*), count(DISTINCT subscription) FROM digests")
    received = {id for (id,) in made.query("SELECT id FROM deliveries")} & set(stats["received"])
    (owed,) = made.query("SELECT count(*) FROM deliveries")
    lost = {
        "items lost": len(set(stats["served"]) - stored),
        "acts without an alert": sum(not news[name] for name in names),
        "acts with two alerts": sum(news[name] > 1 for name in names),
        "deliveries not sent": sum(states.values()) - states.get("sent", 0),
        "deliveries not received": owed[0] - len(received),
        "digests missing or twice": abs(per_digest[0] - digests) + abs(per_digest[1] - digests),
        "repeated with other text": stats["repeated_with_other_text"],
        **{f"impolite: {name}": count for name, count in stats["faults"].items()},
    }
    print(
        f"{stats['polls']} polls, {len(stored)} items, {len(names)} acts, {len(raised)} alerts, {owed[0]} deliveries"
    )
    print(
        f"repeated with the same id: {stats['repeated']}; longest gap between polls of a feed: {stats['longest']:.1f} s"
    )
    for name, count in lost.items():
        print(f"{name}: {count}")
    return int(any(lost.values()))


def _is_served(stats: dict[str, Any], act: int) -> bool:
    return any(guid.rpartition("-")[2] == str(act) for guid in stats["served"])
