"""Chains of redirects: their cookies, their ends, and the causes that an error names."""

import pytest

from monitor.errors import FeedError
from monitor.feeds.http.fetch import Fetcher
from monitor.model import Request as FeedRequest
from tests.feeds.samples import NOW, RSS, feed, state
from tests.support.servers import Reply, Request, Site, redirect


def consent(cookie: str = "seen=yes; Path=/", location: str = "/feed") -> Reply:
    return Reply(status=302, headers={"Location": location, "Set-Cookie": cookie})


def only_with(cookie: str, otherwise: Reply):
    """Return a route that gives the feed to whoever sends a cookie."""

    def answer(request: Request) -> Reply:
        return Reply(RSS) if cookie in request.headers.get("cookie", "").split("; ") else otherwise

    return answer


async def refusal(fetch: Fetcher, url: str) -> str:
    with pytest.raises(FeedError) as caught:
        await fetch(feed(url), state(), NOW)
    assert "hunter22" not in str(caught.value)
    return str(caught.value)


async def test_a_cookie_set_by_a_redirect_to_itself_is_sent_back(site: Site, fetch: Fetcher):
    site.routes["/feed"] = only_with("seen=yes", consent())
    got = await fetch(feed(site.url("/feed")), state(), NOW)
    assert (got.body, len(site.requests)) == (RSS, 2)


async def test_cookies_end_with_the_chain(site: Site, fetch: Fetcher):
    site.routes["/feed"] = only_with("seen=yes", consent())
    for _ in range(2):
        await fetch(feed(site.url("/feed")), state(), NOW)
    assert ["cookie" in request.headers for request in site.requests] == [False, True, False, True]
    await fetch(feed(site.url("/feed"), request=FeedRequest(headers=(("Cookie", "own=1"),))), state(), NOW)
    assert site.requests[-1].headers["cookie"] == "own=1; seen=yes"


async def test_a_cookie_goes_to_no_other_host(site: Site, fetch: Fetcher):
    with Site({"/feed": Reply(RSS)}) as other:
        there = other.url("/feed").replace("127.0.0.1", "localhost")
        site.routes["/feed"] = consent("seen=hunter22; Path=/; Domain=localhost", there)
        await fetch(feed(site.url("/feed")), state(), NOW)
        assert "cookie" not in other.requests[0].headers


async def test_the_cookies_of_a_feed_are_sent_to_its_own_origin_only(site: Site, fetch: Fetcher):
    subject = feed(site.url("/feed"), request=FeedRequest(cookies=(("session", "hunter22"), ("seen", "no"))))
    with Site({"/feed": Reply(RSS)}) as other:
        site.routes["/feed"] = [consent(), redirect(other.url("/feed"))]
        await fetch(subject, state(), NOW)
        assert "hunter22" not in other.requests[0].headers["cookie"]
    sent = [request.headers["cookie"] for request in site.requests]
    assert sent == ["session=hunter22; seen=no", "session=hunter22; seen=yes"]


async def test_redirects_that_go_on_in_spite_of_their_cookies_say_so(site: Site, fetch: Fetcher):
    site.routes["/feed"] = consent("session=hunter22; Path=/")
    reason = await refusal(fetch, site.url("/feed"))
    assert f"redirects more than 5 times, again and again to {site.url('/feed')}" in reason
    assert "it gets back its cookies (session) and sets them again" in reason


async def test_redirects_in_a_circle_say_so(site: Site, fetch: Fetcher):
    site.routes |= {"/a": redirect("/b"), "/b": redirect("/a")}
    reason = await refusal(fetch, site.url("/a"))
    assert f"again and again to {site.url('/b')}" in reason
    assert "cookies" not in reason


@pytest.mark.parametrize("location", ["javascript:alert(1)", "http://[::1", "http://\udcff"])
async def test_a_redirect_to_what_is_no_address_is_refused(location: str, site: Site, fetch: Fetcher):
    site.routes["/feed"] = Reply(
        status=302, headers={"Location": location.encode("utf-8", "replace").decode("latin-1")}
    )
    assert site.url("/feed") in await refusal(fetch, site.url("/feed"))


# ---------------------------------------------------------------- equal lengths


def answer(*lengths: str) -> Reply:
    fields = "".join(f"Content-Length: {length}\r\n" for length in lengths)
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\n{fields}\r\n"  # as this server does: raw answers end it
    return Reply(raw=head.encode() + RSS)


@pytest.mark.parametrize(
    "lengths", [(f"{len(RSS)}",) * 2, (f"{len(RSS)}",) * 3, (f"{len(RSS)}, {len(RSS)}",)]
)
async def test_equal_lengths_are_one_length(lengths: tuple[str, ...], site: Site, fetch: Fetcher):
    site.routes["/feed"] = answer(*lengths)
    for requests in (2, 3):  # what worked for a host is tried first the next time
        got = await fetch(feed(site.url("/feed")), state(), NOW)
        assert (got.body, got.partial, len(site.requests)) == (RSS, False, requests)


async def test_different_lengths_are_refused(site: Site, fetch: Fetcher):
    site.routes["/feed"] = answer(f"{len(RSS)}", "7")
    assert "broke the rules of HTTP" in await refusal(fetch, site.url("/feed"))
