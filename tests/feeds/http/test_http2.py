"""HTTP/2 with a server written with h2, over TLS on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import h2.config
import h2.connection
import h2.events
import pytest
import trustme

from monitor.errors import FeedError
from monitor.feeds.http.clients import Clients
from monitor.feeds.http.fetch import Fetcher
from monitor.feeds.http.guard import Guard
from monitor.model import Request
from tests.feeds.conftest import LOOPBACK
from tests.feeds.samples import NOW, RSS, feed, state
from tests.support.servers import Reply

HTTP2 = Request(http2=True)


class Server:
    """Answers every stream with RSS; `asked` are the header lists it saw. With `cut`, it hangs up midway.

    With `closes_idle` it closes the connection at the next bytes instead of an answer.
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.connections = 0
        self.cut = False
        self.closes_idle = False

    async def serve(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await stream.read(65_536):
            if self.closes_idle:
                self.closes_idle = False
                break
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self.answer(connection, event)
            writer.write(connection.data_to_send())
            if self.cut and self.asked:
                break
        writer.close()

    def answer(self, connection: h2.connection.H2Connection, event: h2.events.RequestReceived) -> None:
        self.asked.append(dict(event.headers))
        connection.send_headers(event.stream_id, [(":status", "200"), ("etag", '"v1"')])
        connection.send_data(event.stream_id, RSS, end_stream=not self.cut)


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


@asynccontextmanager
async def served(ca: trustme.CA) -> AsyncIterator[tuple[Server, str]]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1", "localhost").configure_cert(tls)
    tls.set_alpn_protocols(["h2"])
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield server, f"https://localhost:{port}/feed"
    finally:
        listening.close()


def trusting(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca.configure_trust(context)
    return context


async def test_a_feed_may_be_asked_in_http2(ca, http):
    async with served(ca) as (server, url), Fetcher(http, LOOPBACK, trusted=trusting(ca)) as fetch:
        for _ in range(2):
            got = await fetch(feed(url, request=HTTP2), state(), NOW)
            assert (got.body, got.etag) == (RSS, '"v1"')
    assert server.connections == 1
    assert server.asked[0][":path"] == "/feed"
    assert "connection" not in server.asked[0]


async def test_what_broke_off_in_http2_is_partial(ca, http):
    async with served(ca) as (server, url), Fetcher(http, LOOPBACK, trusted=trusting(ca)) as fetch:
        server.cut = True
        got = await fetch(feed(url, request=HTTP2), state(), NOW)
    assert got.partial
    assert got.body == RSS


async def test_a_request_on_an_idle_connection_that_closes_is_sent_again_on_a_new_one(ca, http):
    async with served(ca) as (server, url), Fetcher(http, LOOPBACK, trusted=trusting(ca)) as fetch:
        await fetch(feed(url, request=HTTP2), state(), NOW)
        server.closes_idle = True
        got = await fetch(feed(url, request=HTTP2), state(), NOW)
    assert (got.body, server.connections) == (RSS, 2)


async def test_a_new_connection_that_closes_without_an_answer_is_an_error(ca, http):
    async with served(ca) as (server, url), Fetcher(http, LOOPBACK, trusted=trusting(ca)) as fetch:
        server.closes_idle = True
        with pytest.raises(FeedError) as caught:
            await fetch(feed(url, request=HTTP2), state(), NOW)
    assert (caught.value.health, server.connections) == ("protocol", 1)


async def test_http2_goes_where_the_guard_allows_and_nowhere_else(ca, http):
    async with served(ca) as (server, url), Fetcher(http, Guard(), trusted=trusting(ca)) as fetch:
        for place in (url, url.replace("localhost", "127.0.0.1"), url.replace("localhost", "2130706433")):
            with pytest.raises(FeedError, match=r"polling\.allow_hosts") as caught:
                await fetch(feed(place, request=HTTP2), state(), NOW)
            assert caught.value.health == "guarded"
    assert server.connections == 0


async def test_the_client_itself_refuses_what_the_fetcher_would(http, authorities):
    clients = Clients(http, Guard(), authorities)
    for request in (
        HTTP2,
        Request(proxy="http://127.0.0.1:9"),
        Request(proxy="http://127.0.0.1:9", http2=True),
    ):
        with pytest.raises(Exception, match=r"refused|loopback") as caught:
            await clients(request).get("http://127.0.0.1:9/")
        assert "allow_hosts" in str(caught.value.__cause__) or "allow_hosts" in str(caught.value)
    await clients.close()


async def test_an_untrusted_certificate_is_reported_in_http2_as_well(ca, http, authorities):
    async with served(ca) as (_, url), Fetcher(http, LOOPBACK, trusted=authorities) as fetch:
        with pytest.raises(FeedError, match=r"certificate is not trusted") as caught:
            await fetch(feed(url, request=HTTP2), state(), NOW)
    assert caught.value.health == "tls"


@pytest.mark.parametrize(
    ("url", "health"), [("http://no-such-host.invalid/", "dns"), ("http://127.0.0.1:9/", "protocol")]
)
async def test_an_unreachable_host_is_reported_in_http2_as_well(url, health, http, authorities):
    async with Fetcher(http, LOOPBACK, trusted=authorities) as fetch:
        with pytest.raises(FeedError) as caught:
            await fetch(feed(url, request=HTTP2), state(), NOW)
    assert caught.value.health == health


async def test_a_server_without_http2_is_asked_in_http1(site, http, authorities):
    site.routes["/"] = Reply(RSS, length=len(RSS) + 9)
    async with Fetcher(http, LOOPBACK, trusted=authorities) as fetch:
        got = await fetch(feed(site.url(), request=HTTP2), state(), NOW)
    assert (got.body, got.partial) == (RSS, True)
