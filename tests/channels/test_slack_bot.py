"""An app's bot in Slack, played by a real receiver on loopback."""

import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from monitor.channels import SlackBotSettings, Tools
from monitor.channels.answers.base import BUSY
from monitor.channels.answers.slack import MISRENDERED, SLACK_API, UNTHREADED, slack_api_meaning
from monitor.channels.slack_bot import Receipt, receipt_in
from monitor.errors import ChannelError, DeliveryError
from monitor.model import Message
from tests.conftest import delivery
from tests.support.receivers import Receiver, Reply

TOKEN = "xoxb-1-tok3n"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Ministry* orders 12 howitzers"}}
MESSAGE = Message(subject="Orders <!channel> & more", text="Some text", blocks=(SECTION,))


def said(**data):
    return Reply(200, json.dumps(data).encode())


def taken(ts="1764061200.000100", **more):
    return said(ok=True, channel="C0123", ts=ts, **more)


def refused(word):
    return said(ok=False, error=word)


class Bot:
    """A bot in one channel, which was answered to each story what `answers` say."""

    def __init__(self, sender, receiver, answers=(), **changes):
        plain = {"token": TOKEN, "to": "C0123", "api": f"{receiver.url}/api/"}
        self._settings = SlackBotSettings(**plain | changes)
        self._sender, self._receiver, self._answers = sender, receiver, answers
        self.asked = []

    async def receipts(self, channel, story):
        self.asked.append((channel, story))
        return self._answers

    async def __call__(self, **changes):
        tools = Tools(http=self._sender.http, clock=self._sender.clock, receipts=self.receipts)
        owed = delivery(**{"message": MESSAGE, "story": "s1"} | changes)
        return await self._settings.build(tools).send(owed, self._sender.on_phase)

    async def refusal(self, **changes):
        with pytest.raises(DeliveryError) as caught:
            await self(**changes)
        return caught.value

    @property
    def posts(self):
        return [
            json.loads(each.body) for each in self._receiver.got if each.path.endswith("chat.postMessage")
        ]


async def test_the_first_message_of_a_story_says_where_it_is(sender):
    with Receiver(taken()) as receiver:
        bot = Bot(sender, receiver)
        assert await bot() == "ok, message 1764061200.000100 in C0123"
    (request,) = receiver.got
    assert (request.path, request.headers["authorization"]) == ("/api/chat.postMessage", f"Bearer {TOKEN}")
    (post,) = bot.posts
    assert (post["channel"], post["blocks"], post["unfurl_links"]) == ("C0123", [SECTION], False)
    assert post["text"] == "Orders &lt;!channel&gt; &amp; more"
    assert post["metadata"]["event_payload"] == {"id": delivery().id}
    assert "thread_ts" not in post
    assert bot.asked == [("desk", "s1")]
    assert sender.phases == ["data"]


@pytest.mark.parametrize("broadcast", [True, False])
async def test_what_is_new_of_a_story_answers_its_first_message(sender, broadcast):
    answers = ("ok, message 17.1 in C0123", "ok, message 18.1 in C0123")
    with Receiver(taken("19.1")) as receiver:
        bot = Bot(sender, receiver, answers, broadcast=broadcast)
        await bot()
    assert (bot.posts[0]["thread_ts"], bot.posts[0]["reply_broadcast"]) == ("17.1", broadcast)


@pytest.mark.parametrize("changes", [{"kind": "digest"}, {"story": ""}, {"kind": "canary"}])
async def test_what_is_no_alert_of_a_story_is_in_no_thread(sender, changes):
    with Receiver(taken()) as receiver:
        bot = Bot(sender, receiver, ("ok, message 17.1 in C0123",))
        await bot(**changes)
    assert "thread_ts" not in bot.posts[0]


RECEIPTS = [
    ((), None),
    (("HTTP 200 ok",), None),
    (("ok, message 17.1 in C999",), None),
    (("printed", "ok, message 18.1 in C0123, found there"), Receipt("C0123", "18.1")),
    (
        ("ok, message 17.1 in C0123, as plain text because of 'x'", "ok, message 18.1 in C0123"),
        Receipt("C0123", "17.1"),
    ),
]


@pytest.mark.parametrize(("answers", "receipt"), RECEIPTS)
def test_a_receipt_is_read_from_the_first_answer_that_has_one(answers, receipt):
    assert receipt_in(answers, "C0123") == receipt
    if receipt:
        assert receipt_in((receipt.answer,), "C0123") == receipt


@pytest.mark.parametrize("word", [word for word in SLACK_API if SLACK_API[word] is UNTHREADED])
async def test_a_thread_that_is_gone_does_not_keep_the_message_back(sender, word):
    with Receiver(refused(word), taken("19.1")) as receiver:
        bot = Bot(sender, receiver, ("ok, message 17.1 in C0123",))
        assert await bot() == f"ok, message 19.1 in C0123, outside its thread because of '{word}'"
    assert ["thread_ts" in post for post in bot.posts] == [True, False]


