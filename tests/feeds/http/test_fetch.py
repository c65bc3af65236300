import base64
import gzip
import hashlib
from dataclasses import replace
from datetime import timedelta

import brotli
import httpx
import pytest

from monitor.errors import FeedError
from monitor.feeds.base import Fetched, NotModified, time_limit
from monitor.feeds.http.fetch import Fetcher
from monitor.feeds.http.guard import Guard
from monitor.feeds.http.transport import client
from monitor.model import Request as FeedRequest
from tests.feeds.conftest import AGENT, LOOPBACK
from tests.feeds.samples import NOW, RSS, feed, state
from tests.support.servers import Reply, Site, redirect

HASH = hashlib.sha256(RSS).hexdigest()
YESTERDAY = NOW - timedelta(hours=24)


async def failure(fetch: Fetcher, url: str) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await fetch(feed(url), state(), NOW)
    assert "secret" not in str(caught.value)
    return caught.value


async def test_a_feed_is_fetched_with_what_is_worth_remembering(site, fetch):
    site.routes["/feed"] = Reply(
        RSS, etag='W/"v1-gzip"', last_modified="Mon, 01 Jan 2041", headers={"Content-Type": "text/xml"}
    )
    got = await fetch(feed(site.url("/feed?token=1")), state(), NOW)
    response_headers = (
        ("etag", 'W/"v1-gzip"'),
        ("last-modified", "Mon, 01 Jan 2041"),
        ("content-type", "text/xml"),
    )
    response_headers += (("content-length", str(len(RSS))),)
    assert replace(got, headers=tuple(sorted(got.headers))) == Fetched(
        body=RSS,
        content_type="text/xml",
        etag='W/"v1-gzip"',
        last_modified="Mon, 01 Jan 2041",
        body_hash=HASH,
        final_url=site.url("/feed?token=1"),
        headers=tuple(sorted(response_headers)),
    )
    (request,) = site.requests
    assert request.headers["user-agent"] == AGENT
    assert request.headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert request.headers["accept"].startswith("application/rss+xml")
    assert "if-none-match" not in request.headers


async def test_validators_go_back_as_they_came(site, fetch):
    site.routes["/"] = Reply(RSS, etag='W/"v1"', last_modified="sometime")
    got = await fetch(feed(site.url()), state(etag='W/"v1"', last_modified="sometime"), NOW)
    assert (got.etag, got.last_modified, got.proved) == ('W/"v1"', "sometime", False)
    assert site.requests[0].headers["if-none-match"] == 'W/"v1"'
    assert site.requests[0].headers["if-modified-since"] == "sometime"


async def test_the_same_etag_on_a_full_answer_is_no_change(site, fetch):
    site.routes["/"] = Reply(RSS, headers={"ETag": '"v1"'})
    got = await fetch(feed(site.url()), state(etag='"v1"'), NOW)
    assert (type(got), got.etag, got.proved) == (NotModified, '"v1"', False)


async def test_the_same_body_is_no_change_and_proves_it(site, fetch):
    site.routes["/"] = Reply(RSS, etag='"v2"')
    got = await fetch(feed(site.url()), state(etag='"v1"', body_hash=HASH), NOW)
    assert (type(got), got.etag, got.proved) == (NotModified, '"v2"', True)


async def test_once_a_day_a_server_is_asked_without_validators(site, fetch):
    site.routes["/"] = Reply(RSS, etag='"for ever"')
    got = await fetch(feed(site.url()), state(etag='"for ever"', good_at=YESTERDAY), NOW)
    assert isinstance(got, Fetched)
    assert "if-none-match" not in site.requests[0].headers


async def test_a_304_to_a_question_that_was_not_asked_is_an_error(site, fetch):
    site.routes["/"] = Reply(status=304)
    assert "HTTP 304" in str(await failure(fetch, site.url()))


@pytest.mark.parametrize(
    ("reply", "health", "wait"),
    [
        (Reply(status=404), "http", None),
        (Reply(status=410), "gone", None),
        (Reply(status=403), "blocked", None),
        (Reply(status=500), "http", None),
        (Reply(status=429, headers={"Retry-After": "120"}), "throttled", timedelta(minutes=2)),
        (
            Reply(status=503, headers={"Retry-After": "Mon, 23 Nov 2026 10:00:00 GMT"}),
            "throttled",
            timedelta(hours=1),
        ),
    ],
)
async def test_a_refusal_carries_its_health_and_its_retry_time(reply, health, wait, site, fetch):
    site.routes["/feed"] = reply
    error = await failure(fetch, site.url("/feed?token=secret"))
    assert (error.health, error.retry_after) == (health, wait)
    assert str(error).startswith(f"{site.url('/feed')} answers HTTP {reply.status}; ")


