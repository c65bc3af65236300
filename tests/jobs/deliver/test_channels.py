"""Deliveries through real channels, to real servers on loopback."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from monitor.channels import EmailSettings, FileSettings, Tools, WebhookSettings
from monitor.feeds.http.authorities import trusted_authorities
from monitor.jobs.attempt import DeliveryCounts
from tests.jobs.deliver.conftest import add_deliveries, load_delivery
from tests.support.receivers import Receiver, Reply
from tests.support.servers_mail import PASSWORD, USER, MailServer


@pytest.fixture
async def http():
    async with httpx.AsyncClient(verify=trusted_authorities(), trust_env=False) as http:
        yield http


async def test_a_mail_that_nobody_acknowledged_is_sent_once_more_with_the_same_bytes(
    store, deliver_job, clock, http, tmp_path
):
    add_deliveries(store, "d1")
    with MailServer(drop=True) as server:
        job = deliver_job(desk=mail_settings(server, tmp_path).build(Tools(http=http)))
        assert await job.send_due("desk") == DeliveryCounts(postponed=1)
        assert load_delivery(store).state == "uncertain"
        server.drop = False
        clock.advance(minutes=15)
        assert await job.send_due("desk") == DeliveryCounts(sent=1)
    first, second = server.mails
    assert first.content == second.content
    assert [(a.phase, a.outcome, a.reason[:8]) for a in store.delivery("d1")[1]] == [
        ("data", "uncertain", "it may h"),
        ("done", "sent", "250 2.0."),
    ]


async def test_a_mail_server_killed_mid_message_and_our_restart_cost_one_copy_at_most(
    store, deliver_job, clock, http, tmp_path
):
    add_deliveries(store, "d1", "d2")
    with MailServer(hang=True) as server:
        channel = mail_settings(server, tmp_path).build(Tools(http=http))
        attempt = asyncio.create_task(deliver_job(desk=channel).send_due("desk"))
        await asyncio.to_thread(server.stored.wait, 5)
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        server.hang = False
        store.recover(clock(), clock() + timedelta(minutes=15))
        again = deliver_job(desk=channel)
        assert await again.send_due("desk") == DeliveryCounts(sent=1)
        clock.advance(minutes=15)
        assert await again.send_due("desk") == DeliveryCounts(sent=1)
    ids = [re.search(rb"Message-ID: (\S+)", mail.content)[1] for mail in server.mails]
    assert len(ids) == 3
    assert len(set(ids)) == 2


async def test_a_wrong_password_costs_one_attempt_and_no_message(store, deliver_job, http, tmp_path):
    add_deliveries(store, "d1", "d2", "d3")
    with MailServer() as server:
        job = deliver_job(desk=mail_settings(server, tmp_path, password="wrong").build(Tools(http=http)))
        assert await job.send_due("desk") == DeliveryCounts(postponed=1)
        assert await job.send_due("desk") == DeliveryCounts()
        assert server.verbs.count("AUTH") == 1
        right = {"desk": mail_settings(server, tmp_path).build(Tools(http=http))}
        job.context.current.value = replace(job.context.policy, channels=right)
        await job.resume_channels()
        assert await job.send_due("desk") == DeliveryCounts(sent=3)


async def test_a_webhook_gets_the_same_id_and_body_until_it_takes_them(store, deliver_job, clock, http):
    add_deliveries(store, "d1", channel="hook")
    with Receiver(Reply(503), Reply(drop=True), Reply(429, headers={"Retry-After": "600"})) as receiver:
        job = deliver_job(
            hook=WebhookSettings(url=receiver.url, secret="s").build(Tools(http=http, clock=clock))
        )
        for _ in range(3):
            assert await job.send_due("hook") == DeliveryCounts(postponed=1)
            clock.now = load_delivery(store).due_at
        assert await job.send_due("hook") == DeliveryCounts(sent=1)
    assert len({(request.headers["webhook-id"], request.body) for request in receiver.got}) == 1
    assert len({request.headers["webhook-signature"] for request in receiver.got}) == 4


async def test_files_appear_once_the_folder_can_be_written(store, deliver_job, clock, http, tmp_path):
    add_deliveries(store, "d1", channel="files")
    folder = tmp_path / "outbox"
    folder.write_text("in the way")
    job = deliver_job(files=FileSettings(path=folder).build(Tools(http=http)))
    assert await job.send_due("files") == DeliveryCounts(postponed=1)
    assert str(folder) in load_delivery(store).reason
    folder.unlink()
    clock.advance(seconds=10)
    assert await job.send_due("files") == DeliveryCounts(sent=1)
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
