"""Digests on a real database: each alert is listed once, whatever happens in between."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.errors import FeedHealth
from monitor.executor import Executor
from monitor.jobs.digest import DigestJob, preview_of
from monitor.jobs.outgoing import Outgoing
from monitor.model import (
    Alert,
    ChannelTarget,
    Decision,
    Delivery,
    Digest,
    DigestPlan,
    Feed,
    FeedState,
    Judged,
    Message,
    Placement,
    PollOutcome,
    Subscription,
)
from monitor.render import samples as sample
from monitor.render.renderer import Renderer
from monitor.store import SqlStore, open_store
from tests.conftest import FakeClock, alert, delivery, item
from tests.store.builders import subscription_state, write_plan
from tests.support.policies import job_context

MORNING = Subscription(name="morning", at="08:00", zone="Europe/Istanbul", channels=("post",))
CHANNEL_TARGETS = {
    "post": ChannelTarget("post", "mail", ("a@example.org", "b@example.org")),
    "team": ChannelTarget("team", "slack"),
    "hook": ChannelTarget("hook", "json"),
}


@dataclass
class Desk:
    """A store with one feed, its clock, and the story under test."""

    store: SqlStore
    db: Executor
    clock: FakeClock
    rendered: list[Digest] = field(default_factory=list)
    raised: int = 0

    def digests(self, *subscriptions: Subscription, render: Any = None) -> DigestJob:
        """Begin these subscriptions now, if they are new."""
        self.store.subscribe(subscriptions, self.clock())
        return self.job(subscriptions, render or self)

    def job(self, subscriptions: tuple[Subscription, ...], renderer: Any) -> DigestJob:
        """Return the job that plans these subscriptions."""
        context = job_context(
            self.store,
            self.db,
            self.clock,
            subscriptions=subscriptions,
            channel_targets=CHANNEL_TARGETS,
            renderer=renderer,
        )
        return DigestJob(context, Outgoing(context))

    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        """Words enough for tests that check which alerts a digest lists, not its wording."""
        self.rendered.append(digest)
        return (Message(subject=f"{len(digest.alerts)} alerts", text=form),)

    def raise_alert(self, deliveries: tuple[Delivery, ...] = (), **changes: Any) -> Alert:
        """Write an alert as a poll does."""
        self.raised += 1
        name = f"{self.raised}"
        plain = {
            "item": item(guid=name, first_seen_at=self.clock()),
            "story": name,
            "raised_at": self.clock(),
        }
        raised = alert(**plain | changes)
        state = FeedState(
            feed="wire",
            next_poll_at=self.clock(),
            version=self.raised - 1,
            polled_at=self.clock(),
            health=FeedHealth.OK,
        )
        judged = (Judged(raised.item, raised.verdict, raised.decision),)
        self.store.commit(
            [
                PollOutcome(
                    state=state,
                    host="news.example",
                    host_free_at=self.clock(),
                    judged=judged,
                    seen=(),
                    alerts=(raised,),
                    stories=(),
                    deliveries=deliveries,
                )
            ]
        )
        return raised

    def until(self, moment: str) -> None:
        self.clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    def owed(self) -> tuple[Delivery, ...]:
        return self.store.deliveries(("owed",), limit=1_000)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied."""
    path = tmp_path_factory.mktemp("digest") / "empty.db"
    open_store(path, lock=False).close()
    return path


