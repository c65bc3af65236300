"""Years of digests on a real database: zones, clocks that jump, restarts, changed preferences; each alert listed once."""

import asyncio
import contextlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, select

from monitor.digests.occasions import moment_of, next_after
from monitor.executor import Executor
from monitor.jobs.digest import DigestJob
from monitor.jobs.outgoing import Outgoing
from monitor.model import (
    Alert,
    ChannelTarget,
    Digest,
    Feed,
    FeedState,
    Filter,
    Judged,
    Message,
    PollOutcome,
    Recipient,
    Subscription,
)
from monitor.store import SqlStore, open_store
from monitor.store import tables as t
from tests.conftest import alert, item, verdict
from tests.support.policies import job_context

#: Clocks that jump at night, at midnight, by half an hour, twice a year around a month, or never.
ZONES = (
    "Europe/Berlin",
    "Europe/Istanbul",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
TIMES = ("00:00", "00:30", "02:00", "02:30", "03:00", "08:00", "23:59")
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 12, 25, tzinfo=UTC)
CHANNEL_TARGETS = {
    "desk": ChannelTarget("desk", "mail", ("a@x.example",)),
    "hook": ChannelTarget("hook", "json"),
}


@cache
def jumps(zone: str) -> list[datetime]:
    """Return about when the clocks of a zone change, in 2025–2030."""
    days = [BEGIN + timedelta(days=n) for n in range((END - BEGIN).days)]
    offsets = [day.astimezone(ZoneInfo(zone)).utcoffset() for day in days]
    return [day for day, one, next in zip(days[1:], offsets, offsets[1:], strict=False) if one != next]


class Kill(Exception):
    """The end of the process, in the middle of its work."""


class Killed:
    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        raise Kill


class Words:
    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        return (Message(subject=f"{len(digest.alerts)} alerts", text=form),)


@dataclass
class World:
    """A database, a clock and subscriptions; the program around them may be killed at any moment."""

    path: Path
    now: datetime
    subscriptions: tuple[Subscription, ...]
    db: Executor
    random: Random
    latest: datetime = BEGIN
    raised: list[Alert] = field(default_factory=list)
    store: SqlStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = open_store(self.path, lock=False)
        self.store.enrol(
            [Feed(name="wire", url="https://news.example/feed", title="A wire", host="news.example")],
            self.now,
        )
        self.store.subscribe(self.subscriptions, self.now)

    def restart(self) -> None:
        self.store.close()
        self.store = open_store(self.path, lock=False)

    def pass_time(self, by: timedelta) -> None:
        self.now = min(max(self.now + by, BEGIN), END)
        self.latest = max(self.latest, self.now)

    def raise_alert(self) -> None:
        guid = str(len(self.raised) + 1)
        topic = self.random.choice(("arms", "sanctions"))
        one, judgement = item(guid=guid, first_seen_at=self.now), verdict(topics=(topic,))
        made = alert(item=one, verdict=judgement, story=guid, raised_at=self.now)
        state = FeedState(feed="wire", next_poll_at=self.now, version=len(self.raised))
        judged = (Judged(one, judgement, made.decision),)
        written = self.store.commit(
            [
                PollOutcome(
                    state=state,
                    host="news.example",
                    host_free_at=self.now,
                    judged=judged,
                    seen=(),
                    alerts=(made,),
                    stories=(),
                    deliveries=(),
                )
            ]
        )
        assert written == ("wire",)
        self.raised.append(replace(made, seq=len(self.raised) + 1))

    async def plan(self, words: Killed | Words) -> None:
        clock = lambda: self.now  # noqa: E731
        with contextlib.suppress(Kill):
            context = job_context(
                self.store,
                self.db,
                clock,
                subscriptions=self.subscriptions,
                channel_targets=CHANNEL_TARGETS,
                renderer=words,
            )
            await DigestJob(context, Outgoing(context)).plan_due()

    def rows(self, *columns: Column[Any]) -> list[tuple[Any, ...]]:
        with self.store.database.read_transaction() as connection:
            return [tuple(row) for row in connection.execute(select(*columns))]

    def assert_each_alert_once(self) -> None:
        """Assert that every alert is in one digest of each subscription that means it, and in no other."""
        listed = Counter(self.rows(t.digest_alerts.c.subscription, t.digest_alerts.c.alert_seq))
        meant = {(sub.name, one.seq) for sub in self.subscriptions for one in self.raised if sub.fits(one)}
        assert set(listed) - meant == set()
        assert meant - set(listed) == set()
        assert set(listed.values()) <= {1}
        keys = Counter(self.rows(t.digests.c.subscription, t.digests.c.key))
        assert set(keys.values()) <= {1}
        sent = {id for id, skipped in self.rows(t.digests.c.id, t.digests.c.skipped) if not skipped}
        assert {ref for (ref,) in self.rows(t.deliveries.c.ref)} == sent
        recipient_counts = {sub.name: len(sub.channel_targets(CHANNEL_TARGETS)) for sub in self.subscriptions}
        names = dict(self.rows(t.digests.c.id, t.digests.c.subscription))
        owed = Counter(self.rows(t.deliveries.c.ref))
        assert all(count == recipient_counts[names[ref]] for (ref,), count in owed.items())


