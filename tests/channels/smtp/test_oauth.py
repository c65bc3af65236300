"""Signing in with a token instead of a password: to a real mail server, with a real token endpoint."""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import ValidationError

from monitor.channels import EmailSettings, Tools
from monitor.channels.answers.oauth import OAUTH, oauth_meaning
from monitor.channels.smtp.oauth import TokenCommand, _discard_output
from monitor.channels.smtp.submission import refusal_in
from monitor.errors import ChannelError
from monitor.feeds.http.authorities import trusted_authorities
from tests.conftest import delivery
from tests.support.receivers import Receiver, Reply
from tests.support.servers_mail import USER, MailServer

PLAIN = {"host": "localhost", "sender": "radar@news.example", "to": ("desk@desk.example",)}
BY_TOKEN = {"auth": "xoauth2", "user": USER}


@pytest.fixture
def server():
    with MailServer(ways=("PLAIN", "LOGIN", "XOAUTH2"), tokens={"good"}) as server:
        yield server


class Desk:
    """One channel, which remembers its token from mail to mail."""

    def __init__(self, tools, settings):
        self._channel = settings.build(tools)

    async def __call__(self):
        return await self._channel.send(delivery(recipient="desk@desk.example"), nothing)

    async def refusal(self):
        with pytest.raises(ChannelError) as caught:
            await self()
        return caught.value


@pytest.fixture
async def desk(server, tmp_path, clock):
    """Return what makes a channel of settings."""
    ca = tmp_path / "ca.pem"
    server.authority.cert_pem.write_to_path(str(ca))
    usual = PLAIN | BY_TOKEN | {"port": server.port, "ca_file": ca}
    async with httpx.AsyncClient(verify=trusted_authorities(), trust_env=False) as http:
        yield lambda **changes: Desk(Tools(http=http, clock=clock), EmailSettings(**usual | changes))


@pytest.fixture
async def tokens(clock):
    """Return what makes the tokens of settings, without a mail server."""
    async with httpx.AsyncClient(verify=trusted_authorities(), trust_env=False) as http:
        yield lambda **given: EmailSettings(**PLAIN | BY_TOKEN | given).tokens(Tools(http=http, clock=clock))


async def refusal(tokens):
    with pytest.raises(ChannelError) as caught:
        await tokens.get()
    return caught.value


async def nothing(phase):
    pass


def endpoint(receiver, **changes):
    return {"token_url": f"{receiver.url}/token", "client_id": "radar-app", "client_secret": "hush"} | changes


def granted(token, seconds=3600, **more):
    return Reply(
        200,
        json.dumps({"access_token": token, "expires_in": seconds, "token_type": "Bearer"} | more).encode(),
    )


async def test_a_token_from_a_file_is_read_anew_each_time(server, desk, tmp_path):
    path = tmp_path / "token"
    path.write_text("good\n")
    send = desk(token_file=path)
    await send()
    path.write_text("renewed")
    server.tokens = {"renewed"}
    await send()
    assert server.shown == ["good", "renewed"]
    assert [mail.user for mail in server.mails] == [USER, USER]


async def test_a_command_prints_the_token_and_no_shell_reads_its_words(server, desk):
    server.tokens = {"$(id)>x;good"}
    await desk(token_command=(sys.executable, "-c", "import sys; print(sys.argv[1])", "$(id)>x;good"))()
    assert server.shown == ["$(id)>x;good"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('s3cret'); sys.exit(3)", "failed with exit code 3"),
        ("print('two', 'words')", "gave no token"),
        ("pass", "gave no token"),
        ("import sys; sys.stdout.write('x' * 10_000_000)", "gave no token"),
        ("print('naïve')", "gave no token"),
    ],
)
async def test_what_a_command_prints_is_bounded_and_appears_nowhere(tokens, code, said):
    error = await refusal(tokens(token_command=(sys.executable, "-c", code)))
    assert said in str(error)
    assert "s3cret" not in str(error)
    assert "two words" not in str(error)
    assert not error.permanent


