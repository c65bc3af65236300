"""A thousand recipients at once: ``python -m benchmarks.recipients [--recipients N] [--alerts N] [URL]``.

Plans a digest for each in one transaction, half of them with criteria of their own, and the alerts that some
want at once; without a URL, in SQLite in a temporary folder.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import structlog

from monitor.alerts.deliveries import deliveries_of_alert
from monitor.alerts.routing import channel_targets_for
from monitor.clock import Clock
from monitor.executor import Executor
from monitor.jobs.digest import DigestJob
from monitor.jobs.outgoing import Outgoing
from monitor.model import (
    Alert,
    ChannelTarget,
    Delivery,
    Digest,
    Feed,
    FeedState,
    Judged,
    Message,
    MessageForm,
    PollOutcome,
    Recipient,
    Subscription,
)
from monitor.render import samples as sample
from monitor.render.renderer import Renderer
from monitor.store import SqlStore, open_store
from tests.support.policies import job_context

BEGUN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TARGETS = {"desk": ChannelTarget("desk", "mail")}
LANGUAGES = ("en", "tr", "ru", "uk", "ar", "fa", "de", "fr")


@dataclass
class Counted:
    """Words digests and alerts, and counts how often."""

    render: Renderer
    digests: int = 0

    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        """Word a digest."""
        self.digests += 1
        return self.render.digest(digest, form)


def sample_recipients(count: int) -> list[Recipient]:
    """Return recipients; every second one asks for one of a few common things."""
    preferences = [{}, {"topics": ("arms",)}, {"topics": ("sanctions",)}, {"min_severity": 3}]
    own = [{"languages": (lang,)} for lang in LANGUAGES] + [{"countries": ("TR",)}, {"credibility": "B"}]
    return [
        Recipient(
            name=f"r{n}",
            addresses=(("desk", f"r{n}@example.org"),),
            plain=n % 4 == 0,
            immediate=n % 10 == 0,
            **(own[n // 2 % len(own)] if n % 2 else preferences[n // 2 % len(preferences)]),
        )
        for n in range(count)
    ]


def subscription(recipient: Recipient) -> Subscription:
    """Return a recipient's digest, every morning."""
    asked = {"topics": recipient.topics, "languages": recipient.languages, "countries": recipient.countries}
    levels = {"min_severity": recipient.min_severity, "credibility": recipient.credibility}
    return Subscription(
        name=f"recipient:{recipient.name}", at="08:00", zone="UTC", recipient=recipient, **asked, **levels
    )


def raised(count: int) -> tuple[Alert, ...]:
    """Return alerts of a day."""
    alerts = (sample.ALERTS[n % len(sample.ALERTS)] for n in range(count))
    return tuple(
        replace(
            each,
            item=replace(each.item, feed="wire", guid=str(n), lang=LANGUAGES[n % 3], first_seen_at=BEGUN),
            story=str(n),
            raised_at=BEGUN,
        )
        for n, each in enumerate(alerts)
    )


def write(store: SqlStore, alerts: Sequence[Alert], everyone: Sequence[Recipient]) -> tuple[float, int]:
    """Commit a poll that raised these alerts, with their deliveries; return seconds and deliveries."""
    render = Renderer()
    judged = tuple(Judged(each.item, each.verdict, each.decision) for each in alerts)
    begun = perf_counter()
    deliveries: list[Delivery] = []
    for alert in alerts:
        messages = render.alert(alert, MessageForm.MAIL)
        for target in channel_targets_for(alert, (), everyone, TARGETS):
            deliveries += deliveries_of_alert(alert, target, messages)
    state = FeedState(feed="wire", next_poll_at=BEGUN + timedelta(hours=1))
    store.commit(
        [
            PollOutcome(
                state=state,
                host="wire.example",
                host_free_at=BEGUN,
                judged=judged,
                seen=(),
                alerts=alerts,
                stories=(),
                deliveries=tuple(deliveries),
            )
        ]
    )
    return perf_counter() - begun, len(deliveries)


async def measure(store: SqlStore, recipients: int, alerts: int) -> dict[str, float]:
    """Return seconds and counts of one morning."""
    everyone = sample_recipients(recipients)
    subscriptions = tuple(map(subscription, everyone))
    store.enrol(
        [Feed(name="wire", url="https://wire.example/feed", title="A wire", host="wire.example")], BEGUN
    )
    begun = perf_counter()
    store.subscribe(subscriptions, BEGUN)
    took = {"subscribe_s": perf_counter() - begun}
    took["at_once_s"], took["at_once"] = write(store, raised(alerts), everyone)
    words, db = Counted(Renderer()), Executor("store")
    now = BEGUN
    digests = digest_job(subscriptions, words, store, db, lambda: now)
    begun = perf_counter()
    assert await digests.plan_due() == 0
    took["idle_s"] = perf_counter() - begun
    now = BEGUN + timedelta(hours=23)
    begun, busy = perf_counter(), process_time()
    took["digests"] = await digests.plan_due()
    took["plan_s"], took["plan_cpu_s"] = perf_counter() - begun, process_time() - busy
    took["worded"] = words.digests
    db.close()
    return took


def digest_job(
    subscriptions: Sequence[Subscription], renderer: Any, store: SqlStore, db: Executor, clock: Clock
) -> DigestJob:
    """Return the job that plans these subscriptions."""
    targets = {"channel_targets": TARGETS, "subscriptions": tuple(subscriptions)}
    context = job_context(store, db, clock, renderer=renderer, **targets)
    return DigestJob(context, Outgoing(context))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?")
    parser.add_argument("--recipients", type=int, default=1000)
    parser.add_argument("--alerts", type=int, default=60)
    given = parser.parse_args()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(given.url or str(Path(folder) / "m.db"), lock=True)
        took = asyncio.run(measure(store, given.recipients, given.alerts))
        store.close()
    print(f"{given.recipients} recipients, {given.alerts} alerts, {store.database.label.partition(' ')[0]}")
    for what, value in took.items():
        print(f"  {what:<14} {value:10.2f}" if what.endswith("_s") else f"  {what:<14} {value:7.0f}")


if __name__ == "__main__":
    main()
