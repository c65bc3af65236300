"""A synthetic item through the whole way to each channel: what never arrives is noticed before news is lost.

It is parsed, judged, routed, rendered, owed and sent as any item is, but is no item, alert or story of the
store: no digest, no count and no search ever meets it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from monitor.alerts.raise_alerts import AlertContext, judge_item
from monitor.alerts.routing import channels_for
from monitor.clock import Clock
from monitor.errors import FeedError
from monitor.executor import Executor
from monitor.feeds.base import EarlierDocument, ParseDocument
from monitor.model import (
    Alert,
    CanaryResult,
    ChannelTarget,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Feed,
    Incident,
    Message,
    Tier,
    key_of,
)
from monitor.resources import SEEDS
from monitor.store.protocols.base import ChannelStore

log = structlog.get_logger()

MARK = "[CANARY]"
_ENDED = frozenset({DeliveryState.SENT, DeliveryState.DISCARDED})

FEED = Feed(
    name="canary",
    url="seed:canary.xml",
    title="Canary (a test, not news)",
    host="seed:",
    tier=Tier.OFFICIAL,
    lang="en",
)

_BASE = "https://example.org/canary/"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_WITH_DATA = {"json", "files"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to try which channels: at `at` after midnight UTC and in steps of `every` from there.

    A canary that is not sent `within` so long is missed. `to` stands for the first recipient of mail.
    """

    every: timedelta
    at: timedelta
    within: timedelta
    channels: tuple[str, ...]
    to: str = ""

    def due(self, now: datetime) -> datetime:
        """Return the last time that was due; the same until the next one, whatever the clock did between."""
        begun = _EPOCH + self.at
        return begun + (now - begun) // self.every * self.every


@dataclass
class CanaryJob:
    """Sends canaries when they are due and says which did not arrive. A reload swaps `schedule`, `judging`.

    "Arrived" means that the other side took it: what a mail server does then is not seen from here.
    """

    schedule: Schedule | None
    context: AlertContext
    read: ParseDocument
    store: ChannelStore
    db: Executor
    cpu: Executor
    clock: Clock
    _judged_by: AlertContext | None = None
    _deaf: str = ""
    _results: tuple[CanaryResult, ...] = ()
    _document: bytes = field(default_factory=(SEEDS / "canary.xml").read_bytes)

    async def sing(self) -> int:
        """Owe a canary to each channel that is due one; return to how many."""
        if (schedule := self.schedule) is None:
            return 0
        now = self.clock()
        at = schedule.due(now)
        self._results = await self.db.run(self.store.canaries)
        sung = {each.channel: each.created_at for each in self._results}
        due = [name for name in schedule.channels if name not in sung or sung[name] < at]
        if not due and self._judged_by is self.context:
            return 0
        alert = await self._alert(at, now)
        if alert is None or not due:
            return 0
        owed = await self.cpu.run(lambda: tuple(self._owed(schedule, alert, due, at)))
        await self.db.run(self.store.sing, owed, now)
        routed = channels_for(alert, self.context.routes)
        log.info("canary_sung", channels=[each.channel for each in owed], routed=routed)
        return len(owed)

    def wrong(self, now: datetime) -> Iterator[Incident]:
        """Yield what canaries say is wrong, as of the last time they were looked at."""
        if self.schedule is None:
            return
        if self._deaf:
            yield Incident("", "deaf", self._deaf, now)
        yield from _missed(self.schedule, self._results, now)

    async def _alert(self, at: datetime, now: datetime) -> Alert | None:
        """Return the alert of the synthetic item, or None when not even that can be read."""
        context = self._judged_by = self.context
        document = self._document.replace(b"{at}", f"{at:%Y%m%dT%H%MZ}".encode())
        try:
            reading = await self.read(
                FEED, document, "application/xml", "https://example.org/", now, EarlierDocument()
            )
        except FeedError as error:
            self._deaf = f"the test item could not be read: {error}"
            return None
        judged = await self.cpu.run(judge_item, context, FEED, reading.items[0])
        flagged = "sanctions" in judged.verdict.topics
        self._deaf = "" if flagged else "the rules no longer flag a test item that says OFAC lists somebody"
        return Alert(
            item=judged.item,
            verdict=judged.verdict,
            decision=judged.decision,
            story="",
            raised_at=now,
            source=FEED.title,
        )

    def _owed(self, schedule: Schedule, alert: Alert, due: Iterable[str], at: datetime) -> Iterator[Delivery]:
        for name in due:
            target = self.context.channel_targets.get(name)
            recipient = _recipient(target, schedule.to) if target else None
            if target is None or recipient is None:
                continue
            message = marked(self.context.render(alert, target.form)[0], target.form)
            id = key_of("canary", name, at.isoformat())
            when = alert.raised_at
            yield Delivery(
                id=id,
                kind=DeliveryKind.CANARY,
                ref=alert.id,
                channel=name,
                recipient=recipient,
                message=message,
                created_at=when,
                due_at=when,
            )


def marked(message: Message, form: str) -> Message:
    """Return a canary's message with its mark in front of the subject, and among what programs read."""
    subject = f"{MARK} {message.subject.replace(f'{MARK} ', '')}"
    data = {**message.data, "canary": True} if form in _WITH_DATA else message.data
    return replace(message, subject=subject, data=data)


def _recipient(target: ChannelTarget, to: str) -> str | None:
    """Return whom to try: one is enough, since it is the channel that is tried."""
    first = next(iter(target.recipients), None)
    return to or first or None if target.form == "mail" else first or ""


def _missed(schedule: Schedule, sung: Iterable[CanaryResult], now: datetime) -> Iterator[Incident]:
    minutes = schedule.within.total_seconds() / 60
    for each in sung:
        if each.channel not in schedule.channels or each.state in _ENDED:
            continue
        if each.state == DeliveryState.DEAD or now - each.created_at >= schedule.within:
            dead = each.state == DeliveryState.DEAD
            late = "was given up" if dead else f"is not taken after {minutes:g} min"
            reason = f"the canary of {each.created_at:%Y-%m-%d %H:%M} UTC {late}"
            yield Incident(each.channel, "canary", f"{reason}: {each.reason or 'not tried yet'}", now)