async def test_a_command_that_does_not_end_is_stopped():
    with pytest.raises(ChannelError, match=r"did not end within 0\.1 s"):
        await TokenCommand(("sleep", "60"), time_limit_s=0.1).get()


async def test_a_killed_command_whose_output_nobody_has_read_has_an_end():
    process = await asyncio.create_subprocess_exec("yes", stdout=asyncio.subprocess.PIPE, limit=1)
    assert await process.stdout.read(1) == b"y"  # by the limit, no more is read from the pipe
    process.kill()
    await _discard_output(process)
    assert process.returncode == -signal.SIGKILL


async def test_a_stopped_command_leaves_no_child(tmp_path):
    os.mkfifo(tmp_path / "alive")
    script = f"(echo here; sleep 60) > {tmp_path}/alive & wait"
    command = asyncio.create_task(TokenCommand(("sh", "-c", script)).get())
    alive = await asyncio.to_thread(os.open, tmp_path / "alive", os.O_RDONLY)
    assert await asyncio.to_thread(os.read, alive, 100) == b"here\n"
    command.cancel()
    assert await asyncio.to_thread(os.read, alive, 100) == b""  # no process has the other end open
    os.close(alive)
    with pytest.raises(asyncio.CancelledError):
        await command


async def test_a_command_that_is_not_there_is_named(tokens):
    error = await refusal(tokens(token_command=("./no-such-command", "s3cret")))
    assert str(error) == "token_command: ./no-such-command cannot be run: No such file or directory"


async def test_a_token_is_kept_until_shortly_before_it_expires(server, desk, clock):
    server.tokens = {"one", "two"}
    with Receiver(granted("one"), granted("two")) as receiver:
        send = desk(**endpoint(receiver, scope="https://mail.example/.default"))
        await send()
        await send()
        clock.advance(minutes=57)
        await send()
        clock.advance(minutes=2)
        await send()
    assert server.shown == ["one", "one", "one", "two"]
    form = {key: value for key, (value,) in parse_qs(receiver.got[0].body.decode()).items()}
    assert form == {
        "client_id": "radar-app",
        "client_secret": "hush",
        "grant_type": "client_credentials",
        "scope": "https://mail.example/.default",
    }
    assert receiver.got[0].headers["content-type"] == "application/x-www-form-urlencoded"


async def test_a_refresh_token_that_is_replaced_is_used_from_then_on(server, desk, clock):
    server.tokens = {"one", "two"}
    with Receiver(granted("one", refresh_token="second"), granted("two")) as receiver:
        send = desk(**endpoint(receiver, client_secret=None, refresh_token="first"))
        await send()
        clock.advance(hours=1)
        await send()
    forms = [parse_qs(request.body.decode()) for request in receiver.got]
    assert [form["refresh_token"] for form in forms] == [["first"], ["second"]]
    assert {form["grant_type"][0] for form in forms} == {"refresh_token"}


async def test_a_withdrawn_token_is_renewed_once_and_shown_in_the_same_conversation(server, desk):
    with Receiver(granted("withdrawn"), granted("good")) as receiver:
        await desk(**endpoint(receiver))()
    assert server.shown == ["withdrawn", "good"]
    assert len(server.mails) == 1


async def test_a_token_that_is_refused_twice_says_why_in_the_servers_own_words(server, desk):
    with Receiver(granted("bad"), granted("worse")) as receiver:
        error = await desk(**endpoint(receiver)).refusal()
    assert server.shown == ["bad", "worse"]
    assert (error.permanent, error.code) == (True, "535 5.7.8")
    assert "(status 401, scope https://mail.example/)" in str(error)
    assert "worse" not in str(error)


async def test_the_same_token_is_not_shown_twice(server, desk, tmp_path):
    path = tmp_path / "token"
    path.write_text("bad")
    await desk(token_file=path).refusal()
    assert server.shown == ["bad"]


async def test_a_server_that_takes_no_tokens_is_shown_none(server, desk, tmp_path):
    server.ways = ("PLAIN",)
    path = tmp_path / "token"
    path.write_text("good")
    error = await desk(token_file=path).refusal()
    assert error.permanent
    assert "XOAUTH2" in str(error)
    assert server.shown == []


