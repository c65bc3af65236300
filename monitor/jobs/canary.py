"""Send a synthetic item the whole way to each channel, so that a dead channel is noticed before news is lost.

The item is parsed, judged, routed, rendered, stored as a delivery and sent as any other, but it is no item,
alert or story of the store: no digest, count or search includes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from monitor.alerts.raise_alerts import AlertContext, judge_item
from monitor.alerts.routing import channels_for
from monitor.errors import FeedError
from monitor.feeds.base import EarlierDocument, FeedDocument, ParseDocument
from monitor.model import (
    Alert,
    CanaryResult,
    ChannelTarget,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Feed,
    Incident,
    IncidentKind,
    Message,
    MessageForm,
    Tier,
    key_of,
)
from monitor.resources import SEEDS

from .context import JobContext
from .policy import CanarySchedule, Policy

log = structlog.get_logger()

SUBJECT_PREFIX = "[CANARY]"
FEED = Feed(
    name="canary",
    url="seed:canary.xml",
    title="Canary (a test, not news)",
    host="seed:",
    tier=Tier.OFFICIAL,
    lang="en",
)

_BASE = "https://example.org/canary/"
_WITH_DATA = {MessageForm.JSON, MessageForm.FILES}
_ENDED = frozenset({DeliveryState.SENT, DeliveryState.DISCARDED})


@dataclass(kw_only=True)
class CanaryJob:
    """Sends canaries when they are due and reports those that did not arrive.

    "Arrived" means that the receiver took it: what a mail server does afterwards is not visible here.
    """

    context: JobContext
    parse_document: ParseDocument
    _judged_by: AlertContext | None = None
    _detection_fault: str = ""
    _results: tuple[CanaryResult, ...] = ()
    _document: bytes = field(default_factory=(SEEDS / "canary.xml").read_bytes)

    async def run(self) -> int:
        """Add a canary for each channel that is due one; return how many."""
        with self.context.current.use() as policy:
            return await self._send_due(policy, policy.canary) if policy.canary else 0

    def incidents(self, now: datetime) -> Iterator[Incident]:
        """Yield what canaries show to be wrong, as of the last run."""
        schedule = self.context.policy.canary
        if schedule is None:
            return
        if self._detection_fault:
            yield Incident("", IncidentKind.DETECTION, self._detection_fault, now)
        yield from _missed(schedule, self._results, now)

    async def _send_due(self, policy: Policy, schedule: CanarySchedule) -> int:
        context, now = self.context, self.context.clock()
        at = schedule.due(now)
        self._results = await context.db.run(context.store.canaries)
        last = {each.channel: each.created_at for each in self._results}
        due = [name for name in schedule.channels if name not in last or last[name] < at]
        if not due and self._judged_by is policy.alerts:
            return 0
        alert = await self._alert(policy.alerts, at, now)
        if alert is None or not due:
            return 0
        canaries = await context.cpu.run(_canaries, policy, alert, due, at)
        await context.db.run(context.store.add_canaries, canaries, now)
        routed = channels_for(alert, policy.alerts.routes)
        log.info("canary_sent", channels=[each.channel for each in canaries], routed=routed)
        return len(canaries)

    async def _alert(self, alerts: AlertContext, at: datetime, now: datetime) -> Alert | None:
        """Return the alert of the synthetic item, or None if even that cannot be parsed."""
        self._judged_by = alerts
        document = self._document.replace(b"{at}", f"{at:%Y%m%dT%H%MZ}".encode())
        try:
            read = FeedDocument(FEED, document, "application/xml", "https://example.org/", now)
            parsed = await self.parse_document(read, EarlierDocument())
        except FeedError as error:
            self._detection_fault = f"the test item could not be read: {error}"
            return None
        judged = await self.context.cpu.run(judge_item, alerts, FEED, parsed.items[0])
        flagged = "sanctions" in judged.verdict.topics
        fault = "the rules no longer flag a test item that says OFAC lists somebody"
        self._detection_fault = "" if flagged else fault
        return Alert(
            item=judged.item,
            verdict=judged.verdict,
            decision=judged.decision,
            story="",
            raised_at=now,
            source=FEED.title,
        )


def _canaries(policy: Policy, alert: Alert, due: Iterable[str], at: datetime) -> tuple[Delivery, ...]:
    return tuple(filter(None, (_canary(policy, alert, name, at) for name in due)))


def _canary(policy: Policy, alert: Alert, channel: str, at: datetime) -> Delivery | None:
    """Return the canary of a channel; None if the channel is gone or has nobody to send it to."""
    target = policy.alerts.channel_targets.get(channel)
    to = policy.canary.to if policy.canary else ""
    recipient = _recipient(target, to) if target else None
    if target is None or recipient is None:
        return None
    return Delivery(
        id=key_of("canary", channel, at.isoformat()),
        kind=DeliveryKind.CANARY,
        ref=alert.id,
        channel=channel,
        recipient=recipient,
        message=marked(policy.renderer.alert(alert, target.form)[0], target.form),
        created_at=alert.raised_at,
        due_at=alert.raised_at,
    )


def marked(message: Message, form: MessageForm) -> Message:
    """Return a canary's message with a prefix in the subject and a flag in its data."""
    subject = f"{SUBJECT_PREFIX} {message.subject.replace(f'{SUBJECT_PREFIX} ', '')}"
    data = {**message.data, "canary": True} if form in _WITH_DATA else message.data
    return replace(message, subject=subject, data=data)


def _recipient(target: ChannelTarget, to: str) -> str | None:
    """Return the recipient to try: one is enough, since the canary tests the channel."""
    first = next(iter(target.recipients), None)
    return to or first or None if target.form == MessageForm.MAIL else first or ""


def _missed(schedule: CanarySchedule, results: Iterable[CanaryResult], now: datetime) -> Iterator[Incident]:
    minutes = schedule.within.total_seconds() / 60
    for each in results:
        if each.channel not in schedule.channels or each.state in _ENDED:
            continue
        dead = each.state == DeliveryState.DEAD
        if dead or now - each.created_at >= schedule.within:
            late = "was given up" if dead else f"is not taken after {minutes:g} min"
            reason = f"the canary of {each.created_at:%Y-%m-%d %H:%M} UTC {late}"
            yield Incident(
                each.channel, IncidentKind.CANARY, f"{reason}: {each.reason or 'not tried yet'}", now
            )
