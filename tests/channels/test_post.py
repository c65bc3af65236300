"""One POST and its answer, over both transports that httpx may have."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import trustme

from monitor.channels.post import Poster, excerpt, redacted, refusal, retry_after_in, retry_after_of
from monitor.errors import ChannelError, DeliveryError
from tests.conftest import NOW
from tests.support.receivers import Receiver, Reply

SECRET = "/services/T000/B000/tok3nTok3n?key=anotherSecret"


def poster(sender, receiver, **changes):
    return Poster(http=sender.http, url=httpx.URL(f"{receiver.url}{SECRET}"), **changes)


async def test_the_body_arrives_whole_and_with_its_length(sender):
    body = "ü".encode() * 300_000
    with Receiver() as receiver:
        await poster(sender, receiver).post(body, {"X-Own": "1"}, sender.on_phase)
    (request,) = receiver.got
    assert request.body == body
    assert request.path == SECRET
    assert request.headers["content-length"] == str(len(body))
    assert "transfer-encoding" not in request.headers
    assert (request.headers["x-own"], request.headers["accept-encoding"]) == ("1", "identity")


async def test_a_redirect_is_an_answer_and_is_not_followed(sender):
    with Receiver() as elsewhere, Receiver(Reply(302, b"", {"Location": elsewhere.url})) as receiver:
        answer = await poster(sender, receiver).post(b"{}", {}, sender.on_phase)
    assert (answer.status, elsewhere.got) == (302, [])
    error = refusal(answer, NOW)
    assert (error.permanent, isinstance(error, ChannelError), error.tries) == (False, True, 7)


async def test_what_an_error_page_repeats_of_the_address_is_taken_out(sender):
    page = f"<pre>Cannot POST {SECRET} for tok3nTok3n</pre>".encode() + b"x" * 10_000
    with Receiver(Reply(404, page)) as receiver:
        answer = await poster(sender, receiver).post(b"{}", {}, sender.on_phase)
    text = str(refusal(answer, NOW))
    assert "Cannot POST" in text
    assert "tok3n" not in text
    assert "anotherSecret" not in text
    assert len(answer.excerpt) <= 200


async def test_nobody_there_means_nothing_was_sent(sender):
    with Receiver() as receiver:
        gone = poster(sender, receiver)
    with pytest.raises(ChannelError) as caught:
        await gone.post(b"{}", {}, sender.on_phase)
    assert not caught.value.uncertain
    assert str(caught.value).startswith("127.0.0.1: no connection")
    assert sender.phases == []


async def test_a_connection_lost_after_the_body_is_uncertain(sender):
    with Receiver(Reply(drop=True)) as receiver, pytest.raises(ChannelError) as caught:
        await poster(sender, receiver).post(b"{}", {}, sender.on_phase)
    assert caught.value.uncertain
    assert str(caught.value) == "127.0.0.1: the connection was lost before an answer came"


async def test_silence_ends_at_the_deadline_and_is_uncertain(sender):
    with Receiver(Reply(hang=True)) as receiver, pytest.raises(ChannelError) as caught:
        await poster(sender, receiver, time_limit_s=0.2).post(b"{}", {}, sender.on_phase)
    assert caught.value.uncertain
    assert "no answer within 0.2 s" in str(caught.value)


async def test_a_name_that_does_not_resolve_is_not_shown_with_its_path(sender):
    with pytest.raises(ChannelError) as caught:
        await Poster(http=sender.http, url=httpx.URL(f"https://nowhere.invalid{SECRET}")).post(
            b"{}", {}, sender.on_phase
        )
    assert "tok3n" not in str(caught.value)
    assert "nowhere.invalid" in str(caught.value)


async def test_a_certificate_that_nobody_vouches_for_is_named(sender, tls_url):
    with pytest.raises(DeliveryError, match="certificate is not valid") as caught:
        await Poster(http=sender.http, url=httpx.URL(tls_url)).post(b"{}", {}, sender.on_phase)
    assert not caught.value.uncertain


@pytest.fixture
async def tls_url():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)

    async def nothing(incoming, outgoing):
        outgoing.close()

    server = await asyncio.start_server(nothing, "127.0.0.1", 0, ssl=context)
    yield f"https://localhost:{server.sockets[0].getsockname()[1]}/"
    server.close()
    await server.wait_closed()


WAITS = [
    ("30", 30),
    (" 1.5 ", 1.5),
    ("0", None),
    ("-5", None),
    ("", None),
    ("soon", None),
    ("7200", 3600),
    ("999999999", 3600),
    ("9" * 40, None),
    ("Mon, 23 Nov 2026 09:10:00 GMT", 600),
    ("Mon, 23 Nov 2026 09:10:00", 600),
    ("Mon, 23 Nov 2026 08:00:00 GMT", None),
    ("Tue, 24 Nov 2026 09:00:00 GMT", 3600),
    ("Mon, 99 Nov 2026 09:10:00 GMT", None),
]


@pytest.mark.parametrize(("header", "seconds"), WAITS)
def test_retry_after_is_read_as_seconds_or_date_and_bounded(header, seconds):
    assert retry_after_in(header, NOW) == (None if seconds is None else timedelta(seconds=seconds))


WAITS_IN_JSON = [
    ({"retry_after": 2}, 2),
    ({"retry_after": 0.5}, 0.5),
    ({"parameters": {"retry_after": 7}}, 7),
    ({"retry_after_ms": 2500}, 2.5),
    ({"retry_after": 7200}, 3600),
    ({"retry_after": 10**400}, 3600),
    ({"retry_after": float("inf")}, 3600),
    ({"retry_after": float("nan")}, None),
    ({"retry_after": -1}, None),
    ({"retry_after": True}, None),
    ({"retry_after": "soon"}, None),
    ({"retry_after": 0, "retry_after_ms": 1000}, 1),
    ({"parameters": [7]}, None),
    ({}, None),
]


@pytest.mark.parametrize(("data", "seconds"), WAITS_IN_JSON)
def test_a_wait_may_be_asked_for_in_the_answer_itself(data, seconds):
    assert retry_after_of(data) == (None if seconds is None else timedelta(seconds=seconds))


def test_retry_after_knows_the_zone_of_now():
    assert retry_after_in(
        "Mon, 23 Nov 2026 09:10:00 GMT", datetime(2026, 11, 23, 9, 9, tzinfo=UTC)
    ) == timedelta(minutes=1)


def test_an_excerpt_is_one_printable_line():
    assert excerpt("a\r\n\tb\x1b[31mc\0") == "a b [31mc"
    assert len(excerpt("x" * 999)) == 200


def test_user_and_password_of_an_address_are_redacted():
    url = httpx.URL("https://radar:hunter2hunter2@h.example/a%20long%20path")
    said = redacted("for radar:hunter2hunter2 at /a long path and /a%20long%20path", url)
    assert "hunter2" not in said
    assert "long path" not in said
    assert "long%20path" not in said


class Broken(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request):
        raise httpx.ConnectTimeout(f"could not reach {request.url}")


async def test_a_fault_without_a_known_cause_is_still_a_sentence():
    async with httpx.AsyncClient(transport=Broken()) as http:
        with pytest.raises(ChannelError) as caught:
            await Poster(http=http, url=httpx.URL(f"https://h.example{SECRET}")).post(b"{}", {}, None)
    assert str(caught.value) == "h.example: no connection"