async def test_redirects_are_followed_five_times(site, fetch):
    site.routes |= {
        f"/{n}": redirect(f"/{n + 1}", status) for n, status in enumerate((301, 302, 303, 307, 308))
    }
    site.routes["/5"] = Reply(RSS)
    got = await fetch(feed(site.url("/0")), state(), NOW)
    assert got.final_url == site.url("/5")
    site.routes["/5"] = redirect("/6")
    assert "redirects more than 5 times" in str(await failure(fetch, site.url("/0")))
    assert site.asked("/6") == []


@pytest.mark.parametrize(
    ("location", "health", "words"),
    [
        ("file:///etc/passwd", "http", "no web address"),
        ("gopher://127.0.0.1/", "http", "no web address"),
        ("", "http", "no web address"),
        ("http://256.1.1.1/", "http", "no web address"),
        ("http://10.0.0.1/?token=secret", "guarded", "polling.allow_hosts"),
        ("http://2130706434/", "guarded", "polling.allow_hosts"),
        ("http://user:secret@[::1]/", "guarded", "polling.allow_hosts"),
    ],
)
async def test_a_redirect_out_of_the_public_web_is_refused(location, health, words, site, fetch):
    site.routes["/"] = redirect(location)
    error = await failure(fetch, site.url())
    assert error.health == health
    assert words in str(error)


async def test_a_redirect_from_encryption_to_none_is_refused(site, fetch):
    error = None
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(301, headers={"Location": site.url()}))
    ) as http:
        error = await failure(Fetcher(http, Guard()), "https://news.example/feed?token=secret")
    assert "without encryption" in str(error)


async def test_a_host_opened_to_one_feed_is_not_open_to_redirects_from_outside():
    with Site({"/": Reply(RSS)}) as inside:
        answers = httpx.MockTransport(lambda _: httpx.Response(302, headers={"Location": inside.url()}))
        async with httpx.AsyncClient(transport=answers) as http:
            error = await failure(Fetcher(http, Guard([inside.host])), "http://news.example/")
    assert error.health == "guarded"
    assert inside.requests == []


async def test_credentials_go_to_their_own_host_only(site, fetch):
    with Site({"/": Reply(RSS)}) as other:
        site.routes |= {"/": redirect("/here"), "/here": redirect(other.url())}
        got = await fetch(feed(site.url().replace("http://", "http://user:p%40ss@")), state(), NOW)
        assert got.final_url == other.url()
        assert "authorization" not in other.requests[0].headers
    given = "Basic " + base64.b64encode(b"user:p@ss").decode()
    assert [request.headers.get("authorization") for request in site.requests] == [given, given]


async def test_credentials_in_a_redirect_are_not_used(site, fetch):
    site.routes |= {
        "/": redirect(site.url("/here").replace("http://", "http://user:secret@")),
        "/here": Reply(RSS),
    }
    assert (await fetch(feed(site.url()), state(), NOW)).final_url == site.url("/here")
    assert "authorization" not in site.requests[1].headers


@pytest.mark.parametrize(
    "reply",
    [
        Reply(gzip.compress(RSS), headers={"Content-Encoding": "gzip"}),
        Reply(gzip.compress(RSS[:9]) + gzip.compress(RSS[9:]), headers={"Content-Encoding": "gzip"}),
        Reply(gzip.compress(RSS), headers={"Content-Type": "application/x-gzip"}),
        Reply(RSS, headers={"Content-Encoding": "gzip"}),
        Reply(brotli.compress(RSS), headers={"Content-Encoding": "br"}),
    ],
    ids=["gzip", "members", "undeclared", "not packed at all", "br"],
)
async def test_packed_bodies_are_unpacked(reply, site, fetch):
    site.routes["/"] = reply
    got = await fetch(feed(site.url()), state(), NOW)
    assert (got.body, got.body_hash, got.partial) == (RSS, HASH, False)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(gzip.compress(RSS)[:-12], headers={"Content-Encoding": "gzip"}),
        Reply(RSS, length=len(RSS) + 100),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(RSS), RSS)),
    ],
    ids=["gzip cut", "length lies", "no last chunk"],
)
async def test_an_answer_that_broke_off_is_partial(reply, site, fetch):
    site.routes["/"] = reply
    got = await fetch(feed(site.url()), state(), NOW)
    assert got.partial
    assert got.body
    assert RSS.startswith(got.body)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(bytes(60_000)), "more than 50,000 bytes"),
        (Reply(b"x", length=60_000, drip=1), "more than 50,000 bytes"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n" + bytes(60_000)), "more than 50,000 bytes"),
        (
            Reply(gzip.compress(bytes(30_000_000)), headers={"Content-Encoding": "gzip"}),
            "unpacks to more than 200,000 bytes",
        ),
    ],
    ids=["declared", "declared and never sent", "undeclared", "bomb"],
)
async def test_what_is_too_large_is_refused(reply, words, site, fetch):
    site.routes["/"] = reply
    error = await failure(fetch, site.url("/?token=secret"))
    assert error.health == "too_large"
    assert words in str(error)