ANSWERS = [
    (
        Reply(400, b'{"error": "invalid_grant", "error_description": "AADSTS1: expired\\r\\nTrace: 1"}'),
        True,
        "invalid_grant: AADSTS1: expired",
    ),
    (Reply(401, b'{"error": "invalid_client"}'), True, "client_secret"),
    (Reply(503, b"busy", {"Retry-After": "30"}), False, "HTTP 503"),
    (Reply(429, b'{"error": "invalid_grant"}', {"Retry-After": "30"}), False, "HTTP 429"),
    (Reply(404, b"<html>"), False, "HTTP 404"),
    (Reply(302, b"", {"Location": "https://elsewhere.example/"}), False, "redirects"),
    (Reply(200, b"<html>welcome</html>"), False, "without access_token"),
    (Reply(200, b'{"access_token": "two words"}'), False, "without access_token"),
    (Reply(200, b'{"access_token": 7}'), False, "without access_token"),
    (Reply(200, b"[]"), False, "without access_token"),
    (Reply(drop=True), False, "the connection was lost"),
]


@pytest.mark.parametrize(("reply", "permanent", "said"), ANSWERS)
async def test_an_endpoint_that_gives_no_token_is_the_channels_fault_and_leaves_no_doubt(
    tokens, reply, permanent, said
):
    with Receiver(reply) as receiver:
        error = await refusal(tokens(**endpoint(receiver)))
    assert (error.permanent, error.uncertain) == (permanent, False)
    assert said in str(error)
    assert "Trace" not in str(error)
    if "Retry-After" in reply.headers:
        assert error.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("lasting", "kept"),
    [("3600", True), (None, True), ("soon", True), (0, False), (-5, True), (float("nan"), True)],
)
async def test_how_long_a_token_lasts_may_be_written_in_any_way(tokens, lasting, kept):
    with Receiver(usual=granted("good", lasting)) as receiver:
        asked = tokens(**endpoint(receiver))
        assert [await asked.get(), await asked.get()] == ["good", "good"]
    assert len(receiver.got) == (1 if kept else 2)


@pytest.mark.parametrize("word", OAUTH)
def test_every_word_of_a_token_endpoint_has_a_meaning(word):
    meaning = oauth_meaning(400, word)
    assert meaning.channel
    assert meaning.permanent == (word not in {"slow_down", "server_error", "temporarily_unavailable"})
    assert not oauth_meaning(500, word).permanent


@pytest.mark.parametrize("challenge", ["", "%%%", "e30=", "W10=", "bm8=", "/w=="])
def test_a_challenge_without_a_reason_adds_none(challenge):
    assert refusal_in(challenge) == ""


MISTAKES = [
    ({}, "needs user and one of token_command"),
    ({"token_file": "t", "user": ""}, "needs user"),
    ({"token_file": "t", "password": "p"}, "no password"),
    ({"token_file": "t", "token_command": ("x",)}, "both set"),
    (
        {"token_url": "http://login.example/t", "client_id": "a", "client_secret": "b"},
        "token_url must begin with https",
    ),
    ({"token_url": "https://login.example/t"}, "needs client_id"),
    ({"token_url": "https://login.example/t", "client_id": "a"}, "client_secret or refresh_token"),
    ({"token_file": "t", "auth": "password", "user": ""}, 'not auth = "xoauth2"'),
]


@pytest.mark.parametrize(("given", "said"), MISTAKES)
def test_half_a_way_to_sign_in_is_a_mistake(given, said):
    with pytest.raises(ValidationError, match=said):
        EmailSettings(**PLAIN | BY_TOKEN | given)


def test_secrets_of_the_token_endpoint_do_not_show():
    shown = repr(
        EmailSettings(
            **PLAIN
            | BY_TOKEN
            | {
                "token_url": "https://l.example/t",
                "client_id": "a",
                "client_secret": "hush",
                "refresh_token": "hush",
            }
        )
    )
    assert "hush" not in shown
