"""How often and how long a delivery is tried, by message form."""

from datetime import timedelta
from random import Random
from typing import get_args

import pytest

from monitor.channels import AnyChannel
from monitor.errors import DeliveryError
from monitor.jobs.retry import RETRY_POLICIES
from tests.conftest import NOW
from tests.jobs.deliver.conftest import ScriptedChannel, add_deliveries, load_delivery


async def run_out(store, deliver_job, clock, name, fault):
    """Let every attempt at one delivery fail; return the waits in minutes and the delivery."""
    add_deliveries(store, "d1", channel=name)
    job = deliver_job(**{name: ScriptedChannel(*[fault] * 200)})
    waits = []
    for _ in range(200):
        await job.send_due(name)
        if (found := load_delivery(store)).state == "dead":
            return waits, found
        waits.append((found.due_at - clock()) / timedelta(minutes=1))
        clock.now = found.due_at
    raise AssertionError("never given up")


async def test_mail_is_tried_for_a_day(store, deliver_job, clock):
    waits, found = await run_out(store, deliver_job, clock, "desk", DeliveryError("451 later", code="451"))
    assert waits == [1, 5, 15, 30, 60, 120, 240, 240, 240, 240, 240]
    assert found.reason == "given up after 12 attempts: 451 later"
    assert len(store.delivery("d1")[1]) == 12


async def test_posts_follow_the_standard_schedule_with_some_chance(store, deliver_job, clock):
    waits, found = await run_out(
        store, deliver_job, clock, "hook", DeliveryError("HTTP 503", code="HTTP 503")
    )
    standard = [5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]
    assert len(waits) == len(standard)
    assert all(0.8 * due <= wait <= 1.2 * due for wait, due in zip(waits, standard, strict=True))
    assert waits != pytest.approx(standard)
    assert found.attempts == 10


def test_files_are_tried_for_a_day():
    retry_policy, random = RETRY_POLICIES["files"], Random(1)
    waits = [wait / timedelta(minutes=1) for n in range(200) if (wait := retry_policy.wait(n, random))]
    assert waits[:8] == pytest.approx([1 / 6, 2 / 6, 4 / 6, 8 / 6, 16 / 6, 32 / 6, 10, 10])
    assert 23 * 60 < sum(waits) < 26 * 60


@pytest.mark.parametrize(
    ("requested", "minutes"),
    [(None, 1), (timedelta(seconds=5), 1), (timedelta(minutes=30), 30), (timedelta(hours=9), 60)],
)
async def test_a_server_is_given_the_time_it_asks_for_up_to_an_hour(store, deliver_job, requested, minutes):
    add_deliveries(store, "d1")
    await deliver_job(desk=ScriptedChannel(DeliveryError("busy", retry_after=requested))).send_due("desk")
    assert load_delivery(store).due_at == NOW + timedelta(minutes=minutes)


async def test_some_answers_are_worth_few_tries(store, deliver_job, clock):
    waits, found = await run_out(store, deliver_job, clock, "hook", DeliveryError("HTTP 400", tries=4))
    assert len(waits) == 3
    assert found.reason == "given up after 4 attempts: HTTP 400"


def test_every_message_form_has_a_retry_policy():
    union = get_args(AnyChannel)[0]
    assert {settings.form for settings in get_args(union)} == set(RETRY_POLICIES)


def test_a_lease_covers_every_deadline_of_mail():
    """Connecting twice 60 s, four verbs more than that for TLS and signing in, and 600 s after the dot."""
    assert RETRY_POLICIES["mail"].time_limit >= timedelta(seconds=60 * 10 + 600)