def subscriptions_in(zone: str, random: Random) -> tuple[Subscription, ...]:
    """Return one of every kind: a day's, a week's, an hour's, of two routes one after the other, a recipient's."""
    time, days = random.choice(TIMES), tuple(sorted(random.sample(range(1, 8), random.randint(1, 7))))
    arms = Filter(topics=("arms",))
    return (
        Subscription(
            name="daily",
            at=time,
            zone=zone,
            channels=("desk",),
            catch_up=random.choice(("coalesce", "each", "skip")),
        ),
        Subscription(
            name="some-days",
            at=time,
            zone=zone,
            channels=("desk", "hook"),
            days=days,
            empty="skip",
            welcome=True,
        ),
        Subscription(
            name="weekly",
            at=time,
            zone=zone,
            channels=("hook",),
            days=days[:1],
            every="week",
            catch_up="each",
        ),
        Subscription(
            name="hourly", at=time, zone=zone, channels=("hook",), days=days, every="hour", empty="skip"
        ),
        Subscription(name="route:arms", at=time, zone=zone, channels=("desk",), topics=("arms",)),
        Subscription(name="route:rest", at=time, zone=zone, channels=("desk",), unless=(arms,)),
        Subscription(
            name="recipient:r",
            at=time,
            zone=zone,
            recipient=Recipient(name="r", addresses=(("desk", "r@x.example"),)),
        ),
    )


def changed(sub: Subscription, random: Random) -> Subscription:
    """Return a subscription at another hour, in another zone, or of another cadence."""
    match random.randrange(3):
        case 0:
            return replace(sub, at=random.choice(TIMES))
        case 1:
            return replace(sub, zone=random.choice(ZONES))
    return replace(sub, every=random.choice(("day", "week", "hour")))


async def live(world: World, steps: int) -> None:
    """Let things happen: news, time, ticks, kills, restarts, clocks that are set, preferences that change."""
    random = world.random

    async def kill() -> None:
        await world.plan(Killed())
        world.restart()

    def set_clock() -> None:
        world.pass_time(timedelta(hours=random.choice((-1, 1)) * random.choice((0.01, 1, 30, 9_000))))

    def change() -> None:
        world.subscriptions = tuple(changed(sub, random) for sub in world.subscriptions)

    happenings: list[tuple[int, Callable[[], Any]]] = [
        (8, world.raise_alert),
        (4, lambda: world.pass_time(timedelta(minutes=random.uniform(1, 200)))),
        (3, lambda: world.pass_time(timedelta(hours=random.uniform(3, 40)))),
        (2, lambda: world.pass_time(timedelta(days=random.uniform(1, 12)))),
        (8, lambda: world.plan(Words())),
        (2, kill),
        (1, set_clock),
        (1, change),
    ]
    weights, actions = zip(*happenings, strict=True)
    for action in random.choices(actions, weights, k=steps):
        if asyncio.iscoroutine(done := action()):
            await done
    world.now = max(world.now, world.latest) + timedelta(days=15)
    for sub in world.subscriptions:  # what is skipped when it is late waits for one that is on time
        world.now = next_after(sub, world.now)
        await world.plan(Words())


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied."""
    path = tmp_path_factory.mktemp("years") / "empty.db"
    open_store(path, lock=False).close()
    return path


@contextlib.contextmanager
def world_at(empty: Path, now: datetime, subs: tuple[Subscription, ...], random: Random) -> Iterator[World]:
    path, db = empty.with_name(f"{uuid4()}.db"), Executor("store")
    shutil.copyfile(empty, path)
    world = World(path, now, subs, db, random, now)
    try:
        yield world
    finally:
        world.store.close()
        db.close()
        path.unlink()


def assert_years(empty: Path, zone: str, seed: int, steps: int) -> None:
    random = Random(seed)
    about = random.choice(jumps(zone) or [BEGIN + timedelta(days=400)])
    now = about + timedelta(hours=random.uniform(-40, 5))
    with world_at(empty, now, subscriptions_in(zone, random), random) as world:
        asyncio.run(live(world, steps))
        world.assert_each_alert_once()


@given(st.sampled_from(ZONES), st.integers(0, 10_000))
@settings(max_examples=4)
def test_each_alert_is_in_one_digest_whatever_happens_to_clocks_and_processes(
    empty: Path, zone: str, seed: int
) -> None:
    assert_years(empty, zone, seed, steps=40)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@given(st.sampled_from(ZONES), st.integers(0, 1_000_000))
@settings(max_examples=100)
def test_each_alert_is_in_one_digest_in_many_lives(empty: Path, zone: str, seed: int) -> None:
    assert_years(empty, zone, seed, steps=120)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("turn", range(len(TIMES)))
def test_six_years_in_twelve_zones_skip_no_date_and_repeat_none(empty: Path, turn: int) -> None:
    """Each zone has a digest at another time; after all turns each had one at every time."""
    random, times = Random(2025), [TIMES[(n + turn) % len(TIMES)] for n in range(len(ZONES))]
    daily = tuple(
        Subscription(name=f"{zone} {at}", at=at, zone=zone, channels=("desk",))
        for zone, at in zip(ZONES, times, strict=True)
    )
    with world_at(empty, BEGIN, daily, random) as world:

        async def walk() -> None:
            while world.now < END:
                world.pass_time(timedelta(hours=random.expovariate(1 / 9)))
                if random.random() < 0.3:
                    world.raise_alert()
                await world.plan(Killed() if random.random() < 0.02 else Words())

        asyncio.run(walk())
        asyncio.run(world.plan(Words()))
        covered = defaultdict(list)
        for name, covers in world.rows(t.digests.c.subscription, t.digests.c.covers):
            covered[name] += covers
        for sub in daily:
            first = BEGIN.astimezone(ZoneInfo(sub.zone)).date()
            dates = [first + timedelta(days=n) for n in range(-1, (END - BEGIN).days + 2)]
            due = [day.isoformat() for day in dates if BEGIN < moment_of(sub, day) <= END]
            assert sorted(covered[sub.name]) == due
        world.now = END + timedelta(days=8)
        asyncio.run(world.plan(Words()))
        world.assert_each_alert_once()
