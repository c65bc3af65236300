"""The second half of the story: from deliveries owed to words received."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import structlog

from monitor.channels.base import Channel
from monitor.channels.breaker import MAX_RETRY_AFTER, after_fault
from monitor.channels.rate_limit import RateLimit
from monitor.clock import Clock
from monitor.errors import ChannelError, DeliveryError, MonitorError
from monitor.executor import Executor
from monitor.model import AttemptOutcome, AttemptPhase, ChannelState, Delivery, DeliveryState, key_of
from monitor.store.protocols.base import DeliveryStore

log = structlog.get_logger()

MARGIN = timedelta(minutes=1)

#: Within so long a reader gets so many alerts and no more; what is kept back is told by one summary.
STORM_WINDOW = timedelta(minutes=10)
STORM_MEMORY = timedelta(days=30)
STORM = "too many alerts at once: a summary tells it, and the next digest"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How deliveries of one form of message are tried.

    `waits` lie between the attempts, so there is one attempt more; each is varied by ± `jitter` of itself.
    `deadline` is for one attempt. `repeatable` says that a repeat does no harm: the other side drops it by
    its id, or it overwrites the first. `gap` is what the other side wants between two messages.
    """

    waits: tuple[timedelta, ...]
    deadline: timedelta
    jitter: float = 0.0
    repeatable: bool = False
    gap: timedelta = timedelta(0)

    def wait(self, attempts: int, random: Random) -> timedelta | None:
        """Return how long to wait after one more attempt than `attempts`; None when it was the last."""
        if attempts >= len(self.waits):
            return None
        return self.waits[attempts] * (1 + self.jitter * random.uniform(-1, 1))


