"""Slack's incoming webhooks, played by a real receiver on loopback."""

import json
from datetime import timedelta

import pytest
from pydantic import ValidationError
from slack_sdk.models.blocks import Block

from monitor.channels import SlackSettings
from monitor.channels.slack import payload
from monitor.errors import ChannelError, DeliveryError
from monitor.model import Message
from tests.support.receivers import Receiver, Reply

OK = Reply(200, b"ok")
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Ministry* orders 12 howitzers"}}
MESSAGE = Message(subject="Orders <!channel> & more", text="Some text", blocks=(SECTION, {"type": "divider"}))


async def test_blocks_go_out_as_rendered_with_a_text_for_notifications(sender):
    with Receiver(OK) as receiver:
        answer = await sender(SlackSettings(url=f"{receiver.url}/services/T/B/x"), message=MESSAGE)
    sent = json.loads(receiver.got[0].body)
    assert answer == "HTTP 200 ok"
    assert sent["blocks"] == [SECTION, {"type": "divider"}]
    assert [block.to_dict() for block in Block.parse_all(sent["blocks"])] == sent["blocks"]
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert sent["text"] == "Orders &lt;!channel&gt; &amp; more"
    assert sender.phases == ["data"]


def test_without_blocks_the_text_goes_out_and_rings_nobody():
    sent = json.loads(payload(Message(subject="s", text="<!here> a & b " + "x" * 5000)))
    assert sent["text"].startswith("&lt;!here&gt; a &amp; b x")
    assert len(sent["text"]) < 4000
    assert "blocks" not in sent


def test_more_blocks_than_slack_takes_are_not_sent():
    with pytest.raises(DeliveryError, match="51 blocks") as caught:
        payload(Message(subject="s", text="t", blocks=(SECTION,) * 51))
    assert caught.value.permanent
    payload(Message(subject="s", text="t", blocks=(SECTION,) * 50))


async def test_blocks_that_slack_dislikes_arrive_as_plain_text(sender):
    with Receiver(Reply(400, b"invalid_blocks"), OK) as receiver:
        answer = await sender(SlackSettings(url=receiver.url), message=MESSAGE)
    assert answer == "HTTP 200 ok, as plain text because of 'invalid_blocks'"
    assert json.loads(receiver.got[1].body)["text"] == "Some text"


async def test_a_message_that_slack_dislikes_in_any_form_is_given_up(sender):
    with Receiver(usual=Reply(400, b"invalid_payload")) as receiver:
        error = await sender.refusal(SlackSettings(url=receiver.url), message=MESSAGE)
    assert (error.permanent, isinstance(error, ChannelError), error.code) == (True, False, "HTTP 400")
    assert "templates" in str(error)


async def test_a_hook_that_is_gone_is_the_channels_fault(sender):
    with Receiver(Reply(404, b"no_active_hooks")) as receiver:
        error = await sender.refusal(SlackSettings(url=receiver.url), message=MESSAGE)
    assert (error.permanent, isinstance(error, ChannelError)) == (True, True)
    assert "new incoming webhook" in str(error)


async def test_too_many_messages_wait_as_long_as_slack_says(sender):
    with Receiver(Reply(429, b'{"ok":false,"error":"rate_limited"}', {"Retry-After": "30"})) as receiver:
        error = await sender.refusal(SlackSettings(url=receiver.url), message=MESSAGE)
    assert (error.permanent, error.retry_after) == (False, timedelta(seconds=30))
    assert isinstance(error, ChannelError)


async def test_a_success_that_does_not_say_ok_is_uncertain(sender):
    with Receiver(Reply(200, b"<html>Welcome to our proxy</html>")) as receiver:
        error = await sender.refusal(SlackSettings(url=receiver.url), message=MESSAGE)
    assert (error.uncertain, error.permanent, error.code) == (True, False, "")


async def test_a_lost_answer_is_uncertain(sender):
    with Receiver(Reply(drop=True)) as receiver:
        error = await sender.refusal(SlackSettings(url=receiver.url), message=MESSAGE)
    assert error.uncertain
    assert len(receiver.got) == 1


def test_the_address_is_https_and_never_shown():
    with pytest.raises(ValidationError, match="https://") as caught:
        SlackSettings(url="http://hooks.slack.example/services/T/B/tok3n")
    assert "tok3n" not in str(caught.value)