async def test_blocks_that_slack_dislikes_arrive_as_plain_text(sender):
    with Receiver(refused("invalid_blocks"), taken()) as receiver:
        bot = Bot(sender, receiver)
        assert (await bot()).endswith("as plain text because of 'invalid_blocks'")
    assert ("blocks" in bot.posts[1], bot.posts[1]["text"]) == (False, "Some text")


async def test_a_repeat_searches_the_channel_before_it_posts(sender):
    there = [{"ts": "9.1"}, {"ts": "17.5", "metadata": {"event_payload": {"id": delivery().id}}}]
    with Receiver(said(ok=True, messages=there)) as receiver:
        bot = Bot(sender, receiver)
        assert await bot(attempts=1) == "ok, message 17.5 in C0123, found there"
    (request,) = receiver.got
    assert request.path == "/api/conversations.history"
    asked = parse_qs(request.body.decode())
    assert asked["oldest"] == [f"{delivery().created_at.timestamp() - 60:.6f}"]
    assert (bot.posts, sender.phases) == ([], [])


async def test_a_repeat_in_a_thread_searches_the_thread(sender):
    with Receiver(said(ok=True, messages=[]), taken("19.1")) as receiver:
        bot = Bot(sender, receiver, ("ok, message 17.1 in C0123",))
        assert await bot(attempts=2) == "ok, message 19.1 in C0123"
    assert receiver.got[0].path == "/api/conversations.replies"
    assert parse_qs(receiver.got[0].body.decode())["ts"] == ["17.1"]


SEARCHES = [
    refused("missing_scope"),
    said(ok=True),
    said(ok=True, messages=["x", {"metadata": 1}, {"metadata": {"event_payload": []}}]),
    Reply(429, b"", {"Retry-After": "60"}),
    Reply(200, b"<html>"),
    Reply(drop=True),
]


@pytest.mark.parametrize("search", SEARCHES)
async def test_a_failed_search_does_not_stop_the_post(sender, search):
    with Receiver(search, taken()) as receiver:
        assert await Bot(sender, receiver)(attempts=1) == "ok, message 1764061200.000100 in C0123"


async def test_too_many_messages_wait_as_long_as_slack_says(sender):
    with Receiver(Reply(429, b'{"ok":false,"error":"ratelimited"}', {"Retry-After": "30"})) as receiver:
        error = await Bot(sender, receiver).refusal()
    assert (error.permanent, error.uncertain, error.retry_after) == (False, False, timedelta(seconds=30))
    assert isinstance(error, ChannelError)


async def test_a_bot_that_may_not_speak_says_what_to_do(sender):
    with Receiver(refused("not_in_channel")) as receiver:
        error = await Bot(sender, receiver).refusal()
    assert (error.permanent, isinstance(error, ChannelError)) == (True, True)
    assert "not_in_channel" in str(error)
    assert "invite it" in str(error)


async def test_an_error_within_slack_may_have_left_the_message(sender):
    with Receiver(refused("internal_error")) as receiver:
        assert (await Bot(sender, receiver).refusal()).uncertain


@pytest.mark.parametrize(
    "body", [b"ok", b"<html>Welcome to our proxy</html>", b"[]", b"{}", b'{"ok":"true"}', b"\xff"]
)
async def test_a_success_that_is_not_slacks_is_uncertain(sender, body):
    with Receiver(Reply(200, body)) as receiver:
        error = await Bot(sender, receiver).refusal()
    assert (error.uncertain, error.permanent) == (True, False)


@pytest.mark.parametrize("strange", [{"ts": "x' OR 1"}, {"ts": 7}, {"channel": "ok, message 1.1 in C1"}])
async def test_a_strange_receipt_is_not_kept(sender, strange):
    data = {"ok": True, "channel": "C0123", "ts": "1.1"} | strange
    with Receiver(said(**data)) as receiver:
        assert await Bot(sender, receiver)() == "ok, message 0 in UNKNOWN"


async def test_the_token_is_in_no_error(sender):
    with Receiver(Reply(500, f"bad token {TOKEN}".encode())) as receiver:
        error = await Bot(sender, receiver).refusal()
    assert "tok3n" not in str(error)


def test_every_word_has_one_meaning_and_no_other_word_stops_the_channel():
    assert {slack_api_meaning(word) for word in SLACK_API} >= {BUSY, MISRENDERED, UNTHREADED}
    assert all(meaning.channel or meaning in {MISRENDERED, UNTHREADED} for meaning in SLACK_API.values())
    unknown = slack_api_meaning("something_new")
    assert (unknown.permanent, unknown.channel, unknown.tries) == (False, True, 7)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"to": "#general"}, "to"),
        ({"to": "c0123"}, "to"),
        ({"token": "two words"}, "one line"),
        ({"api": "http://slack.example/api"}, "api must begin with https"),
    ],
)
def test_unusable_settings_are_refused(given, said):
    with pytest.raises(ValidationError, match=said) as caught:
        SlackBotSettings(**{"token": TOKEN, "to": "C0123"} | given)
    assert "tok3n" not in str(caught.value)
