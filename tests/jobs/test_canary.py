"""The canary is sent through each channel; another channel reports one that does not arrive."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import load
from monitor.jobs.canary import marked
from monitor.jobs.policy import CanarySchedule
from monitor.model import Message
from tests.conftest import NOW, FakeClock
from tests.end_to_end.story import LISTING, feed
from tests.support.archive import found
from tests.support.databases import prepare_database
from tests.support.receivers import Receiver, Reply
from tests.support.servers import Reply as Page
from tests.support.servers import Site
from tests.support.servers_mail import MailServer


@asynccontextmanager
async def running(
    folder: Path, clock: FakeClock, text: str, stream: StringIO | None = None
) -> AsyncIterator[App]:
    head = f'database = "{folder}/m.db"\nrules = "{folder}/rules"\n[polling]\nparsers = 1\nhost_gap = "0s"\n'
    prepare_database(folder / "m.db")
    (folder / "config.toml").write_text(head + text, "utf-8")
    async with build(load(folder / "config.toml"), clock=clock, stream=stream or StringIO()) as app:
        yield app


def hook(url: str, name: str = "hook") -> str:
    return f'[channels.{name}]\ntype = "webhook"\nurl = "{url}"\n'


CONSOLE = '[channels.terminal]\ntype = "console"\n'
CANARY = '[canary]\nevery = "24h"\nwithin = "30m"\n'


def canaries_in(receiver: Receiver) -> list[bool]:
    """Return of each message whether it was a canary."""
    return [json.loads(request.body).get("canary", False) for request in receiver.got]


async def test_each_channel_gets_one_a_day_that_says_what_it_is(tmp_path: Path, clock: FakeClock) -> None:
    terminal = StringIO()
    with Receiver() as receiver, MailServer(tls="none") as mails:
        desk = f'[channels.desk]\ntype = "email"\nhost = "127.0.0.1"\nport = {mails.port}\ntls = "none"\n'
        desk += 'sender = "m@news.example"\nto = ["a@news.example", "b@news.example"]\n'
        text = hook(receiver.url) + CONSOLE + desk + CANARY
        async with running(tmp_path, clock, text, terminal) as app:
            for _ in range(3):
                await once(app)
                clock.advance(hours=1)
            assert canaries_in(receiver) == [True]
            clock.advance(hours=23)
            await app.canary.run()
            await once(app)
    first, second = (json.loads(request.body) for request in receiver.got)
    assert first["title"].startswith("[CANARY] This is a test, not news")
    assert (first["event"]["type"], first["id"] != second["id"]) == ("imposed", True)
    assert terminal.getvalue().count("[CANARY]") == 2
    assert [mail.to for mail in mails.mails] == [("a@news.example",)] * 2
    for mail in mails.mails:
        subject = message_from_bytes(mail.content, policy=policy.default)["Subject"]
        assert subject.startswith("[CANARY] [High] ")
        assert "This is a test" in subject


async def test_a_restart_or_a_clock_that_steps_back_sends_none_twice(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Receiver() as receiver:
        async with running(tmp_path, clock, hook(receiver.url) + CANARY) as app:
            for hours in (0, 1, -30, 29):
                clock.advance(hours=hours)
                await app.canary.run()
                await once(app)
        async with running(tmp_path, clock, hook(receiver.url) + CANARY) as app:
            await once(app)
    assert canaries_in(receiver) == [True]


async def test_no_digest_story_count_or_search_ever_meets_it(tmp_path: Path, clock: FakeClock) -> None:
    digest = '[digests.daily]\nchannels = ["hook"]\nat = "09:30"\n'
    with Receiver(Reply(400)) as receiver:
        async with running(tmp_path, clock, hook(receiver.url) + CANARY + digest) as app:
            await once(app)
            clock.advance(hours=1)
            await once(app)
            store = app.store
            counts = store.counts(NOW - timedelta(days=1), NOW + timedelta(days=1))
            assert (counts.read, counts.flagged, counts.alerts, counts.undelivered) == (0, 0, 0, 0)
            assert (found(store, "canary"), store.stories_changed(NOW, {}), store.last_seq()) == ((), (), 0)
            assert store.alerts(NOW - timedelta(days=1), NOW + timedelta(days=1)) == ()
    (sent_digest,) = [
        data for data in map(json.loads, (r.body for r in receiver.got)) if data["type"] == "digest"
    ]
    assert sent_digest["alerts"] == []


async def test_a_canary_that_does_not_arrive_is_reported_by_another_channel_and_so_is_its_end(
    tmp_path: Path, clock: FakeClock
) -> None:
    """The broken channel is the only one for health: then any other reports it."""
    with Receiver(usual=Reply(503, b"closed")) as broken, Receiver() as well:
        health = '[health]\nchannels = ["hook"]\n'
        async with running(
            tmp_path, clock, hook(broken.url) + hook(well.url, "other") + CANARY + health
        ) as app:
            await once(app)
            clock.advance(minutes=29)
            await once(app)
            assert app.store.open_incidents() == ()
            clock.advance(minutes=1)
            await app.canary.run()
            await once(app)
            (incident,) = app.store.open_incidents()
            assert (incident.subject, incident.kind) == ("hook", "canary")
            assert "is not taken after 30 min: 127.0.0.1 answered HTTP 503 'closed'" in incident.reason
            broken.usual = Reply(204)
            clock.advance(hours=1)
            await once(app)
            await app.canary.run()
            await once(app)
            assert app.store.open_incidents() == ()
    reports = [json.loads(request.body) for request in well.got if b'"type":"health"' in request.body]
    opened = [each["kind"] for report in reports for each in report["opened"]]
    assert opened == ["canary", "channel"]  # the second once its faults have lasted an hour
    # once it works again, it reports the end itself
    assert any(b'"type":"health"' in request.body for request in broken.got)


async def test_a_canary_refused_for_good_is_reported_and_the_next_one_tries_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Receiver(Reply(410), usual=Reply(204)) as receiver:
        async with running(tmp_path, clock, hook(receiver.url) + CONSOLE + CANARY) as app:
            await once(app)
            await app.canary.run()
            await once(app)
            (incident,) = app.store.open_incidents()
            assert (incident.subject, incident.kind) == ("hook", "channel")
            assert "127.0.0.1 answered HTTP 410" in incident.reason
            clock.advance(hours=24)
            await app.canary.run()
            await once(app)
            await app.canary.run()
            await once(app)
            assert app.store.open_incidents() == ()
    assert canaries_in(receiver) == [True, True]


async def test_rules_that_no_longer_match_the_canary_are_reported(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "rules").mkdir()
    silenced = "".join(
        f"[rule.{name}]\noff = true\n" for name in ("programme-named", "listing-act", "authority-named")
    )
    (tmp_path / "rules" / "own.toml").write_text(silenced)
    async with running(tmp_path, clock, CONSOLE + CANARY) as app:
        await once(app)
        assert [(each.subject, each.kind) for each in app.store.open_incidents()] == [("", "detection")]
        (tmp_path / "rules" / "own.toml").unlink()
        await app.reload(app.settings)
        await app.canary.run()  # none is due, but what judges is another
        await once(app)
        assert app.store.open_incidents() == ()


async def test_without_the_table_there_is_none_and_news_goes_as_ever(
    tmp_path: Path, clock: FakeClock
) -> None:
    with Receiver() as receiver, Site({"/feed": Page(feed(LISTING))}) as site:
        wire = f'[feeds.wire]\nurl = "{site.url("/feed")}"\ntier = "wire"\n'
        async with running(tmp_path, clock, hook(receiver.url) + wire) as app:
            await once(app)
    assert canaries_in(receiver) == [False]


async def test_only_the_channels_named_are_tried_and_mail_goes_to_whom_it_says(
    tmp_path: Path, clock: FakeClock
) -> None:
    desk = '[channels.desk]\ntype = "email"\nhost = "127.0.0.1"\nport = 9\ntls = "none"\n'
    desk += 'sender = "m@news.example"\nto = ["everybody@news.example"]\n'
    text = desk + CONSOLE + CANARY + 'channels = ["desk"]\nto = "ops@news.example"\n'
    async with running(tmp_path, clock, text) as app:
        (owed,) = app.store.deliveries()
    assert (owed.kind, owed.channel, owed.recipient, owed.story) == ("canary", "desk", "ops@news.example", "")


def test_a_mark_is_in_front_of_the_subject_and_for_programs_in_the_data() -> None:
    message = Message(subject="[High] [CANARY] Words", text="text", data={"type": "alert"})
    assert marked(message, "json").subject == "[CANARY] [High] Words"
    assert marked(message, "json").data == {"type": "alert", "canary": True}
    assert marked(message, "teams").data == {"type": "alert"}


@given(
    st.timedeltas(timedelta(minutes=5), timedelta(days=9)),
    st.timedeltas(timedelta(), timedelta(hours=24)),
    st.integers(1, 36_000).map(lambda days: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=days / 3)),
)
def test_what_is_due_is_the_last_step_before_now(every: timedelta, at: timedelta, now: datetime) -> None:
    schedule = CanarySchedule(every, at, timedelta(minutes=30), ())
    due = schedule.due(now)
    assert due <= now < due + every
    assert schedule.due(due) == due
    assert schedule.due(due + every) == due + every


@pytest.mark.parametrize(("now", "due"), [("06:59", 22), ("07:00", 23), ("23:59", 23)])
def test_a_daily_canary_keeps_its_time_of_day(now: str, due: int) -> None:
    schedule = CanarySchedule(timedelta(hours=24), timedelta(hours=7), timedelta(minutes=30), ())
    moment = datetime.fromisoformat(f"2026-11-23T{now}:00+00:00")
    assert schedule.due(moment) == datetime(2026, 11, due, 7, 0, tzinfo=UTC)
