"""Chat services, each played by a real and hostile receiver on loopback: what is sent, and what comes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from pydantic import ValidationError

from monitor.channels import (
    ChannelSettings,
    DiscordSettings,
    MatrixSettings,
    NtfySettings,
    PagerDutySettings,
    TeamsSettings,
    TelegramSettings,
    Tools,
)
from monitor.errors import ChannelError, DeliveryError
from monitor.model import Message
from tests.channels.conftest import Sender
from tests.conftest import FakeClock, delivery
from tests.support.receivers import Receiver, Reply

KEY = "k3y" * 10 + "xx"
MESSAGE = Message(
    subject="Orders & more", text="Some text\n", data={"text": "Orders 12 howitzers", "entities": [{"a": 1}]}
)


@dataclass(frozen=True)
class Service:
    """How to reach a service, what it says when all is well, and what when it is not although it says 200."""

    settings: Callable[[str], ChannelSettings]
    good: dict[str, Any]
    note: str
    error: dict[str, Any]
    status: int = 200
    method: str = "POST"
    path: str = "/"
    adds: tuple[tuple[str, Any], ...] = ()
    secret: str = "tok3nTok3n"


SERVICES = {
    "teams": Service(
        lambda url: TeamsSettings(url=f"{url}/workflows/f10w/triggers/manual/run?sig=tok3nTok3n"),
        {},
        "HTTP 202 accepted by the flow; whether it posted the card is not known",
        {"error": {"code": "InvalidBotAdaptiveCard"}},
        202,
        path="/workflows/f10w/triggers/manual/run?sig=tok3nTok3n",
    ),
    "discord": Service(
        lambda url: DiscordSettings(url=f"{url}/api/webhooks/1/tok3nTok3n?thread_id=5"),
        {"id": "1122", "embeds": [{"description": "x" * 5000}]},
        "HTTP 200 message 1122",
        {"message": "Invalid Form Body", "code": 50035},
        path="/api/webhooks/1/tok3nTok3n?thread_id=5&wait=true",
    ),
    "telegram": Service(
        lambda url: TelegramSettings(token="12:tok3nTok3n", chat_id=-100, url=url),
        {"ok": True, "result": {"message_id": 77}},
        "HTTP 200 message 77",
        {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"},
        path="/bot12:tok3nTok3n/sendMessage",
        adds=(("chat_id", -100),),
    ),
    "ntfy": Service(
        lambda url: NtfySettings(url=f"{url}/tok3nTok3n"),
        {"id": "aBc", "event": "message", "topic": "tok3nTok3n"},
        "HTTP 200 message aBc",
        {"code": 40301, "http": 403, "error": "forbidden"},
        adds=(("topic", "tok3nTok3n"),),
    ),
    "pagerduty": Service(
        lambda url: PagerDutySettings(routing_key=KEY, url=f"{url}/v2/enqueue"),
        {"status": "success", "message": "Event processed", "dedup_key": "sanctions-monitor/s1"},
        "HTTP 202 queued under sanctions-monitor/s1",
        {"status": "invalid event", "errors": ["summary is missing"]},
        202,
        path="/v2/enqueue",
        adds=(("routing_key", KEY),),
        secret=KEY,
    ),
    "matrix": Service(
        lambda url: MatrixSettings(url=url, token="tok3nTok3n", room="!desk:matrix.example"),
        {"event_id": "$e1"},
        "HTTP 200 event $e1",
        {"errcode": "M_UNKNOWN", "error": "no"},
        method="PUT",
        path="/_matrix/client/v3/rooms/!desk:matrix.example/send/m.room.message/0123456789abcdef0123",
    ),
}

SERVED = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
PLAIN = pytest.mark.parametrize(
    "sender", ["aiohttp"], indirect=True
)  # the transport makes no difference here


def well(service: Service) -> Reply:
    return Reply(service.status, json.dumps(service.good).encode())


@SERVED
async def test_a_message_arrives_whole_and_the_answer_proves_it(sender: Sender, service: Service) -> None:
    with Receiver(well(service), well(service)) as receiver:
        settings = service.settings(receiver.url)
        assert await sender(settings, message=MESSAGE) == service.note
        assert await sender(settings, message=MESSAGE) == service.note
    first, second = receiver.got
    assert (first.method, unquote(first.path)) == (service.method, service.path)
    assert json.loads(first.body) == {**MESSAGE.data, **dict(service.adds)}
    assert (first.body, first.path) == (second.body, second.path)  # a repeat is the same bytes
    assert sender.phases == ["data", "data"]


@SERVED
@PLAIN
async def test_a_success_that_proves_nothing_is_none(sender: Sender, service: Service) -> None:
    unproven = (
        b"<html>Welcome to our proxy</html>",
        json.dumps(service.error).encode(),
        *(
            (b"", b"ok", b"\xff\xfe{", b"[1]", b'{"id": null}', b"[" * 60_000)
            if service.note[5:8] != "202"
            else ()
        ),
    )
    for body in unproven:
        with Receiver(Reply(200, body)) as receiver:
            error = await sender.refusal(service.settings(receiver.url), message=MESSAGE)
        assert (error.uncertain, error.permanent, error.code) == (True, False, ""), body
        assert "confirms nothing" in str(error)


#: What comes, and what it means: (permanent, the channel's fault, seconds to wait, uncertain).
HOSTILE: list[tuple[Reply, tuple[bool, bool, float | None, bool]]] = [
    (Reply(429, b"", {"Retry-After": "30"}), (False, True, 30, False)),
    (Reply(429, b"", {"Retry-After": "1.5"}), (False, True, 1.5, False)),
    (Reply(429, b"", {"Retry-After": "Mon, 23 Nov 2026 09:10:00 GMT"}), (False, True, 600, False)),
    (Reply(429, b"", {"Retry-After": "soon"}), (False, True, None, False)),
    (Reply(429, b"", {"Retry-After": "999999999"}), (False, True, 3600, False)),
    (Reply(429, b'{"retry_after": 2.5, "global": true}'), (False, True, 2.5, False)),
    (Reply(429, b'{"ok": false, "parameters": {"retry_after": 7}}'), (False, True, 7, False)),
    (Reply(429, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}'), (False, True, 2.5, False)),
    (Reply(429, b'{"retry_after": 1e400, "retry_after_ms": NaN}'), (False, True, 3600, False)),
    (
        Reply(429, b'{"retry_after": true, "parameters": [], "retry_after_ms": "x"}'),
        (False, True, None, False),
    ),
    (Reply(429, b"<html>error code: 1015</html>", {"Retry-After": "9"}), (False, True, 9, False)),
    (Reply(500, b"\x00\xff<garbage>"), (False, True, None, False)),
    (Reply(503, b"", {"Retry-After": "120"}), (False, True, 120, False)),
    (Reply(502, b"x" * 3_000_000), (False, True, None, False)),
    (Reply(302, b"", {"Location": "/elsewhere"}), (False, True, 3600, False)),
    (Reply(404, b"nothing here"), (True, True, None, False)),
    (Reply(410, b""), (True, True, None, False)),
    (Reply(drop=True), (False, True, None, True)),
    (Reply(reset=True), (False, True, None, True)),
]


@SERVED
@PLAIN
async def test_whatever_comes_means_what_the_tables_say(
    sender: Sender, service: Service, clock: FakeClock
) -> None:
    sender.clock = clock
    for reply, expected in HOSTILE:
        with Receiver(reply) as receiver:
            error = await sender.refusal(service.settings(receiver.url), message=MESSAGE)
        wait = error.retry_after.total_seconds() if error.retry_after else None
        assert (error.permanent, isinstance(error, ChannelError), wait, error.uncertain) == expected, reply
        assert len(receiver.got) == 1  # neither followed nor repeated
        assert len(str(error)) < 400


@SERVED
@PLAIN
async def test_silence_is_uncertain_and_nobody_there_is_not(sender: Sender, service: Service) -> None:
    with Receiver(Reply(hang=True)) as receiver:
        channel: Any = service.settings(receiver.url).build(Tools(http=sender.http))
        impatient = replace(channel._chat.poster, time_limit_s=0.1)
        channel._chat = replace(channel._chat, poster=impatient)
        with pytest.raises(ChannelError) as caught:
            await channel.send(delivery(message=MESSAGE), sender.on_phase)
    assert caught.value.uncertain
    assert not (await sender.refusal(service.settings(receiver.url), message=MESSAGE)).uncertain


@SERVED
@PLAIN
async def test_no_error_gives_a_secret_away(sender: Sender, service: Service) -> None:
    with Receiver() as receiver:
        settings = service.settings(receiver.url)
        receiver.usual = Reply(403, f"no, {service.path} with {service.secret} may not".encode())
        error = await sender.refusal(settings, message=MESSAGE)
    for shown in (str(error), repr(settings), settings.model_dump_json()):
        assert service.secret not in shown
    assert "with … may not" in str(error)


# ---------------------------------------------------------------- what only one of them does

CASES = [
    (
        b"Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429",
        429,
        False,
    ),
    (b"... returned HTTP error 404 with ContextId x", 404, True),
]


@PLAIN
@pytest.mark.parametrize(("body", "status", "permanent"), CASES)
async def test_a_teams_success_that_reports_a_refusal_is_that_refusal(
    sender: Sender, body: bytes, status: int, permanent: bool
) -> None:
    with Receiver(Reply(200, body)) as receiver:
        error = await sender.refusal(SERVICES["teams"].settings(receiver.url), message=MESSAGE)
    assert (error.code, error.permanent, error.uncertain) == (f"HTTP {status}", permanent, False)


@PLAIN
async def test_a_flow_may_have_a_reply_of_its_own(sender: Sender) -> None:
    with Receiver(Reply(200, b'{"posted": true}')) as receiver:
        note = await sender(SERVICES["teams"].settings(receiver.url), message=MESSAGE)
    assert note.startswith("HTTP 200 accepted by the flow")


@PLAIN
async def test_discord_gets_the_bare_words_when_it_dislikes_the_layout(sender: Sender) -> None:
    message = replace(MESSAGE, subject="@everyone ``` <@1> [x](https://evil.example)")
    with Receiver(Reply(400, b'{"code":50035}'), well(SERVICES["discord"])) as receiver:
        note = await sender(SERVICES["discord"].settings(receiver.url), message=message)
    sent = json.loads(receiver.got[1].body)
    assert "as plain text because of" in note
    assert sent["allowed_mentions"] == {"parse": []}
    assert sent["content"].count("```") == 2
    assert len(sent["content"]) <= 2000


@PLAIN
async def test_a_telegram_group_that_has_moved_is_followed_and_reported(
    sender: Sender, clock: FakeClock
) -> None:
    moved = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1009}}
    good = well(SERVICES["telegram"])
    with Receiver(Reply(400, json.dumps(moved).encode()), good, good) as receiver:
        channel = SERVICES["telegram"].settings(receiver.url).build(Tools(http=sender.http, clock=clock))
        notes = [await channel.send(delivery(message=MESSAGE), sender.on_phase) for _ in range(2)]
    assert [json.loads(each.body)["chat_id"] for each in receiver.got] == [-100, -1009, -1009]
    assert notes == ["HTTP 200 message 77; the group has moved: set chat_id = -1009", "HTTP 200 message 77"]


@PLAIN
async def test_a_telegram_group_that_moves_for_ever_is_not_chased(sender: Sender) -> None:
    moved = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1009}}
    with Receiver(usual=Reply(400, json.dumps(moved).encode())) as receiver:
        error = await sender.refusal(SERVICES["telegram"].settings(receiver.url), message=MESSAGE)
    assert error.permanent
    assert len(receiver.got) <= 3


def topic_settings(url: str, topic: int = 42) -> TelegramSettings:
    return TelegramSettings(token="12:tok3nTok3n", chat_id=-100, message_thread_id=topic, url=url)


@PLAIN
async def test_a_message_goes_to_the_topic_of_a_telegram_group(sender: Sender) -> None:
    with Receiver(well(SERVICES["telegram"])) as receiver:
        await sender(topic_settings(receiver.url), message=MESSAGE)
    (sent,) = [json.loads(each.body) for each in receiver.got]
    assert sent == {**MESSAGE.data, "chat_id": -100, "message_thread_id": 42}


@PLAIN
@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("Bad Request: message thread not found", "set message_thread_id, or leave it out"),
        ("Bad Request: TOPIC_DELETED", "set message_thread_id, or leave it out"),
        ("Bad Request: TOPIC_CLOSED", "the topic is closed; open it"),
    ],
)
async def test_a_topic_that_takes_nothing_is_a_fault_of_the_channel(
    sender: Sender, said: str, remedy: str
) -> None:
    refusal = json.dumps({"ok": False, "error_code": 400, "description": said}).encode()
    with Receiver(usual=Reply(400, refusal)) as receiver:
        error = await sender.refusal(topic_settings(receiver.url), message=MESSAGE)
    assert isinstance(error, ChannelError)
    assert (error.permanent, remedy in str(error)) == (True, True)
    assert len(receiver.got) == 1


def test_the_number_of_the_general_topic_is_refused_because_telegram_refuses_it() -> None:
    with pytest.raises(ValidationError, match="1 is the topic General: leave it out"):
        topic_settings("https://api.telegram.org", 1)


@PLAIN
async def test_telegram_gets_the_bare_words_when_it_dislikes_the_layout(sender: Sender) -> None:
    disliked = Reply(400, b'{"ok":false,"description":"Bad Request: can\'t parse entities"}')
    with Receiver(disliked, well(SERVICES["telegram"])) as receiver:
        note = await sender(SERVICES["telegram"].settings(receiver.url), message=MESSAGE)
    assert [json.loads(each.body)["entities"] for each in receiver.got] == [[{"a": 1}], []]
    assert "as plain text because of" in note


@PLAIN
@pytest.mark.parametrize(
    ("keys", "header"),
    [({"token": "tk_abc"}, "Bearer tk_abc"), ({"user": "u", "password": "pä"}, "Basic dTpww6Q="), ({}, None)],
)
async def test_ntfy_gets_the_credentials(sender: Sender, keys: dict[str, str], header: str | None) -> None:
    with Receiver(usual=well(SERVICES["ntfy"])) as receiver:
        await sender(NtfySettings(url=f"{receiver.url}/topic", **keys), message=MESSAGE)
    assert receiver.got[0].headers.get("authorization") == header


@PLAIN
async def test_matrix_keeps_its_token_out_of_the_address(sender: Sender) -> None:
    with Receiver(well(SERVICES["matrix"])) as receiver:
        await sender(SERVICES["matrix"].settings(f"{receiver.url}/"), message=MESSAGE)
    assert receiver.got[0].headers["authorization"] == "Bearer tok3nTok3n"
    assert "tok3n" not in receiver.got[0].path
    assert unquote(receiver.got[0].path) == SERVICES["matrix"].path


@PLAIN
async def test_a_day_of_ntfy_messages_used_up_waits_an_hour(sender: Sender) -> None:
    with Receiver(Reply(429, b'{"code":42908,"http":429}')) as receiver:
        error = await sender.refusal(SERVICES["ntfy"].settings(receiver.url), message=MESSAGE)
    assert error.retry_after == timedelta(hours=1)
    assert isinstance(error, DeliveryError)
