"""What the fetcher does for servers that are odd: other manners, evidence of what they say, walls, pages, files."""

import gzip
import hashlib
import pickle
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.config.feeds import feed_table
from monitor.errors import ConfigError, FeedError
from monitor.feeds.base import NO_VALIDATORS, Fetched, NotModified, Saved, Validators
from monitor.feeds.http.fetch import Fetcher, Limits
from monitor.feeds.http.guard import Guard
from monitor.feeds.parsing.worker_pool import _without_secrets
from monitor.model import Request
from tests.feeds.conftest import AGENT, LOOPBACK
from tests.feeds.samples import NOW, RSS, feed, state
from tests.support.servers import Reply, Site, redirect

HASH = hashlib.sha256(RSS).hexdigest()
BROWSERLY = "Mozilla/5.0 (compatible; sanctions-monitor/0; +https://monitor.example)"


def said(site: Site, name: str) -> list[str | None]:
    return [request.headers.get(name) for request in site.requests]


def only_for(agent: str, status: int = 403):
    return lambda request: Reply(RSS) if request.headers["user-agent"] == agent else Reply(status=status)


async def test_a_wall_against_unknown_agents_is_tried_once_with_another_and_remembered(site, fetch):
    site.routes["/"] = only_for(BROWSERLY)
    for _ in range(2):
        assert (await fetch(feed(site.url()), state(), NOW)).body == RSS
    assert said(site, "user-agent") == [AGENT, BROWSERLY, BROWSERLY]


async def test_what_did_not_help_is_not_remembered(site, fetch):
    site.routes["/"] = Reply(status=403)
    for _ in range(2):
        with pytest.raises(FeedError) as caught:
            await fetch(feed(site.url()), state(), NOW)
    assert (caught.value.health, caught.value.status) == ("blocked", 403)
    assert said(site, "user-agent") == [AGENT, BROWSERLY] * 2


async def test_an_agent_that_the_operator_chose_is_not_replaced(site, fetch):
    site.routes["/"] = Reply(status=403)
    with pytest.raises(FeedError):
        await fetch(feed(site.url(), request=Request(user_agent="desk/1")), state(), NOW)
    assert said(site, "user-agent") == ["desk/1"]


async def test_a_body_that_cannot_be_unpacked_is_asked_for_unpacked_and_so_from_then_on(site, fetch):
    broken = Reply(b"\xff" * 99, headers={"Content-Encoding": "br"})
    site.routes["/"] = lambda asked: Reply(RSS) if asked.headers["accept-encoding"] == "identity" else broken
    for _ in range(2):
        assert (await fetch(feed(site.url()), state(), NOW)).body == RSS
    assert said(site, "accept-encoding") == ["gzip, deflate, br, zstd", "identity", "identity"]


async def test_a_page_to_log_in_is_no_feed(site, fetch):
    site.routes["/"] = Reply('<html><title>Welcome</title><input type="password">')
    with pytest.raises(FeedError, match="form to log in") as caught:
        await fetch(feed(site.url()), state(), NOW)
    assert caught.value.health == "blocked"


async def test_headers_and_credentials_go_to_the_feeds_own_origin_only(site, fetch):
    asked = Request(headers=(("X-Key", "secret"),), auth="Bearer secret", user_agent="desk/1")
    with Site({"/": Reply(RSS)}) as other:
        site.routes |= {"/": redirect("/here"), "/here": redirect(other.url())}
        await fetch(feed(site.url(), request=asked), state(), NOW)
        assert said(other, "x-key") == said(other, "authorization") == [None]
        assert said(other, "user-agent") == ["desk/1"]
    assert said(site, "x-key") == ["secret", "secret"]
    assert said(site, "authorization") == ["Bearer secret", "Bearer secret"]


async def test_only_permanent_redirects_move_a_feed(site, fetch):
    site.routes |= {"/a": redirect("/b?t=1", 301), "/b": redirect("/c", 308), "/c": Reply(RSS)}
    got = await fetch(feed(site.url("/a")), state(), NOW)
    assert got.moved_to == site.url("/c")
    assert [value for name, value in got.headers if name == "location"] == [site.url("/b"), site.url("/c")]
    site.routes["/b"] = redirect("/c", 302)
    assert (await fetch(feed(site.url("/a")), state(), NOW)).moved_to == ""
    assert (await fetch(feed(site.url("/c")), state(), NOW)).moved_to == ""