async def test_an_encoding_that_was_not_asked_for_is_named(site, fetch):
    site.routes["/"] = Reply(b"\x0b\x02\x80", headers={"Content-Encoding": "compress"})
    error = await failure(fetch, site.url())
    assert error.health == "protocol"
    assert "'compress'" in str(error)
    assert [request.headers["accept-encoding"] for request in site.requests][1:] == ["identity"]


@pytest.mark.parametrize("drip", [0, 10])
async def test_a_drip_does_not_outlast_the_deadline(drip, site, fetch):
    site.routes["/feed"] = Reply(RSS, drip=drip)
    there = feed(site.url("/feed?token=secret"))
    with pytest.raises(FeedError, match=r"did not finish answering within 0\.1 s") as caught:
        async with time_limit(there, 0.1):
            await fetch(there, state(), NOW)
    assert caught.value.health == "timeout"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("http2", [False, True])
async def test_a_request_on_an_idle_connection_that_closes_is_sent_again_on_a_new_one(
    site, http, authorities, http2
):
    site.routes["/feed"] = [Reply(RSS), Reply(raw=b""), Reply(RSS), Reply(raw=b"")]
    asked = feed(site.url("/feed"), request=FeedRequest(http2=http2))
    async with Fetcher(http, LOOPBACK, trusted=authorities) as fetch:
        for _ in range(2):
            assert (await fetch(asked, state(), NOW)).body == RSS
        assert len(site.requests) == 3
        with pytest.raises(FeedError) as caught:
            await fetch(asked, state(), NOW)
    assert (caught.value.health, len(site.requests)) == ("protocol", 5)


async def test_a_connection_serves_again_after_a_deadline(site, fetch):
    site.routes["/"] = [Reply(RSS, drip=1), Reply(RSS)]
    with pytest.raises(FeedError):
        async with time_limit(feed(site.url()), 0.1):
            await fetch(feed(site.url()), state(), NOW)
    assert (await fetch(feed(site.url()), state(), NOW)).body == RSS


@pytest.mark.parametrize("url", ["http://", "https://256.1.1.1/", "nonsense", "ftp://127.0.0.1/"])
async def test_an_address_that_cannot_be_asked_for_is_named(url, fetch):
    error = await failure(fetch, url)
    assert error.health == "protocol"


async def test_a_feed_that_the_guard_forbids_is_not_asked(site):
    async with client(Guard(), AGENT) as http:
        for host in (site.host, f"localhost:{site.port}"):
            error = await failure(Fetcher(http, Guard()), f"http://user:secret@{host}/feed?token=secret")
            assert error.health == "guarded"
            assert "polling.allow_hosts" in str(error)
            assert host.partition(":")[0] in str(error)
    assert site.requests == []


async def test_a_feed_on_the_disk_is_read_the_same_way(fetch, tmp_path):
    (tmp_path / "feed.xml").write_bytes(RSS)
    got = await fetch(feed(f"file:{tmp_path}/feed.xml"), state(), NOW)
    assert (got.body, got.body_hash) == (RSS, HASH)
    assert await fetch(feed(f"file:{tmp_path}/feed.xml"), state(body_hash=HASH), NOW) == NotModified(
        proved=True
    )


async def test_a_large_compressed_body_is_inflated_whole(site, http):
    noise = RSS + b"".join(
        hashlib.sha256(bytes([n % 256, n // 256])).hexdigest().encode() for n in range(9_000)
    )
    packed = gzip.compress(noise, 1)
    assert len(packed) > 200_000
    site.routes["/"] = Reply(packed, headers={"Content-Encoding": "gzip"})
    got = await Fetcher(http, Guard([site.host]))(feed(site.url()), state(), NOW)
    assert got.body == noise
