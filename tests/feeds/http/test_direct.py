"""GETs sent without httpx: the same guard, certificates and errors, and connections used again."""

import socket
import ssl

import httpx
import pytest
import trustme

from monitor.feeds.http.causes import cause_of
from monitor.feeds.http.connections import origin_of
from monitor.feeds.http.direct import request_bytes
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.limits import NO_HOSTS
from monitor.feeds.http.transport import DirectClient, client
from tests.feeds.conftest import AGENT, LOOPBACK
from tests.feeds.http.test_guard import Names
from tests.feeds.http.test_transport import BROKEN
from tests.support.servers import Reply, Site

OK = Reply(b"fine")


async def got(http: httpx.AsyncClient, url: str, **headers: str) -> tuple[int, bytes]:
    """Return the status and the body of a response."""
    assert isinstance(http, DirectClient)
    async with http.get_direct(httpx.URL(url), headers) as response:
        return response.status, b"".join([chunk async for chunk in response.body])


async def failure(http: httpx.AsyncClient, url: str) -> tuple[type[Exception], str, str]:
    """Return what a request fails with: the error, its health, its words."""
    with pytest.raises(httpx.TransportError) as caught:
        await got(http, url)
    health, words = cause_of(caught.value)
    assert "secret" not in str(caught.value) + words
    return type(caught.value), health, words


async def test_requests_of_one_host_share_a_connection(site, http):
    site.routes["/"] = OK
    peers = set()
    for _ in range(3):
        assert await got(http, site.url()) == (200, b"fine")
        peers |= {each.getpeername() for each in site.open}
    assert len(peers) == 1


async def test_a_connection_whose_body_was_not_read_is_not_used_again(site, http):
    site.routes["/"] = OK
    for _ in range(2):
        async with http.get_direct(httpx.URL(site.url()), {}) as response:
            assert response.status == 200
    assert len(site.requests) == 2


@pytest.mark.parametrize("kept", [NO_HOSTS, frozenset({"other.example"})])
async def test_a_host_that_is_not_kept_gets_a_connection_for_each_request(site, kept):
    site.routes["/"] = OK
    async with client(LOOPBACK, AGENT, kept_hosts=kept) as http:
        for _ in range(2):
            assert await got(http, site.url()) == (200, b"fine")
    assert len(site.requests) == 2


async def test_the_headers_of_the_client_are_sent_where_the_request_names_none(site, http):
    site.routes["/f"] = OK
    await got(http, site.url("/f?a=%2F&b=%20"), **{"accept-encoding": "br", "if-none-match": '"v"'})
    (request,) = site.requests
    assert request.path == "/f?a=%2F&b=%20"
    assert set(request.names) == {
        *("Host", "Accept", "Connection", "User-Agent", "Accept-Encoding", "If-None-Match")
    }
    assert (request.headers["user-agent"], request.headers["accept-encoding"]) == (AGENT, "br")


def test_a_header_cannot_end_its_line():
    for value in ("a\r\nHost: b", "a\nb", "a\rb"):
        with pytest.raises(ValueError, match="end of a line"):
            request_bytes(httpx.URL("http://a.example/"), {"X": value})


async def test_informational_responses_are_passed_over(site, http):
    site.routes["/"] = Reply(
        raw=b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    )
    assert await got(http, site.url()) == (200, b"hi")


async def test_a_body_without_a_length_ends_with_its_connection(site, http):
    site.routes["/"] = Reply(raw=b"HTTP/1.0 200 OK\r\n\r\nall of it")
    assert await got(http, site.url()) == (200, b"all of it")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001"),
        *("[::1]", "[::ffff:127.0.0.1]", "localhost"),
    ],
)
async def test_no_spelling_of_loopback_is_reached_without_leave(host, site):
    async with client(Guard(), AGENT) as http:
        with pytest.raises(httpx.TransportError):
            await got(http, f"http://{host}:{site.port}/?token=secret")
    assert site.requests == []


async def test_a_number_in_an_unusual_spelling_is_no_address(site):
    for host in ("127.1", "2130706433", "0x7f000001"):
        async with client(Guard([host]), AGENT) as http:
            assert (await failure(http, f"http://{host}:{site.port}/"))[0] == httpx.UnsupportedProtocol
    assert site.requests == []


async def test_names_are_resolved_through_the_guard(site):
    site.routes["/"] = OK
    names = Names(**{"named.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
    async with client(Guard([f"named.test:{site.port}"]), AGENT, resolver=names) as http:
        assert (await got(http, f"http://named.test:{site.port}/"))[1] == b"fine"
        kind, health, words = await failure(http, f"http://other.test:{site.port}/?token=secret")
        names.hosts["named.test"] = ["10.0.0.1"]
        assert (await got(http, f"http://named.test:{site.port}/"))[1] == b"fine"  # kept for a minute
    assert (kind, health) == (httpx.ConnectError, "guarded")
    assert "other.test is at 127.0.0.1" in words
    assert len(site.requests) == 2


async def test_the_next_address_of_a_name_is_tried(site):
    site.routes["/"] = OK
    names = Names(**{"named.test": ["127.0.0.99", "127.0.0.1"]})
    async with client(Guard(["named.test"]), AGENT, resolver=names) as http:
        assert await got(http, f"http://named.test:{site.port}/") == (200, b"fine")


async def test_what_fails_is_said_as_with_httpx(http):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = await failure(http, f"http://127.0.0.1:{unused.getsockname()[1]}/?token=secret")
    assert closed == (httpx.ConnectError, "protocol", "the connection was not accepted: connection refused")
    async with client(LOOPBACK, AGENT, resolver=Names(**{"empty.test": []})) as other:
        for name in ("nowhere.test", "empty.test"):
            kind, health, words = await failure(other, f"http://{name}/?token=secret")
            assert (kind, health) == (httpx.ConnectError, "dns")
            assert words.startswith("the host name does not resolve")


@pytest.mark.parametrize(("raw", "kind"), BROKEN.values(), ids=BROKEN)
async def test_a_protocol_error_is_reported(raw, kind, site, http):
    site.routes["/"] = Reply(raw=raw)
    assert (await failure(http, site.url("/?token=secret")))[:2] == (kind, "protocol")


async def test_certificates_are_verified(http):
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    verify = ssl.create_default_context()
    ca.configure_trust(verify)
    with Site({"/": OK}, tls=context) as secure:
        async with client(LOOPBACK, AGENT, verify=verify) as trusting:
            assert await got(trusting, secure.url()) == (200, b"fine")
            assert (await failure(trusting, f"https://localhost:{secure.port}/"))[1] == "tls"
        kind, health, words = await failure(http, secure.url("/?token=secret"))
    assert (kind, health) == (httpx.ConnectError, "tls")
    assert words.startswith("the certificate is not trusted: ")


def test_only_addresses_of_the_web_have_an_origin():
    for scheme, host in (("ftp", "a.example"), ("http", "")):
        with pytest.raises(httpx.UnsupportedProtocol):
            origin_of(scheme, host, None)
    assert (origin_of("https", "a.example", None).port, origin_of("http", "a.example", 81).port) == (443, 81)
