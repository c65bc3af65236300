"""Make the metrics of the service in the text format of Prometheus, read from the store when asked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from monitor import __version__
from monitor.digests.occasions import due
from monitor.jobs.durations import Durations
from monitor.model import (
    Alert,
    FeedReach,
    FeedState,
    HubState,
    HubSubscription,
    Incident,
    IncidentKind,
    PastDigest,
    Subscription,
    SubscriptionState,
    reach_of,
)
from monitor.store import Store

from .cluster import Cluster, cluster_of
from .news_counts import Latencies, NewsCounts, alert_labels

#: The period that alerts are counted over.
COUNTED = timedelta(days=1)

#: Incidents with which nobody should rely on the service.
SERIOUS = frozenset({IncidentKind.OFFLINE, IncidentKind.UNACCOUNTED})

#: Feeds with metrics of their own; of more, those with the most failures and the oldest polls.
MOST_FEEDS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the metrics are made from: the state of one moment. `backlog` is by channel and state."""

    now: datetime
    feeds: tuple[FeedState, ...]
    backlog: dict[str, dict[str, int]]
    oldest_owed: dict[str, datetime]
    incidents: tuple[Incident, ...]
    is_ready: bool
    alerts: tuple[Alert, ...]
    subscriptions: tuple[Subscription, ...]
    subscription_states: Mapping[str, SubscriptionState]
    last_digests: Mapping[str, PastDigest]
    raised: Mapping[tuple[str, str], int]
    latencies: Latencies
    judging: Durations
    cluster: Cluster | None
    hubs: tuple[HubSubscription, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSource:
    """Where metrics come from: the store, what is counted since the start, and the subscriptions in force."""

    store: Store
    news: NewsCounts
    judging: Durations
    subscriptions: tuple[Subscription, ...]

    def snapshot(self, now: datetime) -> Snapshot:
        """Return the state of the service now."""
        store, names = self.store, [each.name for each in self.subscriptions]
        self.news.update(store, now)
        incidents = store.open_incidents()
        newest = ((name, store.past_digests(1, name)) for name in names)
        return Snapshot(
            now=now,
            feeds=store.feed_states(),
            backlog=store.backlog(),
            oldest_owed=store.oldest_owed(),
            incidents=incidents,
            is_ready=not any(each.kind in SERIOUS for each in incidents),
            alerts=store.alerts(now - COUNTED, now + timedelta(days=1)),
            subscriptions=self.subscriptions,
            subscription_states=store.subscription_states(names),
            last_digests={name: found[0] for name, found in newest if found},
            raised=dict(self.news.raised),
            latencies=self.news.latencies,
            judging=self.judging,
            hubs=store.hub_subscriptions(),
            cluster=cluster_of(store, now),
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
        snapshot = self.snapshot
        yield InfoMetricFamily("sanctions_monitor", "The program.", {"version": __version__})
        yield from _of_feeds(snapshot)
        yield from _of_hubs(snapshot)
        yield from _of_deliveries(snapshot)
        yield from _of_incidents(snapshot)
        yield from _of_alerts(snapshot)
        yield from _of_digests(snapshot)
        yield from _of_durations(snapshot)
        if snapshot.cluster:
            yield from _of_cluster(snapshot.cluster, snapshot.now)


def _of_feeds(snapshot: Snapshot) -> Iterator[Metric]:
    age = _gauge("feed_poll_age_seconds", "Time since the last poll of a feed.", "feed")
    failures = _gauge("feed_failures", "Failed polls of a feed in a row.", "feed")
    reach = _gauge("feeds", "Enrolled feeds by whether they answer.", "reach")
    oldest = _gauge("oldest_poll_age_seconds", "Time since the last poll of the feed polled longest ago.")
    newest = _gauge("newest_poll_age_seconds", "Time since the last poll of any feed.")
    for state in _shown(snapshot.feeds, snapshot.now):
        failures.add_metric([state.feed], state.failures)
        if state.polled_at:
            age.add_metric([state.feed], _age(state.polled_at, snapshot.now))
    counts = Counter(reach_of(each.health) for each in snapshot.feeds)
    for name in FeedReach:
        reach.add_metric([name], counts[name])
    ages = [_age(each.polled_at, snapshot.now) for each in snapshot.feeds if each.polled_at]
    oldest.add_metric([], max(ages, default=0))
    newest.add_metric([], min(ages, default=0))
    yield from (reach, oldest, newest, age, failures)


def _of_hubs(snapshot: Snapshot) -> Iterator[Metric]:
    found = _gauge("hub_subscriptions", "Feeds whose document names a WebSub hub, by state.", "state")
    notices = CounterMetricFamily(f"{_NAME}_hub_notices", "Signed notices of hubs.", labels=("feed",))
    states = Counter(
        HubState.ACTIVE if each.is_active(snapshot.now) else _inactive(each.state) for each in snapshot.hubs
    )
    for state in HubState:
        found.add_metric([state], states[state])
    for each in snapshot.hubs[:MOST_FEEDS]:
        notices.add_metric([each.feed], each.notices)
    yield from (found, notices)


def _inactive(state: HubState) -> HubState:
    """Return the state of a subscription that is not in force: an expired one is being requested again."""
    return HubState.REQUESTED if state is HubState.ACTIVE else state


def _shown(feeds: tuple[FeedState, ...], now: datetime) -> tuple[FeedState, ...]:
    """Return the feeds with metrics of their own, a bounded number."""
    if len(feeds) <= MOST_FEEDS:
        return feeds
    return tuple(sorted(feeds, key=lambda each: (-each.failures, each.polled_at or now))[:MOST_FEEDS])


def _of_deliveries(snapshot: Snapshot) -> Iterator[Metric]:
    found = _gauge("deliveries", "Deliveries that were not sent, by state.", "channel", "state")
    oldest = _gauge("oldest_owed_seconds", "How long the oldest owed delivery has been due.", "channel")
    for channel, states in sorted(snapshot.backlog.items()):
        for state, count in sorted(states.items()):
            found.add_metric([channel, state], count)
    for channel, due_at in sorted(snapshot.oldest_owed.items()):
        oldest.add_metric([channel], _age(due_at, snapshot.now))
    yield from (found, oldest)


def _of_incidents(snapshot: Snapshot) -> Iterator[Metric]:
    found = _gauge("open_incidents", "Incidents that are open, by kind.", "kind")
    for kind, count in sorted(Counter(each.kind for each in snapshot.incidents).items()):
        found.add_metric([kind], count)
    ready = _gauge("ready", "1 while no incident is open with which nobody should rely on the service.")
    ready.add_metric([], snapshot.is_ready)
    yield from (found, ready)


def _of_alerts(snapshot: Snapshot) -> Iterator[Metric]:
    last_day = _gauge("alerts_last_day", "Alerts raised in the last 24 hours.", "topic", "severity")
    for labels, count in sorted(alert_labels(snapshot.alerts).items()):
        last_day.add_metric(labels, count)
    total = CounterMetricFamily(
        f"{_NAME}_alerts", "Alerts raised since the start.", labels=("topic", "severity")
    )
    for labels, count in sorted(snapshot.raised.items()):
        total.add_metric(labels, count)
    yield from (last_day, total)


def _of_digests(snapshot: Snapshot) -> Iterator[Metric]:
    overdue = _gauge(
        "digest_overdue_seconds", "How long a digest has been due and not planned.", "subscription"
    )
    late = _gauge("digest_lateness_seconds", "How late the last digest was planned.", "subscription")
    for each in snapshot.subscriptions:
        state = snapshot.subscription_states.get(each.name)
        occasions = due(each, state, snapshot.now) if state else ()
        overdue.add_metric([each.name], _age(occasions[0].due_at, snapshot.now) if occasions else 0)
        if last := snapshot.last_digests.get(each.name):
            late.add_metric([each.name], _age(last.due_at, last.planned_at))
    yield from (overdue, late)


def _of_durations(snapshot: Snapshot) -> Iterator[Metric]:
    news = snapshot.latencies
    yield _histogram("seen_after_published_seconds", "From publication to first sight, of alerts.", news.seen)
    yield _histogram("sent_after_seen_seconds", "From first sight to a sent alert.", news.sent)
    yield _histogram("sent_after_published_seconds", "From publication to a sent alert.", news.whole)
    yield _histogram("judging_seconds", "Time to judge one item.", snapshot.judging)


def _of_cluster(cluster: Cluster, now: datetime) -> Iterator[Metric]:
    workers = _gauge("workers", "Processes of the cluster by state.", "state")
    heartbeat = _gauge("oldest_heartbeat_seconds", "The longest time since the heartbeat of a process.")
    runs = _gauge("worker_runs", "Runs of jobs that go on, by kind, in all processes.", "kind")
    differing = _gauge("workers_differing", "Processes with another version of something than the rest.")
    stuck = _gauge("stuck_shards", "Shards whose due feeds are not polled.")
    states = Counter(cluster.state(each) for each in cluster.workers)
    for state in ("working", "desk only", "missing"):
        workers.add_metric([state], states[state])
    heartbeat.add_metric([], max((_age(each.seen_at, now) for each in cluster.living), default=0))
    counts: Counter[str] = Counter()
    for lane in (lane for each in cluster.living for lane in each.lanes):
        counts[lane.kind] += len(lane.runs)
    for kind, count in sorted(counts.items()):
        runs.add_metric([kind], count)
    differing.add_metric([], len(cluster.differing))
    stuck.add_metric([], len(cluster.stuck))
    yield from (workers, heartbeat, runs, differing, stuck)


def _age(moment: datetime, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0)


_NAME = "sanctions_monitor"


def _gauge(name: str, documentation: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{_NAME}_{name}", documentation, labels=labels)


def _histogram(name: str, documentation: str, durations: Durations) -> HistogramMetricFamily:
    return HistogramMetricFamily(
        f"{_NAME}_{name}", documentation, buckets=durations.buckets(), sum_value=durations.sum_s
    )
