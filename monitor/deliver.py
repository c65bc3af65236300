"""The second half of the story: from deliveries owed to words received."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import structlog

from monitor.aside import Aside
from monitor.channels.base import Channel
from monitor.clock import Clock
from monitor.errors import ChannelError, DeliveryError, MonitorError
from monitor.model import Delivery
from monitor.store.base import Outbox

log = structlog.get_logger()

MAX_WISH = timedelta(hours=1)
REST_FIRST = timedelta(seconds=2)
REST_MOST = timedelta(minutes=5)
REST_REFUSED = timedelta(hours=1)
MARGIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Habit:
    """How deliveries of one form of message are tried.

    `waits` lie between the attempts, so there is one attempt more; each is varied by ± `jitter` of itself.
    `deadline` is for one attempt. `repeatable` says that a repeat does no harm: the other side drops it by
    its id, or it overwrites the first.
    """

    waits: tuple[timedelta, ...]
    deadline: timedelta
    jitter: float = 0.0
    repeatable: bool = False

    def wait(self, attempts: int, chance: Random) -> timedelta | None:
        """Return how long to wait after one more attempt than `attempts`; None when it was the last."""
        if attempts >= len(self.waits):
            return None
        return self.waits[attempts] * (1 + self.jitter * chance.uniform(-1, 1))


def _minutes(*numbers: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


# Mail is handed to a server nearby and given up after 20 hours; posts follow the Standard Webhooks schedule
# (three days); a full disk or a closed terminal is tried for a day.
_MAIL = _minutes(1, 5, 15, 30, 60, 120, 240, 240, 240, 240)
_POST = _minutes(5 / 60, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60)
_CHAT = Habit(_POST, deadline=timedelta(minutes=2), jitter=0.2)
_LOCAL = _minutes(*(min(2**n / 6, 10) for n in range(150)))

HABITS: Mapping[str, Habit] = {
    "mail": Habit(_MAIL, deadline=timedelta(minutes=21)),
    "slack": _CHAT,
    "teams": _CHAT,
    "discord": _CHAT,
    "telegram": _CHAT,
    "ntfy": _CHAT,
    "pagerduty": replace(_CHAT, repeatable=True),
    "matrix": replace(_CHAT, repeatable=True),
    "apprise": _CHAT,
    "json": replace(_CHAT, repeatable=True),
    "files": Habit(_LOCAL, deadline=timedelta(minutes=2), repeatable=True),
    "text": Habit(_LOCAL, deadline=timedelta(minutes=2), repeatable=True),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """How many deliveries ended their attempt how."""

    sent: int = 0
    postponed: int = 0
    dead: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(self.sent + other.sent, self.postponed + other.postponed, self.dead + other.dead)


@dataclass(frozen=True, slots=True)
class _Way:
    """A channel as it is now, with its habit; a reload may put another under the same name."""

    channel: Channel
    habit: Habit


@dataclass(frozen=True, slots=True)
class _Rest:
    """A channel that is itself at fault, how often in a row, and until when it is left alone."""

    channel: Channel
    faults: int
    until: datetime


@dataclass
class Deliver:
    """Makes deliveries, one at a time for each channel; every attempt ends in exactly one written outcome.

    `forms` names the form of message of every channel in `channels`. A delivery whose outcome nobody knows
    is tried once more after `uncertain_wait`. A channel that is itself at fault rests; that is kept in memory
    only, since it spares the other side and loses nothing.
    """

    channels: Mapping[str, Channel]
    forms: Mapping[str, str]
    store: Outbox
    aside: Aside
    clock: Clock
    chance: Random
    habits: Mapping[str, Habit] = field(default_factory=lambda: HABITS)
    uncertain_wait: timedelta = timedelta(minutes=15)
    _rests: dict[str, _Rest] = field(default_factory=dict)
    _missed: set[str] = field(default_factory=set)

    async def due_channels(self) -> tuple[str, ...]:
        """Return channels with a delivery due that may be used now; report, once, those not configured."""
        owed = await self.aside(self.store.owed_channels, self.clock())
        return tuple(name for name in owed if self._way(name))

    def repeatable(self) -> tuple[str, ...]:
        """Return the channels on which a repeat does no harm."""
        return tuple(name for name, form in self.forms.items() if self.habits[form].repeatable)

    async def send_due(self, channel: str, stop: Callable[[], bool] = lambda: False) -> Sent:
        """Make what is due on one channel until nothing is, the channel rests, or `stop()`."""
        done = Sent()
        while not stop() and (way := self._way(channel)):
            now = self.clock()
            leased = await self.aside(self.store.lease, channel, now, now + self._lease(way.habit), 1)
            if not leased:
                break
            done += await self._attempt(way, leased[0])
        return done

    async def _attempt(self, way: _Way, delivery: Delivery) -> Sent:
        with structlog.contextvars.bound_contextvars(channel=delivery.channel, delivery=delivery.id):
            try:
                answer = await self._hand_over(way, delivery)
            except DeliveryError as fault:
                return await self._failed(way, delivery, fault)
            self._rests.pop(delivery.channel, None)
            await self.aside(self.store.settle, delivery, self.clock(), state="sent", note=answer)
            log.info("delivery_sent", kind=delivery.kind, attempts=delivery.attempts + 1)
            return Sent(sent=1)

    async def _hand_over(self, way: _Way, delivery: Delivery) -> str:
        """Return the channel's answer; any surprise becomes a DeliveryError that says how far it came."""
        reached = "connect"

        async def mark(phase: str) -> None:
            nonlocal reached
            await self.aside(self.store.mark, delivery, phase)
            reached = phase

        seconds = way.habit.deadline.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await way.channel.send(delivery, mark)
        except MonitorError:
            raise
        except TimeoutError as error:
            raise ChannelError(f"no end within {seconds:g} s", uncertain=reached == "data") from error
        except Exception as error:  # one delivery's surprise must not stop the others
            log.exception("delivery_crashed")
            why = f"internal error: {type(error).__name__}"
            raise DeliveryError(why, uncertain=reached == "data") from error

    async def _failed(self, way: _Way, delivery: Delivery, fault: DeliveryError) -> Sent:
        now = self.clock()
        if isinstance(fault, ChannelError):
            self._rest(delivery.channel, way, fault, now)
        later, why = await self._later(way.habit, delivery, fault, now)
        facts = {"kind": delivery.kind, "attempts": delivery.attempts + 1, "reason": why, "code": fault.code}
        if later is None:
            await self.aside(self.store.settle, delivery, now, state="dead", note=why, code=fault.code)
            log.error("delivery_abandoned", **facts)
            return Sent(dead=1)
        await self.aside(self.store.postpone, later, now, code=fault.code)
        log.warning("delivery_postponed", due_at=later.due_at.isoformat(), state=later.state, **facts)
        return Sent(postponed=1)

    async def _later(
        self, habit: Habit, delivery: Delivery, fault: DeliveryError, now: datetime
    ) -> tuple[Delivery | None, str]:
        """Return the delivery as it is owed from now on, or None, and why."""
        why, tries = str(fault), delivery.attempts + 1
        if fault.permanent:
            return None, why
        if fault.uncertain and not habit.repeatable:
            if await self._was_uncertain(delivery):
                return None, f"given up, it may have arrived twice: {why}"
            why = f"it may have arrived: {why}"
            return delivery.later(now + self.uncertain_wait, why, "uncertain"), why
        wait = habit.wait(delivery.attempts, self.chance)
        if wait is None or (fault.tries is not None and tries >= fault.tries):
            return None, f"given up after {tries} attempts: {why}"
        wish = min(fault.retry_after or timedelta(0), MAX_WISH)
        return delivery.later(now + max(wait, wish), why), why

    async def _was_uncertain(self, delivery: Delivery) -> bool:
        """Say whether an attempt before this one went out and was never answered."""
        found = await self.aside(self.store.delivery, delivery.id)
        return found is not None and any(attempt.outcome == "uncertain" for attempt in found[1])

    def _way(self, name: str) -> _Way | None:
        """Return the channel of that name if there is one and it is not resting."""
        channel = self.channels.get(name)
        if channel is None:
            if name not in self._missed:
                self._missed.add(name)
                log.warning("channel_missing", channel=name)
            return None
        rest = self._rests.get(name)
        if rest and rest.channel is channel and self.clock() < rest.until:
            return None
        return _Way(channel, self.habits[self.forms[name]])

    def _rest(self, name: str, way: _Way, fault: ChannelError, now: datetime) -> None:
        before = self._rests.get(name)
        faults = before.faults + 1 if before and before.channel is way.channel else 1
        # The exponent is bounded, not only the result: an outage of days must not overflow.
        rest = min(REST_FIRST * 2 ** min(faults - 1, 20), REST_MOST)
        wish = REST_REFUSED if fault.permanent else min(fault.retry_after or rest, MAX_WISH)
        self._rests[name] = _Rest(way.channel, faults, now + max(rest, wish))

    def _lease(self, habit: Habit) -> timedelta:
        """Longer than an attempt can last, and than it takes until a lost attempt may be repeated."""
        return max(habit.deadline, timedelta(0) if habit.repeatable else self.uncertain_wait) + MARGIN
