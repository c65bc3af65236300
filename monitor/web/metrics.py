"""State the watch as metrics in the text format of Prometheus, read from the store when asked."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric

from monitor import __version__
from monitor.model import Alert, FeedState, Incident, reach_of
from monitor.store import Store

#: The period that alerts are counted over.
COUNTED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the metrics are made from: the state of one moment. `backlog` is by channel and state."""

    now: datetime
    feeds: tuple[FeedState, ...]
    backlog: dict[str, dict[str, int]]
    incidents: tuple[Incident, ...]
    alerts: tuple[Alert, ...]


def snapshot_of(store: Store, now: datetime) -> Snapshot:
    """Return the state of the watch now."""
    return Snapshot(
        now=now,
        feeds=store.feed_states(),
        backlog=store.backlog(),
        incidents=store.open_incidents(),
        alerts=store.alerts(now - COUNTED, now + timedelta(days=1)),
    )


def exposition(snapshot: Snapshot) -> bytes:
    """Return the metrics of a moment in the text format 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(snapshot))
    return generate_latest(registry)


class _Collector:
    """Yields the metrics of a snapshot to a registry."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("sanctions_monitor", "The program.", {"version": __version__})
        yield from _of_feeds(self.snapshot)
        yield _of_backlog(self.snapshot)
        yield _of_incidents(self.snapshot)
        yield _of_alerts(self.snapshot)


def _of_feeds(snapshot: Snapshot) -> Iterator[Metric]:
    age = _gauge("feed_poll_age_seconds", "Time since the last poll of a feed.", "feed")
    failures = _gauge("feed_failures", "Failed polls of a feed in a row.", "feed")
    reach = _gauge("feeds", "Enrolled feeds by whether they answer.", "reach")
    for state in snapshot.feeds:
        failures.add_metric([state.feed], state.failures)
        if state.polled_at:
            age.add_metric([state.feed], max((snapshot.now - state.polled_at).total_seconds(), 0))
    for name, count in Counter(reach_of(each.polled_at, each.failures) for each in snapshot.feeds).items():
        reach.add_metric([name], count)
    yield from (reach, age, failures)


def _of_backlog(snapshot: Snapshot) -> Metric:
    found = _gauge("deliveries", "Deliveries that were not sent, by state.", "channel", "state")
    for channel, states in sorted(snapshot.backlog.items()):
        for state, count in sorted(states.items()):
            found.add_metric([channel, state], count)
    return found


def _of_incidents(snapshot: Snapshot) -> Metric:
    found = _gauge("open_incidents", "Incidents that are open, by kind.", "kind")
    for kind, count in sorted(Counter(each.kind for each in snapshot.incidents).items()):
        found.add_metric([kind], count)
    return found


def _of_alerts(snapshot: Snapshot) -> Metric:
    found = _gauge("alerts_last_day", "Alerts raised in the last 24 hours.", "topic", "severity")
    counts: Counter[tuple[str, str]] = Counter()
    for alert in snapshot.alerts:
        severity = alert.verdict.event.severity if alert.verdict.event else 0
        counts.update((topic, str(severity)) for topic in alert.verdict.topics)
    for labels, count in sorted(counts.items()):
        found.add_metric(labels, count)
    return found


def _gauge(name: str, documentation: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"sanctions_monitor_{name}", documentation, labels=labels)
