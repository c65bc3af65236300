"""Webhook and Slack against receivers that misbehave, over real sockets: the outcome is as in the tables."""

import json

import pytest

from monitor.channels import SlackBotSettings, SlackSettings, WebhookSettings
from monitor.channels.post import HOUR
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.limits import NO_HOSTS
from monitor.feeds.http.transport import client
from monitor.model import Message
from tests.channels.conftest import Sender
from tests.channels.hostile import THROTTLED, TORN, Outcome, coded, outcome_of, redirecting
from tests.conftest import delivery
from tests.support.receivers import Receiver, Reply

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Words"}}
MESSAGE = Message(subject="s", text="Words", data={"a": 1}, blocks=(SECTION,))
PLAIN = Message(subject="s", text="Words", data={"a": 1})

WAYS = {
    "webhook": lambda url: WebhookSettings(url=url),
    "slack": lambda url: SlackSettings(url=url),
    "slack-bot": lambda url: SlackBotSettings(token="xoxb-1", to="C0123", api=url),
}


@pytest.fixture(params=WAYS)
def way(request):
    return request.param


@pytest.fixture
async def sender(clock):
    """Send as the program does, through its own client; wait no half minute for one who says nothing."""
    async with client(Guard(("127.0.0.1",)), "monitor", kept_hosts=NO_HOSTS) as http:
        yield Sender(http, clock, time_limit_s=2.0)


async def outcomes(sender, way, rows):
    """Make one attempt for each row; return what came of it, each receiver asked once."""
    found = {}
    for name, reply, _ in rows:
        with Receiver(reply, usual=Reply(500, b"asked once too often")) as receiver:
            error = await sender.refusal(WAYS[way](receiver.url), message=PLAIN)
        found[name] = outcome_of(error) if len(receiver.got) == 1 else f"asked {len(receiver.got)} times"
    return found


def expected(rows):
    return {name: outcome for name, _, outcome in rows}


async def test_a_retry_after_in_for_in_any_form_is_kept_up_to_an_hour(sender, way):
    assert await outcomes(sender, way, THROTTLED) == expected(THROTTLED)


async def test_a_connection_that_breaks_after_the_body_leaves_a_doubt(sender, way):
    assert await outcomes(sender, way, TORN) == expected(TORN)


async def test_a_redirect_is_never_followed(sender, way):
    with Receiver() as elsewhere:
        rows = redirecting(f"{elsewhere.url}/stolen")
        assert await outcomes(sender, way, rows) == expected(rows)
    assert elsewhere.got == []


STATUSES = {
    "webhook": {
        400: coded(400, channel=False, wait=HOUR, tries=4),
        401: coded(401, wait=HOUR, tries=7),
        403: coded(403, wait=HOUR, tries=7),
        404: coded(404, wait=HOUR, tries=7),
        408: coded(408),
        410: coded(410, permanent=True),
        413: coded(413, channel=False, wait=HOUR, tries=4),
        415: coded(415, channel=False, wait=HOUR, tries=4),
        422: coded(422, channel=False, wait=HOUR, tries=4),
        425: coded(425),
        500: coded(500),
        502: coded(502),
        504: coded(504),
    },
    "slack": {
        400: coded(400, permanent=True, channel=False),
        403: coded(403, permanent=True),
        404: coded(404, permanent=True),
        410: coded(410, permanent=True),
        413: coded(413, permanent=True, channel=False),
        500: coded(500),
        503: coded(503),
    },
    "slack-bot": {
        401: coded(401, wait=HOUR, tries=7),
        404: coded(404, wait=HOUR, tries=7),
        410: coded(410, permanent=True),
        500: coded(500),
        503: coded(503),
    },
}


async def test_a_status_means_what_the_table_says(sender, way):
    rows = [(status, Reply(status, b"<html>no</html>"), outcome) for status, outcome in STATUSES[way].items()]
    assert await outcomes(sender, way, rows) == expected(rows)


ERRORS_IN_A_SUCCESS = {
    "slack": {
        b"invalid_payload": Outcome(uncertain=True, channel=False),
        b'{"ok":false}': Outcome(uncertain=True, channel=False),
        b"": Outcome(uncertain=True, channel=False),
    },
    "slack-bot": {
        b'{"ok":false,"error":"is_archived"}': coded(200, permanent=True),
        b'{"ok":false,"error":"ratelimited"}': coded(200),
        b'{"ok":false,"error":"msg_too_long"}': coded(200, permanent=True, channel=False),
        b"<html>log in to our proxy</html>": coded(200, channel=False, uncertain=True),
    },
}


@pytest.mark.parametrize("name", ERRORS_IN_A_SUCCESS)
async def test_a_success_that_says_it_failed_is_none(sender, name):
    rows = [(body, Reply(200, body), outcome) for body, outcome in ERRORS_IN_A_SUCCESS[name].items()]
    assert await outcomes(sender, name, rows) == expected(rows)


async def test_any_success_is_one_for_a_webhook_whatever_its_body_says(sender):
    """The specification knows the status only; what a body says is kept with the attempt."""
    with Receiver(Reply(200, b'{"error": "we are full"}')) as receiver:
        answer = await sender(WebhookSettings(url=receiver.url))
    assert answer == 'HTTP 200 {"error": "we are full"}'


async def test_an_answer_without_end_is_read_to_its_bound(sender, way):
    taken = {"slack": b"ok", "slack-bot": json.dumps({"ok": True, "ts": "1.1", "channel": "C0123"}).encode()}
    body = taken.get(way, b"") + b" " * 20_000_000
    with Receiver(Reply(200, body)) as receiver:
        answer = await sender(WAYS[way](receiver.url), message=PLAIN)
    assert len(answer) < 300


async def test_one_who_hangs_up_before_it_has_read_the_body_leaves_a_doubt(sender, way):
    with Receiver(Reply(unread=True, reset=True)) as receiver:
        error = await sender.refusal(WAYS[way](receiver.url), message=MESSAGE)
    assert (error.uncertain, error.permanent) == (True, False)


async def test_a_refused_connection_is_tried_again_and_is_not_uncertain(sender, way):
    with Receiver() as receiver:
        url = receiver.url
    error = await sender.refusal(WAYS[way](url), message=MESSAGE)
    assert outcome_of(error) == Outcome()
    assert sender.phases == []


async def test_an_id_is_the_same_at_every_attempt_against_a_flaky_receiver(sender):
    flaky = (Reply(500), Reply(reset=True), Reply(429), Reply(204))
    with Receiver(*flaky) as receiver:
        for _ in flaky[:-1]:
            await sender.refusal(WebhookSettings(url=receiver.url))
        await sender(WebhookSettings(url=receiver.url))
    assert {(each.headers["webhook-id"], each.body) for each in receiver.got} == {(delivery().id, b'{"a":1}')}
    assert len(receiver.got) == 4