def _minutes(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


# Mail is handed to a server nearby and given up after a day; posts follow the Standard Webhooks schedule
# (three days); a full disk or a closed terminal is tried for a day.
_MAIL = _minutes(1, 5, 15, 30, 60, 120, 240, 240, 240, 240, 240)
_POST = _minutes(5 / 60, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60)
_CHAT = RetryPolicy(_POST, deadline=timedelta(minutes=2), jitter=0.2)
_LOCAL = _minutes(*(min(2**n / 6, 10) for n in range(150)))

RETRY_POLICIES: Mapping[str, RetryPolicy] = {
    "mail": RetryPolicy(_MAIL, deadline=timedelta(minutes=21)),
    "slack": replace(_CHAT, gap=timedelta(seconds=1)),
    "teams": _CHAT,
    "discord": _CHAT,
    "telegram": replace(_CHAT, gap=timedelta(seconds=3)),
    "ntfy": _CHAT,
    "pagerduty": replace(_CHAT, repeatable=True),
    "matrix": replace(_CHAT, repeatable=True),
    "apprise": _CHAT,
    "json": replace(_CHAT, repeatable=True),
    "files": RetryPolicy(_LOCAL, deadline=timedelta(minutes=2), repeatable=True),
    "text": RetryPolicy(_LOCAL, deadline=timedelta(minutes=2), repeatable=True),
}


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many deliveries ended their attempt how."""

    sent: int = 0
    postponed: int = 0
    dead: int = 0

    def __add__(self, other: "DeliveryCounts") -> "DeliveryCounts":
        return DeliveryCounts(
            self.sent + other.sent, self.postponed + other.postponed, self.dead + other.dead
        )


@dataclass(frozen=True, slots=True)
class _Target:
    """A channel as it is now, with its habit; a reload may put another under the same name."""

    channel: Channel
    retry_policy: RetryPolicy


@dataclass
class DeliverJob:
    """Makes deliveries, one at a time for each channel; every attempt ends in exactly one written outcome.

    `forms` names the form of message of every channel in `channels`, `gaps` how far apart its messages leave
    where that is not as usual. A delivery whose outcome nobody knows is tried once more after
    `uncertain_wait`. A channel that is itself at fault rests, and what it is owed stays owed. More than
    `storm` alerts to one reader within ten minutes are not sent: a summary of them is.
    """

    channels: Mapping[str, Channel]
    forms: Mapping[str, str]
    store: DeliveryStore
    db: Executor
    clock: Clock
    random: Random
    retry_policies: Mapping[str, RetryPolicy] = field(default_factory=lambda: RETRY_POLICIES)
    uncertain_wait: timedelta = timedelta(minutes=15)
    storm: int = 20
    gaps: Mapping[str, timedelta] = field(default_factory=dict)
    _rate_limits: dict[str, RateLimit] = field(default_factory=dict)
    _answers: dict[str, str] = field(default_factory=dict)
    _missed: set[str] = field(default_factory=set)

    async def due_channels(self) -> tuple[str, ...]:
        """Return channels with a delivery due that may be used now; report, once, those not configured."""
        owed = await self.db.run(self.store.owed_channels, self.clock())
        return tuple(name for name in owed if self._way(name))

    def repeatable(self) -> tuple[str, ...]:
        """Return the channels on which a repeat does no harm."""
        return tuple(name for name, form in self.forms.items() if self.retry_policies[form].repeatable)

    async def resume_channels(self) -> None:
        """Let no channel rest any longer: what was at fault may have been set right."""
        await self.db.run(self.store.resume_channels)

    async def send_due(self, channel: str, stop: Callable[[], bool] = lambda: False) -> DeliveryCounts:
        """Make what is due on one channel until nothing is, the channel rests, or `stop()`."""
        done = DeliveryCounts()
        while not stop() and (way := self._way(channel)):
            now = self.clock()
            await self._thin_out(channel, now)
            leased = await self.db.run(self.store.lease, channel, now, now + self._lease(way.retry_policy), 1)
            if not leased:
                break
            await self._rate_limit(channel, way.retry_policy).acquire()
            done += await self._attempt(way, leased[0])
        return done

    async def _thin_out(self, channel: str, now: datetime) -> None:
        """Keep back what is too much for a reader; `Fates` writes the summary that tells it."""
        many = await self.db.run(self.store.over_limit, channel, now - STORM_WINDOW, now, self.storm)
        if not many:
            return
        begun = await self.db.run(self.store.open_summaries, now - STORM_MEMORY)
        summaries = {(each.channel, each.recipient): each.covered_by for each in begun}
        covered_by = {
            each.id: summaries.setdefault((channel, each.recipient), key_of("storm", each.id))
            for each in many
        }
        await self.db.run(self.store.suppress, covered_by, now, STORM)
        log.warning("deliveries_suppressed", channel=channel, count=len(many), reason=STORM)

    async def _attempt(self, way: _Target, delivery: Delivery) -> DeliveryCounts:
        """Make one attempt. An answer that could not be written down is written now, not asked for again."""
        with structlog.contextvars.bound_contextvars(channel=delivery.channel, delivery=delivery.id):
            try:
                answer = self._answers.get(delivery.id) or await self._hand_over(way, delivery)
            except DeliveryError as fault:
                return await self._failed(way, delivery, fault)
            self._answers[delivery.id] = answer
            await self.db.run(
                self.store.settle, delivery, self.clock(), state=DeliveryState.SENT, reason=answer
            )
            del self._answers[delivery.id]
            log.info("delivery_sent", kind=delivery.kind, attempts=delivery.attempts + 1)
            return DeliveryCounts(sent=1)

    async def _hand_over(self, way: _Target, delivery: Delivery) -> str:
        """Return the channel's answer; any surprise becomes a DeliveryError that says how far it came."""
        reached = AttemptPhase.CONNECT

        async def on_phase(phase: AttemptPhase) -> None:
            nonlocal reached
            await self.db.run(self.store.record_phase, delivery, phase)
            reached = phase

        seconds = way.retry_policy.deadline.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await way.channel.send(delivery, on_phase)
        except MonitorError:
            raise
        except TimeoutError as error:
            raise ChannelError(
                f"no end within {seconds:g} s", uncertain=reached == AttemptPhase.DATA
            ) from error
        except Exception as error:  # one delivery's surprise must not stop the others
            log.exception("delivery_crashed")
            why = f"internal error: {type(error).__name__}"
            raise DeliveryError(why, uncertain=reached == AttemptPhase.DATA) from error

    async def _failed(self, way: _Target, delivery: Delivery, fault: DeliveryError) -> DeliveryCounts:
        now = self.clock()
        channel = ChannelState(channel=delivery.channel)
        if isinstance(fault, ChannelError):
            states = await self.db.run(self.store.channel_states)
            channel = after_fault(states.get(delivery.channel, channel), fault, now)
            await self.db.run(self.store.record_channel_fault, channel)
        later, why = await self._later(way.retry_policy, delivery, fault, channel)
        facts = {"kind": delivery.kind, "attempts": delivery.attempts + 1, "reason": why, "code": fault.code}
        if later is None:
            await self.db.run(
                self.store.settle, delivery, now, state=DeliveryState.DEAD, reason=why, code=fault.code
            )
            log.error("delivery_abandoned", **facts)
            return DeliveryCounts(dead=1)
        await self.db.run(self.store.postpone, later, now, code=fault.code)
        log.warning("delivery_postponed", due_at=later.due_at.isoformat(), state=later.state, **facts)
        return DeliveryCounts(postponed=1)

    async def _later(
        self, retry_policy: RetryPolicy, delivery: Delivery, fault: DeliveryError, channel: ChannelState
    ) -> tuple[Delivery | None, str]:
        """Return the delivery as it is owed from now on, or None, and why."""
        why, now, blameless = str(fault), self.clock(), isinstance(fault, ChannelError)
        if fault.permanent:  # it goes as soon as somebody has mended the channel
            return (delivery.later(now, why), why) if blameless else (None, why)
        if fault.uncertain and not retry_policy.repeatable:
            if await self._was_uncertain(delivery):
                return None, f"given up, it may have arrived twice: {why}"
            why = f"it may have arrived: {why}"
            return delivery.later(now + self.uncertain_wait, why, DeliveryState.UNCERTAIN), why
        wait = retry_policy.wait(delivery.attempts, self.random)
        if blameless and not (channel.sent_at and channel.sent_at >= delivery.created_at):
            wait = wait or retry_policy.waits[-1]  # no other message got through either
        elif fault.tries is not None and delivery.attempts + 1 >= fault.tries:
            wait = None
        if wait is None:
            return None, f"given up after {delivery.attempts + 1} attempts: {why}"
        retry_after = min(fault.retry_after or timedelta(0), MAX_RETRY_AFTER)
        return delivery.later(now + max(wait, retry_after), why), why

    async def _was_uncertain(self, delivery: Delivery) -> bool:
        """Say whether an attempt before this one went out and was never answered."""
        found = await self.db.run(self.store.delivery, delivery.id)
        return found is not None and any(attempt.outcome == AttemptOutcome.UNCERTAIN for attempt in found[1])

    def _way(self, name: str) -> _Target | None:
        """Return the channel of that name, if there is one."""
        channel = self.channels.get(name)
        if channel is None:
            if name not in self._missed:
                self._missed.add(name)
                log.warning("channel_missing", channel=name)
            return None
        return _Target(channel, self.retry_policies[self.forms[name]])

    def _rate_limit(self, name: str, retry_policy: RetryPolicy) -> RateLimit:
        gap_s = self.gaps.get(name, retry_policy.gap).total_seconds()
        return self._rate_limits.setdefault(name, RateLimit(gap_s))

    def _lease(self, retry_policy: RetryPolicy) -> timedelta:
        """Longer than an attempt can last, and than it takes until a lost attempt may be repeated."""
        return (
            max(retry_policy.deadline, timedelta(0) if retry_policy.repeatable else self.uncertain_wait)
            + MARGIN
        )
