import gzip
import socket
import ssl

import httpx
import pytest
import trustme

from monitor.feeds.http.causes import cause_of
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from tests.feeds.conftest import AGENT, LOOPBACK
from tests.feeds.http.test_guard import Names
from tests.support.servers import Reply, Site, redirect

OK = Reply(b"fine")

#: Responses that break the rules of HTTP, and the error that tells of each.
BROKEN = {
    "hung up": (b"", httpx.ReadError),
    "not http": (b"ICY 200 OK\r\n\r\nx", httpx.RemoteProtocolError),
    "no status": (b"<rss></rss>", httpx.RemoteProtocolError),
    "bad header": (
        b"HTTP/1.1 200 OK\r\nBad Header: x\r\nContent-Length: 1\r\n\r\nx",
        httpx.RemoteProtocolError,
    ),
    "too short": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", httpx.ReadError),
    "broken chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx", httpx.ReadError),
}


async def failure(http: httpx.AsyncClient, url: str) -> tuple[type[Exception], str, str]:
    """What a request fails with: the error, its health, its words."""
    with pytest.raises(httpx.TransportError) as caught:
        await http.get(url)
    health, words = cause_of(caught.value)
    assert "secret" not in str(caught.value) + words
    return type(caught.value), health, words


async def test_every_name_goes_through_the_guarded_resolver(site):
    site.routes["/"] = OK
    names = Names(**{"named.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
    async with client(Guard([f"named.test:{site.port}"]), AGENT, resolver=names) as http:
        assert (await http.get(f"http://named.test:{site.port}/")).text == "fine"
        kind, health, words = await failure(http, f"http://other.test:{site.port}/?token=secret")
    assert (kind, health) == (httpx.ConnectError, "guarded")
    assert "other.test is at 127.0.0.1" in words
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
    ],
)
async def test_no_spelling_of_loopback_passes_without_leave(host, site):
    async with client(Guard(), AGENT) as http:
        kind, health, words = await failure(http, f"http://{host}:{site.port}/?token=secret")
    assert (kind, health) == (httpx.ConnectError, "guarded")
    assert "polling.allow_hosts" in words
    assert site.requests == []


async def test_proxies_of_the_environment_are_no_way_around(site, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, site.url())
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with client(LOOPBACK, AGENT, resolver=Names()) as http:
        assert (await failure(http, "http://outside.test/"))[1] == "dns"
    assert site.requests == []


async def test_proxies_of_the_environment_are_used_when_asked_for(site, monkeypatch):
    site.routes["http://outside.test/"] = OK
    monkeypatch.setenv("http_proxy", site.url())
    monkeypatch.delenv("no_proxy", raising=False)
    async with client(LOOPBACK, AGENT, trust_env=True) as http:
        assert (await http.get("http://outside.test/")).text == "fine"
        assert (await failure(http, "http://10.0.0.1/"))[1] == "guarded"


async def test_a_redirect_is_an_answer_like_any_other(site, http):
    site.routes |= {"/": redirect("/next"), "/next": OK}
    assert (await http.get(site.url())).status_code == 302
    assert len(site.requests) == 1


async def test_bodies_come_as_they_were_sent(site, http):
    packed = gzip.compress(b"x" * 1_000)
    site.routes["/"] = Reply(packed, headers={"Content-Encoding": "gzip"})
    async with http.stream("GET", site.url()) as response:
        assert b"".join([chunk async for chunk in response.aiter_raw()]) == packed


async def test_header_names_are_written_as_browsers_write_them(site, http):
    site.routes["/"] = OK
    await http.post(site.url(), headers={"if-none-match": '"v"', "webhook-id": "1"}, content=b"body")
    (request,) = site.requests
    assert {"Host", "User-Agent", "Accept-Encoding", "If-None-Match", "Webhook-Id"} <= set(request.names)
    assert request.headers["user-agent"] == AGENT
    assert request.headers["accept-encoding"] == "gzip, deflate"
    assert request.body == b"body"


async def test_cookies_are_not_kept(site, http):
    site.routes["/"] = Reply(b"fine", headers={"Set-Cookie": "id=1; Path=/"})
    await http.get(site.url())
    await http.get(site.url())
    assert "cookie" not in site.requests[1].headers


async def test_many_and_long_header_fields_are_read(site, http):
    site.routes["/"] = Reply(
        b"fine", headers={f"X-{n}": "v" * 20 for n in range(500)} | {"X-Long": "v" * 30_000}
    )
    assert len((await http.get(site.url())).headers) > 500


@pytest.fixture
def ca():
    return trustme.CA()


@pytest.fixture
def secure(ca):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1", "named.test").configure_cert(context)
    with Site({"/": OK}, tls=context) as site:
        yield site


async def test_a_trusted_certificate_is_accepted(secure, ca):
    verify = ssl.create_default_context()
    ca.configure_trust(verify)
    async with client(LOOPBACK, AGENT, verify=verify) as http:
        assert (await http.get(secure.url())).text == "fine"


async def test_a_certificate_of_nobody_is_refused_in_words(secure, http):
    kind, health, words = await failure(http, secure.url("/?token=secret"))
    assert (kind, health) == (httpx.ConnectError, "tls")
    assert words.startswith("the certificate is not trusted: ")


async def test_a_certificate_for_another_name_is_refused(secure, ca):
    verify = ssl.create_default_context()
    ca.configure_trust(verify)
    async with client(LOOPBACK, AGENT, verify=verify) as http:
        assert (await failure(http, f"https://localhost:{secure.port}/"))[1] == "tls"


async def test_a_closed_port_is_reported(http):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        kind, health, words = await failure(http, f"http://127.0.0.1:{unused.getsockname()[1]}/?token=secret")
    assert (kind, health) == (httpx.ConnectError, "protocol")
    assert words == "the connection was not accepted: connection refused"


async def test_a_name_that_does_not_resolve_is_reported():
    async with client(LOOPBACK, AGENT, resolver=Names()) as http:
        kind, health, words = await failure(http, "http://nowhere.test/?token=secret")
    assert (kind, health) == (httpx.ConnectError, "dns")
    assert words.startswith("the host name does not resolve")


@pytest.mark.parametrize(("raw", "kind"), BROKEN.values(), ids=BROKEN)
async def test_a_protocol_error_is_reported(raw, kind, site, http):
    site.routes["/"] = Reply(raw=raw)
    assert (await failure(http, site.url("/?token=secret")))[:2] == (kind, "protocol")


async def test_a_server_that_does_not_answer_is_reported(site, http):
    site.routes["/"] = Reply(b"xx", drip=1)
    http.timeout = httpx.Timeout(0.05)
    assert (await failure(http, site.url("/?token=secret")))[:2] == (httpx.ReadTimeout, "timeout")
