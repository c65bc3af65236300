"""Count alerts and their latencies since the program began to serve, as counters that only grow."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from monitor.jobs.durations import NEWS_S, Durations
from monitor.model import Alert
from monitor.store import Store

#: A delivery closed so lately may be stored a moment after one that was closed later.
SETTLED = timedelta(seconds=5)

#: Rows read in one turn; more are read in the next ones.
_BATCH = 1_000


@dataclass
class Latencies:
    """Durations from publication to first sight, from there to a sent alert, and of both together."""

    seen: Durations = field(default_factory=lambda: Durations(NEWS_S))
    sent: Durations = field(default_factory=lambda: Durations(NEWS_S))
    whole: Durations = field(default_factory=lambda: Durations(NEWS_S))


@dataclass
class NewsCounts:
    """What was raised and sent since the first call of `update`; `raised` is by topic and severity."""

    raised: Counter[tuple[str, str]] = field(default_factory=Counter)
    latencies: Latencies = field(default_factory=Latencies)
    _seq: int | None = None
    _sent_at: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def update(self, store: Store, now: datetime) -> None:
        """Count what is new in the store."""
        with self._lock:
            self._count_raised(store)
            self._count_sent(store, now - SETTLED)

    def _count_raised(self, store: Store) -> None:
        if self._seq is None:
            self._seq = store.last_seq()
        while found := store.alerts_behind(self._seq, _BATCH):
            self.raised.update(alert_labels(found))
            for alert in found:
                if alert.item.published_at:
                    wait = alert.item.first_seen_at - alert.item.published_at
                    self.latencies.seen.add(wait.total_seconds())
            self._seq = found[-1].seq

    def _count_sent(self, store: Store, until: datetime) -> None:
        if self._sent_at is None:
            self._sent_at = until
        while found := store.sent_between(self._sent_at, until, _BATCH):
            for each in found:
                if each.sent_at is None:
                    continue
                self.latencies.sent.add((each.sent_at - each.seen_at).total_seconds())
                if each.published_at:
                    self.latencies.whole.add((each.sent_at - each.published_at).total_seconds())
                self._sent_at = each.sent_at


def alert_labels(alerts: Iterable[Alert]) -> Counter[tuple[str, str]]:
    """Return how many alerts there are of each topic and severity; those only possible have neither topic."""
    counts: Counter[tuple[str, str]] = Counter()
    for alert in alerts:
        severity = str(alert.verdict.severity)
        counts.update((topic, severity) for topic in alert.verdict.topics or ("possible",))
    return counts