async def test_a_304_gives_its_freshness_too(site, fetch):
    site.routes["/"] = Reply(RSS, etag='"v1"', headers={"Cache-Control": "max-age=600", "Set-Cookie": "a=b"})
    for known in ({}, {"etag": '"v1"'}, {"body_hash": HASH}):
        got = await fetch(feed(site.url()), state(**known), NOW)
        assert got.hint == timedelta(minutes=10)
        assert ("cache-control", "max-age=600") in got.headers
        assert "set-cookie" not in dict(got.headers)


async def test_a_validator_that_lies_is_found_out_once_a_day(site, fetch):
    site.routes["/"] = Reply(RSS, etag='"for ever"')
    known = state(etag='"for ever"', body_hash="other", good_at=NOW - timedelta(hours=24))
    assert (await fetch(feed(site.url()), known, NOW)).validators_lied
    site.routes["/"] = Reply(RSS, etag='"another"')
    assert not (await fetch(feed(site.url()), known, NOW)).validators_lied


@pytest.mark.parametrize(
    "raw",
    [
        b"ICY 200 OK\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    ],
)
async def test_an_answer_that_is_no_http_is_reported(raw, site, fetch):
    site.routes["/"] = Reply(raw=raw)
    with pytest.raises(FeedError, match="broke the rules of HTTP") as caught:
        await fetch(feed(site.url()), state(), NOW)
    assert caught.value.health == "protocol"


# ---------------------------------------------------------------- pages and files


async def test_a_page_is_asked_for_as_it_stands(site, fetch):
    site.routes["/"] = Reply("<html><input type=password>", etag='"v"')
    got = await fetch.page(site.url().replace("http://", "http://user:secret@"), NOW)
    assert (type(got), got.etag) == (Fetched, '"v"')
    assert said(site, "authorization") == said(site, "if-none-match") == [None]
    with pytest.raises(FeedError, match="more than 10 bytes"):
        await fetch.page(site.url(), NOW, Limits(wire_bytes=10))
    with pytest.raises(FeedError) as caught:
        await fetch.page(site.url("/robots.txt"), NOW)
    assert caught.value.status == 404


async def test_a_list_is_saved_unpacked_and_asked_for_again_only_if_it_changed(site, fetch, tmp_path):
    path, body = tmp_path / "list.xml", RSS * 10_000
    site.routes["/"] = Reply(gzip.compress(body), etag='"v1"', headers={"Content-Encoding": "gzip"})
    got = await fetch.save(site.url(), path, NOW, limits=Limits(body_bytes=10_000_000))
    assert (type(got), got.size, got.etag) == (Saved, len(body), '"v1"')
    assert path.read_bytes() == body
    known = Validators(got.etag, got.last_modified, got.body_hash)
    assert isinstance(await fetch.save(site.url(), path, NOW, known), NotModified)
    again = await fetch.save(site.url(), path, NOW, replace(known, etag=None), Limits(body_bytes=10_000_000))
    assert again.proved
    assert [file.name for file in tmp_path.iterdir()] == ["list.xml"]


@pytest.mark.parametrize(
    ("reply", "health"),
    [
        (Reply(RSS, length=len(RSS) + 9), "partial"),
        (Reply(gzip.compress(RSS)[:-9]), "partial"),
        (Reply(gzip.compress(bytes(300_000))), "too_large"),
        (Reply(bytes(60_000)), "too_large"),
        (Reply(b"\xff" * 99, headers={"Content-Encoding": "br"}), "protocol"),
    ],
)
async def test_a_list_that_is_not_whole_leaves_the_old_one(reply, health, site, fetch, tmp_path):
    path = tmp_path / "list.xml"
    path.write_bytes(b"old")
    site.routes["/"] = reply
    with pytest.raises(FeedError) as caught:
        await fetch.save(site.url(), path, NOW, NO_VALIDATORS)
    assert caught.value.health == health
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["list.xml"]


# ---------------------------------------------------------------- proxies and secrets


async def test_a_feed_is_asked_by_its_own_proxy(http, authorities):
    with Site({"http://news.example/feed": Reply(RSS)}) as proxy:
        address = proxy.url("").replace("http://", "http://me:secret@")
        for http2 in (False, True):
            async with Fetcher(http, Guard(), trusted=authorities) as fetch:
                there = feed("http://news.example/feed", request=Request(proxy=address, http2=http2))
                assert (await fetch(there, state(), NOW)).body == RSS
                inside = replace(there, url="http://10.0.0.1/")
                with pytest.raises(FeedError) as caught:
                    await fetch(inside, state(), NOW)
                assert caught.value.health == "guarded"
        assert said(proxy, "proxy-authorization") == ["Basic bWU6c2VjcmV0"] * 2


@pytest.mark.parametrize("http2", [False, True])
async def test_no_secret_is_in_errors_logs_or_reprs(http2, site, http, authorities):
    asked = Request(headers=(("X-Key", "hunter22"),), auth="Bearer hunter22", http2=http2)
    url = site.url("/f?t=hunter22").replace("http://", "http://me:hunter22@")
    site.routes["/f"] = [Reply(status=500), Reply(raw=b"ICY hunter22\r\n\r\n"), redirect("ftp://hunter22@x/")]
    proxied = replace(asked, proxy="http://me:hunter22@127.0.0.1:9")
    with capture_logs() as logs:
        async with Fetcher(http, LOOPBACK, trusted=authorities) as fetch:
            for request in (asked, asked, asked, proxied):
                subject = feed(url, request=request)
                with pytest.raises(FeedError) as caught:
                    await fetch(subject, state(), NOW)
                assert "hunter22" not in f"{caught.value} {caught.value.__cause__} {subject!r}"
    assert "hunter22" not in str(logs)


def test_a_worker_gets_no_secret():
    asked = Request(
        headers=(("X-Key", "hunter22"),),
        auth="Bearer hunter22",
        proxy="http://hunter22@p:1",
        encoding="cp1251",
    )
    subject = feed("https://me:hunter22@a.example/f?t=hunter22", request=asked)
    assert b"hunter22" not in pickle.dumps(_without_secrets(subject))
    assert _without_secrets(subject).request == Request(encoding="cp1251")


def test_the_settings_of_a_feed_keep_their_secrets():
    table = {
        "url": "https://a.example/f",
        "token": "hunter22",
        "proxy": "http://u:hunter22@p:1",
        "http2": True,
    }
    settings = feed_table(table | {"headers": {"X-Key": "hunter22"}})
    assert settings.request == Request(
        headers=(("X-Key", "hunter22"),), auth="Bearer hunter22", proxy="http://u:hunter22@p:1", http2=True
    )
    assert "hunter22" not in f"{settings!r} {settings.table()}"
    assert settings.table()["http2"] is True


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"user": "me"}, "user and password belong together"),
        ({"user": "me", "password": "hunter22", "token": "hunter22"}, "keep one"),
        ({"token": "hunter22", "token_file": "x"}, "both set"),
        ({"token": "hunter\n22"}, "printable ASCII"),
        ({"headers": {"Host": "hunter22"}}, "the fetcher's to say"),
        ({"headers": {"a b": "hunter22"}}, "no name of a header"),
        ({"headers": {"A": "hunter22\r\nB: c"}}, "on one line"),
        ({"proxy": "socks5://hunter22@p:1"}, "write a proxy as"),
        ({"proxy": "http://u:hunter22@p:x"}, "write a proxy as"),
        ({"encoding": "utf-9"}, "no encoding 'utf-9'"),
        ({"url": "seed:x", "http2": True}, "opened, not asked"),
        ({"url": "https://a:hunter22@e.example/", "token": "hunter22"}, "credentials already"),
    ],
)
def test_settings_that_cannot_work_are_refused_without_their_secrets(table, words):
    with pytest.raises(ConfigError) as caught:
        feed_table({"url": "https://a.example/f"} | table)
    assert words in str(caught.value)
    assert "hunter22" not in str(caught.value)


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "t").write_text("hunter22\n")
    assert feed_table({"url": "https://a.example/f", "token_file": str(tmp_path / "t")}).request.auth == (
        "Bearer hunter22"
    )
