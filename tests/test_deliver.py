"""Deliveries owed become words received: schedules, doubts and rests, on a real store."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import get_args

import httpx
import pytest
from structlog.testing import capture_logs

from monitor.aside import Aside
from monitor.channels import AnyChannel, EmailSettings, FileSettings, Tools, WebhookSettings
from monitor.deliver import HABITS, Deliver, Habit, Sent
from monitor.errors import ChannelError, DeliveryError
from monitor.store import open_store
from tests.conftest import NOW, delivery
from tests.receivers import Receiver, Reply
from tests.servers_mail import PASSWORD, USER, MailServer

FORMS: Mapping[str, str] = {"desk": "mail", "hook": "json", "files": "files"}


class Scripted:
    """A channel that answers as told, and remembers."""

    def __init__(self, *answers, mark=True):
        self.answers, self.sent, self.mark = list(answers), [], mark

    async def send(self, delivery, mark):
        if self.mark:
            await mark("data")
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        if answer is not None:
            await answer.wait()
        self.sent.append(delivery.id)
        return "taken"


@pytest.fixture
def aside():
    aside = Aside("store")
    yield aside
    aside.close()


@pytest.fixture
def store(tmp_path):
    store = open_store(str(tmp_path / "m.db"), lock=False)
    yield store
    store.close()


@pytest.fixture
def deliver(store, aside, clock):
    def make(**channels):
        return Deliver(channels, FORMS, store, aside, clock, Random(1))

    return make


def owe(store, *ids, channel="desk"):
    store.owe([delivery(id=id, channel=channel, recipient="a@desk.example") for id in ids])


def now_of(store, id="d1"):
    return store.delivery(id)[0]


async def test_what_is_owed_is_sent_once_and_every_phase_is_kept(store, deliver):
    owe(store, "d1", "d2")
    desk = Scripted()
    story = deliver(desk=desk)
    assert await story.due_channels() == ("desk",)
    assert await story.send_due("desk") == Sent(sent=2)
    assert await story.due_channels() == ()
    assert await story.send_due("desk") == Sent()
    assert desk.sent == ["d1", "d2"]
    found, (attempt,) = store.delivery("d1")
    assert (found.state, found.note, found.attempts) == ("sent", "taken", 1)
    assert (attempt.phase, attempt.outcome) == ("done", "sent")


async def test_a_passing_fault_is_tried_again_with_the_same_id(store, deliver, clock):
    owe(store, "d1")
    desk = Scripted(DeliveryError("451 later", code="451"), None)
    story = deliver(desk=desk)
    assert await story.send_due("desk") == Sent(postponed=1)
    assert await story.send_due("desk") == Sent()
    assert now_of(store) == replace(
        delivery(id="d1", recipient="a@desk.example"),
        due_at=NOW + timedelta(minutes=1),
        attempts=1,
        note="451 later",
    )
    clock.advance(minutes=1)
    assert await story.send_due("desk") == Sent(sent=1)
    assert desk.sent == ["d1"]
    assert [attempt.code for attempt in store.delivery("d1")[1]] == ["451", ""]


async def run_out(store, deliver, clock, name, fault):
    """Let every attempt at one delivery fail; return the waits in minutes and the delivery."""
    owe(store, "d1", channel=name)
    story = deliver(**{name: Scripted(*[fault] * 200)})
    waits = []
    for _ in range(200):
        await story.send_due(name)
        if (found := now_of(store)).state == "dead":
            return waits, found
        waits.append((found.due_at - clock()) / timedelta(minutes=1))
        clock.now = found.due_at
    raise AssertionError("never given up")


async def test_mail_is_tried_for_twenty_hours(store, deliver, clock):
    waits, found = await run_out(store, deliver, clock, "desk", DeliveryError("451 later", code="451"))
    assert waits == [1, 5, 15, 30, 60, 120, 240, 240, 240, 240]
    assert found.note == "given up after 11 attempts: 451 later"
    assert len(store.delivery("d1")[1]) == 11


async def test_posts_follow_the_standard_schedule_with_some_chance(store, deliver, clock):
    waits, found = await run_out(store, deliver, clock, "hook", DeliveryError("HTTP 503", code="HTTP 503"))
    standard = [5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]
    assert len(waits) == len(standard)
    assert all(0.8 * due <= wait <= 1.2 * due for wait, due in zip(waits, standard, strict=True))
    assert waits != pytest.approx(standard)
    assert found.attempts == 10


async def test_files_are_tried_for_a_day(store, deliver, clock):
    waits, _ = await run_out(store, deliver, clock, "files", DeliveryError("disk full"))
    assert waits[:8] == pytest.approx([1 / 6, 2 / 6, 4 / 6, 8 / 6, 16 / 6, 32 / 6, 10, 10])
    assert 23 * 60 < sum(waits) < 26 * 60


@pytest.mark.parametrize(
    ("wish", "minutes"),
    [(None, 1), (timedelta(seconds=5), 1), (timedelta(minutes=30), 30), (timedelta(hours=9), 60)],
)
async def test_a_server_is_given_the_time_it_asks_for_up_to_an_hour(store, deliver, wish, minutes):
    owe(store, "d1")
    await deliver(desk=Scripted(DeliveryError("busy", retry_after=wish))).send_due("desk")
    assert now_of(store).due_at == NOW + timedelta(minutes=minutes)


async def test_some_answers_are_worth_few_tries(store, deliver, clock):
    waits, found = await run_out(store, deliver, clock, "hook", DeliveryError("HTTP 400", tries=4))
    assert len(waits) == 3
    assert found.note == "given up after 4 attempts: HTTP 400"


async def test_a_message_that_nobody_wants_is_given_up_and_the_next_is_sent(store, deliver):
    owe(store, "d1", "d2")
    desk = Scripted(DeliveryError("550 5.1.1", permanent=True, code="550 5.1.1"), None)
    assert await deliver(desk=desk).send_due("desk") == Sent(sent=1, dead=1)
    found, (attempt,) = store.delivery("d1")
    assert (found.state, found.note) == ("dead", "550 5.1.1")
    assert (attempt.outcome, attempt.code) == ("dead", "550 5.1.1")


async def test_a_doubt_is_repeated_once_and_not_twice(store, deliver, clock):
    owe(store, "d1")
    story = deliver(desk=Scripted(*[DeliveryError("no answer", uncertain=True)] * 2))
    assert await story.send_due("desk") == Sent(postponed=1)
    found = now_of(store)
    assert (found.state, found.due_at) == ("uncertain", NOW + timedelta(minutes=15))
    assert found.note == "it may have arrived: no answer"
    clock.advance(minutes=15)
    assert await story.send_due("desk") == Sent(dead=1)
    assert now_of(store).note == "given up, it may have arrived twice: no answer"


async def test_a_doubt_that_turns_into_a_refusal_is_an_ordinary_retry(store, deliver, clock):
    owe(store, "d1")
    story = deliver(desk=Scripted(DeliveryError("no answer", uncertain=True), DeliveryError("451"), None))
    for _ in range(3):
        await story.send_due("desk")
        clock.advance(minutes=15)
    assert now_of(store).state == "sent"


async def test_where_a_repeat_does_no_harm_a_doubt_is_an_ordinary_fault(store, deliver):
    owe(store, "d1", channel="hook")
    await deliver(hook=Scripted(DeliveryError("no answer", uncertain=True))).send_due("hook")
    found = now_of(store)
    assert found.state == "owed"
    assert found.due_at < NOW + timedelta(seconds=7)


async def killed(story, store, phase):
    """Cancel an attempt when it has come to `phase`."""
    attempt = asyncio.create_task(story.send_due("desk"))
    while (found := store.delivery("d1")[1]) == () or found[-1].phase != phase:
        await asyncio.sleep(0)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt


async def test_an_attempt_cut_off_before_the_message_left_is_made_again_at_once(store, deliver):
    owe(store, "d1")
    await killed(deliver(desk=Scripted(asyncio.Event(), mark=False)), store, "connect")
    assert now_of(store).state == "leased"
    assert store.recover(NOW, NOW + timedelta(minutes=15)) == 1
    assert await deliver(desk=Scripted()).send_due("desk") == Sent(sent=1)


async def test_an_attempt_cut_off_after_the_message_left_is_a_doubt(store, deliver, clock):
    owe(store, "d1")
    await killed(deliver(desk=Scripted(asyncio.Event())), store, "data")
    store.recover(NOW, NOW + timedelta(minutes=15))
    story = deliver(desk=Scripted(DeliveryError("no answer", uncertain=True)))
    assert await story.send_due("desk") == Sent()
    clock.advance(minutes=15)
    assert await story.send_due("desk") == Sent(dead=1)


async def test_a_lease_outlasts_the_attempt_and_the_doubt(store, deliver, clock):
    owe(store, "d1")
    await killed(deliver(desk=Scripted(asyncio.Event())), store, "data")
    clock.advance(minutes=20)
    assert await deliver(desk=Scripted()).send_due("desk") == Sent()
    clock.advance(minutes=3)
    assert await deliver(desk=Scripted()).send_due("desk") == Sent(sent=1)


async def test_a_channel_at_fault_rests_and_its_other_deliveries_lose_no_attempt(store, deliver, clock):
    owe(store, "d1", "d2", "d3")
    story = deliver(desk=Scripted(*[ChannelError("no connection")] * 2))
    assert await story.send_due("desk") == Sent(postponed=1)
    assert await story.due_channels() == ()
    assert await story.send_due("desk") == Sent()
    clock.advance(seconds=2)
    assert await story.due_channels() == ("desk",)
    assert await story.send_due("desk") == Sent(postponed=1)
    clock.advance(seconds=2)
    assert await story.send_due("desk") == Sent()
    assert now_of(store, "d3").attempts == 0
    clock.advance(seconds=2)
    assert await story.send_due("desk") == Sent(sent=1)
    clock.advance(minutes=1)
    assert await story.send_due("desk") == Sent(sent=2)


async def test_a_long_outage_is_looked_at_every_five_minutes(store, deliver, clock):
    owe(store, *(f"d{n}" for n in range(40)))
    story = deliver(desk=Scripted(*[ChannelError("no connection")] * 40))
    for _ in range(30):
        await story.send_due("desk")
        clock.advance(minutes=5)
    assert await story.due_channels() == ("desk",)


async def test_a_channel_rests_as_long_as_it_asks(store, deliver, clock):
    owe(store, "d1", "d2", channel="hook")
    story = deliver(hook=Scripted(ChannelError("HTTP 429", retry_after=timedelta(minutes=10))))
    await story.send_due("hook")
    clock.advance(minutes=9)
    assert await story.send_due("hook") == Sent()
    clock.advance(minutes=1)
    assert await story.send_due("hook") == Sent(sent=2)


async def test_a_channel_that_wants_no_more_is_not_hammered(store, deliver, clock):
    owe(store, "d1", "d2")
    story = deliver(desk=Scripted(ChannelError("535 wrong password", permanent=True)))
    assert await story.send_due("desk") == Sent(dead=1)
    clock.advance(minutes=59)
    assert await story.due_channels() == ()
    assert now_of(store, "d2").state == "owed"


async def test_a_channel_that_was_set_up_anew_need_not_rest(store, deliver):
    owe(store, "d1", "d2")
    story = deliver(desk=Scripted(ChannelError("535 wrong password", permanent=True)))
    await story.send_due("desk")
    story.channels = {"desk": Scripted()}
    assert await story.send_due("desk") == Sent(sent=1)


async def test_one_dead_channel_does_not_delay_another(store, deliver):
    owe(store, "d1")
    owe(store, "d2", channel="hook")
    dead, hook = asyncio.Event(), Scripted()
    story = deliver(desk=Scripted(dead), hook=hook)
    stuck = asyncio.create_task(story.send_due("desk"))
    assert await story.send_due("hook") == Sent(sent=1)
    dead.set()
    assert await stuck == Sent(sent=1)


async def test_a_channel_no_longer_configured_keeps_what_it_is_owed(store, deliver):
    owe(store, "d1", channel="gone")
    story = deliver(desk=Scripted())
    with capture_logs() as lines:
        assert await story.due_channels() == ()
        assert await story.due_channels() == ()
        assert await story.send_due("gone") == Sent()
    assert [(line["event"], line["channel"]) for line in lines] == [("channel_missing", "gone")]
    assert now_of(store).state == "owed"


async def test_a_surprise_costs_one_attempt_and_tells_no_secret(store, deliver):
    owe(store, "d1", "d2")
    desk = Scripted(KeyError("hunter2"), None, mark=False)
    with capture_logs() as lines:
        assert await deliver(desk=desk).send_due("desk") == Sent(sent=1, postponed=1)
    assert now_of(store).note == "internal error: KeyError"
    assert [line["event"] for line in lines] == ["delivery_crashed", "delivery_postponed", "delivery_sent"]


async def test_a_surprise_after_the_message_left_is_a_doubt(store, deliver):
    owe(store, "d1")
    with capture_logs():
        await deliver(desk=Scripted(KeyError("x"))).send_due("desk")
    assert now_of(store).state == "uncertain"


@pytest.mark.parametrize(("mark", "state"), [(True, "uncertain"), (False, "owed")])
async def test_an_attempt_has_a_deadline(store, deliver, mark, state):
    owe(store, "d1")
    story = deliver(desk=Scripted(asyncio.Event(), mark=mark))
    story.habits = {"mail": Habit((timedelta(minutes=1),), deadline=timedelta(milliseconds=30))}
    assert await story.send_due("desk") == Sent(postponed=1)
    assert now_of(store).state == state
    assert "no end within 0.03 s" in now_of(store).note


async def test_asked_to_stop_it_finishes_what_is_in_flight_and_takes_no_more(store, deliver):
    owe(store, "d1", "d2")
    stopping, answer = [], asyncio.Event()
    story = deliver(desk=Scripted(answer))
    sending = asyncio.create_task(story.send_due("desk", lambda: bool(stopping)))
    while not store.delivery("d1")[1]:
        await asyncio.sleep(0)
    stopping.append(True)
    answer.set()
    assert await sending == Sent(sent=1)
    assert now_of(store, "d2").attempts == 0
    assert store.delivery("d2")[1] == ()


async def test_every_attempt_leaves_a_line_for_the_operator(store, deliver, clock):
    owe(store, "d1", "d2")
    faults = [
        DeliveryError("451 later", code="451"),
        DeliveryError("550 no", permanent=True, code="550"),
        None,
    ]
    story = deliver(desk=Scripted(*faults))
    with capture_logs() as lines:
        await story.send_due("desk")
        clock.advance(minutes=1)
        await story.send_due("desk")
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("delivery_postponed", "warning"),
        ("delivery_abandoned", "error"),
        ("delivery_sent", "info"),
    ]
    assert lines[0]["due_at"] == "2026-11-23T09:01:00+00:00"
    assert (lines[0]["reason"], lines[1]["code"], lines[2]["attempts"]) == ("451 later", "550", 2)


def test_every_form_of_message_has_its_habit():
    union = get_args(AnyChannel)[0]
    assert {settings.form for settings in get_args(union)} == set(HABITS)


def test_a_lease_covers_every_deadline_of_mail():
    """Connecting twice 60 s, four verbs more than that for TLS and signing in, and 600 s after the dot."""
    assert HABITS["mail"].deadline >= timedelta(seconds=60 * 10 + 600)


# ---------------------------------------------------------------- with real channels


@pytest.fixture
async def http():
    async with httpx.AsyncClient(trust_env=False) as http:
        yield http


async def test_a_mail_that_nobody_acknowledged_is_sent_once_more_with_the_same_bytes(
    store, deliver, clock, http, tmp_path
):
    owe(store, "d1")
    with MailServer(drop=True) as server:
        story = deliver(desk=mail_settings(server, tmp_path).build(Tools(http)))
        assert await story.send_due("desk") == Sent(postponed=1)
        assert now_of(store).state == "uncertain"
        server.drop = False
        clock.advance(minutes=15)
        assert await story.send_due("desk") == Sent(sent=1)
    first, second = server.mails
    assert first.content == second.content
    assert [(a.phase, a.outcome, a.note[:8]) for a in store.delivery("d1")[1]] == [
        ("data", "uncertain", "it may h"),
        ("done", "sent", "250 2.0."),
    ]


async def test_a_mail_server_killed_mid_message_and_our_restart_cost_one_copy_at_most(
    store, deliver, clock, http, tmp_path
):
    owe(store, "d1", "d2")
    with MailServer(hang=True) as server:
        channel = mail_settings(server, tmp_path).build(Tools(http))
        await killed(deliver(desk=channel), store, "data")
        await asyncio.to_thread(server.stored.wait, 5)
        server.hang = False
        store.recover(clock(), clock() + timedelta(minutes=15))
        again = deliver(desk=channel)
        assert await again.send_due("desk") == Sent(sent=1)
        clock.advance(minutes=15)
        assert await again.send_due("desk") == Sent(sent=1)
    ids = [re.search(rb"Message-ID: (\S+)", mail.content)[1] for mail in server.mails]
    assert len(ids) == 3
    assert len(set(ids)) == 2


async def test_a_wrong_password_costs_one_message_and_one_attempt(store, deliver, http, tmp_path):
    owe(store, "d1", "d2", "d3")
    with MailServer() as server:
        story = deliver(desk=mail_settings(server, tmp_path, password="wrong").build(Tools(http)))
        assert await story.send_due("desk") == Sent(dead=1)
        assert await story.send_due("desk") == Sent()
    assert server.verbs.count("AUTH") == 1


async def test_a_webhook_gets_the_same_id_and_body_until_it_takes_them(store, deliver, clock, http):
    owe(store, "d1", channel="hook")
    with Receiver(Reply(503), Reply(drop=True), Reply(429, headers={"Retry-After": "600"})) as receiver:
        story = deliver(hook=WebhookSettings(url=receiver.url, secret="s").build(Tools(http, clock)))
        for _ in range(3):
            assert await story.send_due("hook") == Sent(postponed=1)
            clock.now = now_of(store).due_at
        assert await story.send_due("hook") == Sent(sent=1)
    assert len({(request.headers["webhook-id"], request.body) for request in receiver.got}) == 1
    assert len({request.headers["webhook-signature"] for request in receiver.got}) == 4


async def test_files_appear_once_the_folder_can_be_written(store, deliver, clock, http, tmp_path):
    owe(store, "d1", channel="files")
    folder = tmp_path / "outbox"
    folder.write_text("in the way")
    story = deliver(files=FileSettings(path=folder).build(Tools(http)))
    assert await story.send_due("files") == Sent(postponed=1)
    assert str(folder) in now_of(store).note
    folder.unlink()
    clock.advance(seconds=10)
    assert await story.send_due("files") == Sent(sent=1)
    assert {file.suffix for file in folder.iterdir()} == {".txt", ".html", ".eml", ".json"}


def mail_settings(server, tmp_path, password=PASSWORD):
    server.authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return EmailSettings(
        host="localhost",
        port=server.port,
        sender="radar@news.example",
        to=("a@desk.example",),
        user=USER,
        password=password,
        ca_file=tmp_path / "ca.pem",
    )