@pytest.fixture
def desk(database: Path, tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    path = tmp_path / "monitor.db"
    path.write_bytes(database.read_bytes())
    store, db = open_store(path, lock=False), Executor("store")
    desk = Desk(store, db, clock)
    store.enrol(
        [Feed(name="wire", url="https://news.example/feed", title="A wire", host="news.example")], clock()
    )
    yield desk
    db.close()
    store.close()


def guids(digest: Digest) -> list[str]:
    return [each.item.guid for each in digest.alerts]


async def test_each_recipient_gets_one_morning_mail(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    desk.raise_alert()
    desk.raise_alert()
    assert await digests.plan_due() == 0
    desk.until("2026-11-24T04:59:59")
    assert await digests.plan_due() == 0
    desk.until("2026-11-24T05:00:20")
    assert await digests.plan_due() == 1
    assert [guids(digest) for digest in desk.rendered] == [["1", "2"]]
    assert [d.recipient for d in desk.owed()[::-1]] == ["a@example.org", "b@example.org"]
    assert {(d.kind, d.ref, d.channel, d.due_at) for d in desk.owed()} == {
        ("digest", desk.rendered[0].id, "post", desk.clock())
    }
    assert await digests.plan_due() == 0
    assert await desk.digests(MORNING).plan_due() == 0
    assert len(desk.owed()) == 2


async def test_a_digest_lists_its_window_by_sequence_and_by_time(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    begun = desk.clock()
    desk.raise_alert()
    desk.until("2026-11-24T05:00:20")
    await digests.plan_due()
    desk.raise_alert()
    desk.until("2026-11-25T05:00:10")
    await digests.plan_due()
    first, second = desk.rendered
    assert (first.from_seq, first.to_seq, second.from_seq, second.to_seq) == (0, 1, 1, 2)
    assert (first.since, first.planned_at) == (begun, datetime(2026, 11, 24, 5, 0, 20, tzinfo=UTC))
    assert second.since == first.planned_at
    assert second.next_due_at == datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
    assert (first.counts.read, first.counts.alerts, second.counts.alerts, first.counts.feeds) == (1, 1, 1, 1)


async def test_every_alert_is_in_exactly_one_digest(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    for hours in (1, 5, 11, 30, 2, 49, 3, 3, 17, 26, 24):
        desk.raise_alert()
        desk.clock.advance(hours=hours)
        await digests.plan_due()
        desk.raise_alert()
        await digests.plan_due()
    desk.clock.advance(hours=24)
    await digests.plan_due()
    listed = [guid for digest in desk.rendered for guid in guids(digest)]
    assert listed == [str(n + 1) for n in range(desk.raised)]
    assert len({digest.occasion.key for digest in desk.rendered}) == len(desk.rendered)


async def test_an_alert_sent_at_once_is_in_the_digest_too(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    desk.raise_alert(deliveries=(delivery(channel="post"),))
    desk.until("2026-11-24T05:00:00")
    await digests.plan_due()
    assert guids(desk.rendered[0]) == ["1"]


async def test_archived_alerts_appear_nowhere(desk: Desk) -> None:
    digests = desk.digests(replace(MORNING, welcome=True))
    desk.raise_alert(decision=Decision(Placement.ARCHIVE, "relevance below the threshold"))
    assert await digests.plan_due(final=True) == 0
    desk.until("2026-11-24T05:00:00")
    await digests.plan_due()
    assert guids(desk.rendered[0]) == []


async def test_a_subscription_takes_only_its_topics(desk: Desk) -> None:
    digests = desk.digests(replace(MORNING, topics=("sanctions",)), replace(MORNING, name="all"))
    desk.raise_alert()
    desk.raise_alert(verdict=sample.LISTING.verdict)
    desk.until("2026-11-24T05:00:00")
    assert await digests.plan_due() == 2
    assert {d.subscription.name: guids(d) for d in desk.rendered} == {"morning": ["2"], "all": ["1", "2"]}


async def test_a_crash_while_wording_changes_nothing_and_the_next_try_owes_the_same(desk: Desk) -> None:
    class Broken:
        def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
            raise RuntimeError("killed here")

    desk.raise_alert()
    digests = desk.digests(MORNING, render=Broken())
    late = desk.raise_alert()
    desk.until("2026-11-24T05:00:00")
    with pytest.raises(RuntimeError):
        await digests.plan_due()
    assert desk.owed() == ()
    digests = desk.job((MORNING,), desk)
    assert await digests.plan_due() == 1
    assert guids(desk.rendered[0]) == [late.item.guid]


async def test_the_same_digest_owes_the_same_ids_on_every_machine(
    desk: Desk, database: Path, tmp_path: Path
) -> None:
    digests = desk.digests(MORNING)
    desk.until("2026-11-24T05:00:00")
    await digests.plan_due()
    other = tmp_path / "other.db"
    other.write_bytes(database.read_bytes())
    store = open_store(other, lock=False)
    desk.until("2026-11-23T09:00:00")
    store.subscribe((MORNING,), desk.clock())
    desk.until("2026-11-24T05:00:07")
    await replace(desk, store=store).job((MORNING,), desk).plan_due()
    assert {d.id for d in store.deliveries()} == {d.id for d in desk.owed()}
    store.close()


async def test_of_two_processes_only_one_owes_a_digest(desk: Desk, tmp_path: Path) -> None:
    class Slower:
        def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
            other = open_store(tmp_path / "monitor.db", lock=False)
            assert write_plan(
                other,
                DigestPlan(
                    id="x",
                    occasion=digest.occasion,
                    planned_at=digest.planned_at,
                    from_seq=0,
                    to_seq=1,
                    alert_seqs=(1,),
                    deliveries=(),
                ),
            )
            other.close()
            return (Message(subject="too late", text=""),)

    digests = desk.digests(MORNING, render=Slower())
    desk.raise_alert()
    desk.until("2026-11-24T05:00:00")
    assert await digests.plan_due() == 0
    assert desk.owed() == ()
    assert await digests.plan_due() == 0


async def test_a_preview_shows_the_digest_of_a_day_and_writes_nothing(desk: Desk) -> None:
    desk.digests(MORNING)
    shown = desk.raise_alert()
    hidden = desk.raise_alert(decision=Decision(Placement.ARCHIVE, "relevance below the threshold"))
    since, until = desk.clock() - timedelta(hours=1), desk.clock() + timedelta(hours=23)
    digest = preview_of(MORNING, since, until, desk.store, (shown, hidden))
    assert digest.alerts == (shown,)
    assert (digest.since, digest.planned_at, digest.counts.alerts) == (since, until, 2)
    assert desk.owed() == ()
    assert subscription_state(desk.store, "morning").digests == 0


# ---------------------------------------------------------------- empty, late, welcome


async def test_an_empty_digest_is_sent_unless_it_is_to_be_skipped(desk: Desk) -> None:
    digests = desk.digests(MORNING, replace(MORNING, name="quiet", empty="skip"))
    desk.until("2026-11-24T05:00:00")
    assert await digests.plan_due() == 1
    assert [digest.subscription.name for digest in desk.rendered] == ["morning"]
    assert await digests.plan_due() == 0
    desk.raise_alert()
    desk.until("2026-11-25T05:00:00")
    assert await digests.plan_due() == 2
    assert [(d.subscription.name, guids(d)) for d in desk.rendered[1:]] == [
        ("morning", ["1"]),
        ("quiet", ["1"]),
    ]


async def test_downtime_is_made_up_for_in_one_digest_that_says_which_days(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    desk.raise_alert()
    desk.until("2026-11-26T11:00:00")
    desk.raise_alert()
    assert await digests.plan_due() == 1
    assert guids(desk.rendered[0]) == ["1", "2"]
    assert desk.rendered[0].occasion.covers == ("2026-11-24", "2026-11-25", "2026-11-26")


async def test_each_missed_day_gets_what_was_raised_by_then(desk: Desk) -> None:
    digests = desk.digests(replace(MORNING, catch_up="each"))
    for _ in range(4):
        desk.raise_alert()
        desk.clock.advance(hours=24)
    assert desk.clock() == datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert await digests.plan_due() == 4
    assert [guids(digest) for digest in desk.rendered] == [["1"], ["2"], ["3"], ["4"]]
    assert [digest.counts.alerts for digest in desk.rendered] == [1, 1, 1, 1]
    assert len(desk.owed()) == 8


async def test_skipped_downtime_leaves_its_alerts_to_the_next_digest(desk: Desk) -> None:
    digests = desk.digests(replace(MORNING, catch_up="skip"))
    desk.raise_alert()
    desk.until("2026-11-26T11:00:00")
    assert await digests.plan_due() == 0
    desk.until("2026-11-27T05:00:30")
    assert await digests.plan_due() == 1
    assert guids(desk.rendered[0]) == ["1"]


async def test_a_welcome_comes_when_the_first_rush_is_over(desk: Desk) -> None:
    digests = desk.digests(replace(MORNING, welcome=True))
    assert await digests.plan_due() == 0
    desk.raise_alert()
    desk.clock.advance(seconds=2)
    desk.raise_alert()
    assert await digests.plan_due() == 0
    desk.clock.advance(seconds=3)
    assert await digests.plan_due() == 1
    assert (desk.rendered[0].occasion.key, guids(desk.rendered[0])) == ("welcome", ["1", "2"])
    desk.raise_alert()
    desk.clock.advance(hours=1)
    assert await digests.plan_due() == 0
    desk.until("2026-11-24T05:00:00")
    assert await digests.plan_due() == 1
    assert guids(desk.rendered[1]) == ["3"]


async def test_a_welcome_is_due_at_once_when_no_more_alerts_will_come(desk: Desk) -> None:
    digests = desk.digests(replace(MORNING, welcome=True))
    assert await digests.plan_due(final=True) == 0
    desk.raise_alert()
    assert await digests.plan_due() == 0
    assert await digests.plan_due(final=True) == 1
    assert desk.rendered[0].occasion.due_at <= desk.clock()
    assert await digests.plan_due(final=True) == 0


async def test_a_subscription_nobody_began_begins_now(desk: Desk) -> None:
    desk.raise_alert()
    digests = desk.job((MORNING,), desk)
    assert await digests.plan_due() == 0
    desk.until("2026-11-24T05:00:00")
    assert await digests.plan_due() == 1
    assert guids(desk.rendered[0]) == []


# ---------------------------------------------------------------- with real words


class InTwo(Renderer):
    """Words that need two messages for a chat."""

    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        said = super().digest(digest, form)
        parts = ("(1/2)", "(2/2)") if form == "slack" else ("",)
        return tuple(replace(each, subject=f"{part}{each.subject}") for each in said for part in parts)


async def test_a_digest_knows_how_its_stories_stood_before_and_the_days_before(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    begun = desk.raise_alert(story="s")
    desk.until("2026-11-24T05:00:00")
    await digests.plan_due()
    desk.raise_alert(story="s", kind="update", news="confirmed")
    desk.raise_alert(story="other")
    desk.until("2026-11-25T05:00:00")
    await digests.plan_due()
    first, second = desk.rendered
    assert [tally.day for tally in first.history] == ["2026-11-23"]
    assert [(tally.day, tally.topic, tally.alerts) for tally in second.history] == [
        ("2026-11-23", "arms", 1),
        ("2026-11-24", "arms", 2),
    ]
    assert second.so_far["s"].sent_at == first.planned_at
    assert second.so_far["s"].title == begun.item.title
    assert "other" not in second.so_far or second.so_far["other"].sent_at is None


async def test_each_channel_gets_its_form_and_parts_leave_in_order(desk: Desk) -> None:
    everyone = replace(MORNING, channels=("team", "post", "hook"))
    digests = desk.digests(everyone, render=InTwo())
    for each in sample.ALERTS:
        desk.raise_alert(verdict=each.verdict, decision=each.decision, item=replace(each.item, feed="wire"))
    desk.until("2026-11-24T05:00:00")
    assert await digests.plan_due() == 1
    owed = sorted(desk.owed(), key=lambda d: (d.channel, d.recipient, d.due_at))
    assert [d.channel for d in owed] == ["hook", "post", "post", "team", "team"]
    assert owed[0].message.data["type"] == "digest"
    assert owed[1].message.html
    assert [a.name for a in owed[1].message.attachments] == ["digest-2026-11-24.csv"]
    assert [d.message.subject[:5] for d in owed[3:]] == ["(1/2)", "(2/2)"]
    assert all(desk.clock() - timedelta(seconds=1) < d.due_at <= desk.clock() for d in owed)
    assert len({d.id for d in owed}) == len(owed)


async def test_planning_is_logged_as_a_fact(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    desk.until("2026-11-24T05:00:00")
    with capture_logs() as logs:
        await digests.plan_due()
    assert [log for log in logs if log["event"] == "digest_planned"] == [
        {
            "event": "digest_planned",
            "log_level": "info",
            "subscription": "morning",
            "occasion": "2026-11-24",
            "alerts": 0,
            "deliveries": 2,
            "skipped": False,
        }
    ]


async def test_the_first_digest_of_a_backfill_waits_until_every_feed_was_polled_once(desk: Desk) -> None:
    sub = replace(MORNING, backfill=timedelta(hours=24))
    digests = desk.digests(sub)
    assert await digests.plan_due() == 0  # 08:00 of this morning is within the backfill, but nothing was read
    desk.raise_alert()  # written by the first poll
    assert await digests.plan_due() == 1
    assert guids(desk.rendered[0]) == ["1"]


async def test_without_a_backfill_no_digest_is_for_a_time_before_the_service_began(desk: Desk) -> None:
    digests = desk.digests(MORNING)
    desk.raise_alert()
    assert await digests.plan_due() == 0
