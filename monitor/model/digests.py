"""Digests: subscriptions, their occasions and states, and the contents of a digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from .actions import Silence
from .alerts import Alert
from .deliveries import ChannelTarget, Delivery
from .filters import Filter
from .reminders import Deadline
from .verdicts import Placement

#: A digest planned later than this after its time is marked as late.
LATE = timedelta(hours=2)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class DigestPeriod(StrEnum):
    """How often a digest is sent; a weekly or monthly one on the first of its days."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class EmptyDigest(StrEnum):
    """What to do on an occasion without alerts."""

    ALWAYS = "always"  # send a digest that says so
    SKIP = "skip"


class CatchUp(StrEnum):
    """What to do about occasions that were missed."""

    COALESCE = "coalesce"  # send one digest for all of them
    EACH = "each"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient(Filter):
    """A recipient with a filter of their own; alerts that fit are sent at once if `immediate`.

    `addresses` are pairs of a channel and an address there; `plain` recipients get mail without HTML.
    `language` is the code of the language of their messages, "" for English.
    """

    name: str
    addresses: tuple[tuple[str, str], ...]
    plain: bool = False
    immediate: bool = False
    at_least: Placement = field(default=Placement.NOW, kw_only=True)
    language: str = ""

    def channel_targets(self, channel_targets: Mapping[str, ChannelTarget]) -> tuple[ChannelTarget, ...]:
        """Return the targets that reach this recipient alone."""
        own = ((channel_targets[channel], address) for channel, address in self.addresses)
        return tuple(
            replace(target, recipients=(address,), plain=self.plain, language=self.language)
            for target, address in own
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(Filter):
    """A digest as configured: the alerts in it, its local times, and its channels or its recipient.

    `at` is "HH:MM" in `zone` (IANA). `days` are ISO weekdays, 1 = Monday, or the day of the month, 1 to 28,
    of a monthly digest; there is none on `holidays`. With `welcome` a first digest is sent as soon as there
    are alerts; `backfill` is the age up to which earlier alerts are in the first digest. Alerts that fit one
    of `unless` are excluded: another route takes them. `attach` are the formats in which the whole digest is
    attached as a file: ``csv``, ``json``. `language` is that of its words, "" for English.
    """

    name: str
    at: str
    zone: str
    channels: tuple[str, ...] = ()
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    empty: EmptyDigest = EmptyDigest.ALWAYS
    catch_up: CatchUp = CatchUp.COALESCE
    welcome: bool = False
    every: DigestPeriod = DigestPeriod.DAY
    holidays: tuple[date, ...] = ()
    backfill: timedelta = timedelta()
    unless: tuple[Filter, ...] = ()
    recipient: Recipient | None = None
    attach: tuple[str, ...] = ("csv",)
    language: str = field(default="", repr=False)  # ids of shared digests are hashes of the repr

    @property
    def when(self) -> str:
        """When it is sent, in words."""
        if self.every == DigestPeriod.HOUR:
            return "every hour"
        if self.every == DigestPeriod.MONTH:
            return f"on day {self.days[0]} of the month at {self.at}"
        days = ", ".join(WEEKDAYS[day - 1] for day in self.days)
        return f"{'every day' if len(self.days) == len(WEEKDAYS) else f'on {days}'} at {self.at}"

    def fits(self, alert: Alert) -> bool:
        """Say whether an alert belongs in this digest."""
        return Filter.fits(self, alert) and not any(other.fits(alert) for other in self.unless)

    def channel_targets(self, channel_targets: Mapping[str, ChannelTarget]) -> tuple[ChannelTarget, ...]:
        """Return the targets of its digests."""
        return (
            self.recipient.channel_targets(channel_targets)
            if self.recipient
            else tuple(channel_targets[name] for name in self.channels)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionState:
    """The position of a subscription. `upto_seq` is the last match sequence number that was planned."""

    name: str
    since: datetime
    upto_seq: int
    last_key: str = ""
    last_due_at: datetime | None = None
    digests: int = 0


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time at which one subscription's digest is due; `key` is unique per subscription.

    It is the local date (``2026-11-23``), the ISO week (``2026-W48``), the month (``2026-11``) or the hour in
    UTC (``2026-11-23T08``). `covers` are the local dates that it covers, more than one after downtime.
    """

    subscription: str
    key: str
    due_at: datetime
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """A digest to be written, with its deliveries and the watermark, in one transaction.

    `overdue_ids` are the expired deliveries whose content this digest covers.
    """

    id: str
    occasion: Occasion
    planned_at: datetime
    from_seq: int
    to_seq: int
    alert_seqs: tuple[int, ...]
    deliveries: tuple[Delivery, ...]
    skipped: bool = False
    overdue_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The counts for a period, for the status line of a digest.

    Of the flagged, `alerts` were raised, `duplicates` belong to stories already reported, and `archived` were
    placed below the digest. `silenced` alerts were suppressed by a silence; None where nothing can be
    silenced. `feeds_unread` counts feeds that were never polled.
    """

    read: int
    flagged: int
    alerts: int
    feeds: int
    feeds_failing: tuple[str, ...]
    undelivered: int
    duplicates: int = 0
    archived: int = 0
    silenced: int | None = None
    feeds_unread: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of alerts of a topic on a local date."""

    day: str
    topic: str
    alerts: int


@dataclass(frozen=True, slots=True)
class StorySoFar:
    """The earlier reports of a story in a digest.

    `sources` reported it, the first one first. `sent_at` and `title` are of its last alert in an earlier
    digest of the same subscription.
    """

    sources: tuple[str, ...] = ()
    sent_at: datetime | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The contents of a digest: `alerts` in match order, and the window in sequence numbers and in time.

    `since` is the previous digest's time or the subscription's beginning; `next_due_at` the next occasion.
    `so_far` is by story, `history` of the last days up to this one; `deadlines` are those ahead. `silence` is
    the one whose end the digest reports.
    """

    id: str
    subscription: Subscription
    occasion: Occasion
    planned_at: datetime
    since: datetime
    from_seq: int
    to_seq: int
    alerts: tuple[Alert, ...]
    counts: Counts
    next_due_at: datetime
    so_far: Mapping[str, StorySoFar] = field(default_factory=dict)
    history: tuple[Tally, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    silence: Silence | None = None
