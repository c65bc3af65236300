"""Hazards 1 to 26: what servers and networks do to an answer."""

import gzip
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from tests.conftest import FakeClock
from tests.hazards.program import NEWS, XML, Hazard, aim, assert_hazard, entry, program, replies, rss
from tests.support.policies import change_alerts
from tests.support.servers import Reply, Site, redirect

GOOD = rss(entry())
OTHER = rss(entry("Football club wins", "n2"), entry())
ZIPPED = {"Content-Encoding": "gzip", **XML}
BOMB = gzip.compress(b"<rss>" + b" " * 30_000_000, 1)
HALF = rss(entry("First", "n1"), entry("Second", "n2"), entry("Third", "n3")).encode()
FAR, PAST = "Wed, 01 Jan 2031 00:00:00 GMT", "Wed, 01 Jan 2020 00:00:00 GMT"


def raw(head: str, body: bytes = b"") -> Reply:
    return Reply(raw=head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)


def wait_of(retry_after: str, status: int = 429) -> Reply:
    return Reply(b"", status, headers={"Retry-After": retry_after})


#: Lets one name of this machine lead to another.
LOCAL = 'allow_hosts = ["localhost"]'

HAZARDS = [
    Hazard("01 a gzip bomb", replies(Reply(BOMB, headers=ZIPPED), GOOD), ("too_large", "ok"), (NEWS,)),
    Hazard("02 a body that drips for ever", replies(Reply(GOOD, drip=50), GOOD), ("timeout", "ok"), (NEWS,), polling='deadline = "3s"'),
    Hazard("03 gzip announced, plain sent", (Reply(GOOD, headers=ZIPPED),), ("ok",), (NEWS,)),
    Hazard("04 gzip sent, not announced", (Reply(gzip.compress(GOOD.encode()), headers=XML),), ("ok",), (NEWS,)),
    Hazard("04 gzip twice over", (Reply(gzip.compress(gzip.compress(GOOD.encode())), headers=ZIPPED),), ("ok",), (NEWS,)),
    Hazard("05 gzip that breaks off", replies(Reply(gzip.compress(HALF + b" " * 9000)[:-20], etag='"x"', headers=ZIPPED), HALF), ("partial", "ok"), ("First", "Second", "Third")),
    Hazard("06 gzip in several members", (Reply(gzip.compress(GOOD.encode()[:90]) + gzip.compress(GOOD.encode()[90:]), headers=ZIPPED),), ("ok",), (NEWS,)),
    Hazard("07 a status line of another protocol", replies(raw("ICY 200 OK\nContent-Type: text/xml", GOOD.encode()), GOOD), ("protocol", "ok"), (NEWS,)),
    Hazard("07 two lengths that disagree", replies(*[raw(f"HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: {len(GOOD)}", GOOD.encode())] * 2, GOOD), ("protocol", "ok"), (NEWS,)),
    Hazard("08 a body shorter than announced", replies(Reply(HALF, length=len(HALF) + 500, etag='"x"', headers=XML), HALF), ("partial", "ok"), ("First", "Second", "Third")),
    Hazard("09 hundreds of header fields", (Reply(GOOD, headers={**XML, **{f"X-Field-{n}": "v" for n in range(400)}}),), ("ok",), (NEWS,)),
    Hazard("10 a page of a wall", replies(OTHER, Reply("<!doctype html><html><title>Just a moment...</title></html>", headers={"Content-Type": "text/html", "cf-mitigated": "challenge"}), OTHER), ("ok", "blocked", "not_modified"), (NEWS, "Football club wins")),
    Hazard("10 a page to log in", replies(Reply('<!doctype html><html><form><input type="password"></form></html>'), GOOD), ("blocked", "ok"), (NEWS,)),
    Hazard("10 a page", replies(Reply("<!doctype html><html><body>Maintenance</body></html>"), GOOD), ("html", "ok"), (NEWS,)),
    Hazard("11 nothing at all", replies(Reply(b""), GOOD), ("empty", "ok"), (NEWS,)),
    Hazard("11 white space", replies(Reply(b" \n \n"), GOOD), ("empty", "ok"), (NEWS,)),
    Hazard("12 an error in JSON", replies(Reply('{"error": "down"}'), GOOD), ("parse_error", "ok"), (NEWS,)),
    Hazard("12 a JSON Feed", (Reply('{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [{"id": "1", "title": "First", "content_text": "x"}]}'),), ("ok",), ("First",)),
    Hazard("13 a feed that never had an item", (Reply(rss()),), ("empty",)),
    Hazard("13 a feed that lost them all", replies(GOOD, rss(), GOOD), ("ok", "empty", "not_modified"), (NEWS,)),
    Hazard("14 a type that is wrong", (Reply(GOOD, headers={"Content-Type": "text/html"}),), ("ok",), (NEWS,)),
    Hazard("16 redirects that go round", (redirect("/feed"),), ("http",), why="redirects more than 5 times"),
    Hazard("17 gone, and back again", replies(GOOD, Reply(b"", 410), Reply(b"", 410), OTHER), ("ok", "gone", "gone", "ok"), (NEWS, "Football club wins"), kinds=("failing",)),
    Hazard("17 not found, and back again", replies(GOOD, Reply(b"", 404), OTHER), ("ok", "http", "ok"), (NEWS, "Football club wins")),
    Hazard("19 refused", (Reply(b"", 403),), ("blocked",), why="does not serve us"),
    Hazard("20 fresh for a year", (Reply(GOOD, headers={**XML, "Cache-Control": "max-age=31536000"}), Reply(OTHER)), ("ok", "ok"), (NEWS, "Football club wins"), hours=1.2),
    Hazard("23 a cache that flips between old and new", replies(GOOD, OTHER, GOOD, OTHER), ("ok", "ok", "ok", "ok"), (NEWS, "Football club wins"), alerts=1),
]  # fmt: skip


@pytest.mark.parametrize("hazard", HAZARDS, ids=str)
async def test_hazard(hazard: Hazard, tmp_path: Path, clock: FakeClock) -> None:
    await assert_hazard(hazard, tmp_path, clock)


@pytest.mark.parametrize(
    ("retry_after", "minutes"),
    [
        ("120", 60),
        ("7200", 120),
        ("317100", 24 * 60),
        (FAR, 24 * 60),
        (PAST, 60),
        ("-5", 60),
        ("soon", 60),
        ("", 60),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_hazard_18_a_server_that_asks_to_wait(
    status: int, retry_after: str, minutes: int, tmp_path: Path, clock: FakeClock
) -> None:
    async with program(tmp_path, clock, wait_of(retry_after, status)) as trial:
        state = await trial.poll()
        waits = (state.next_poll_at - clock.now).total_seconds() / 60
        assert state.health == "throttled" if retry_after or status == 429 else "http"
        assert minutes * 0.9 <= waits <= max(minutes, 90) * 1.1 + 1


@pytest.mark.parametrize(("internal", "asked"), [(True, 1), (False, 0)])
async def test_hazard_18_retry_after_applies_to_all_feeds_of_a_host_except_a_local_bridge(
    internal: bool, asked: int, tmp_path: Path, clock: FakeClock
) -> None:
    async with program(tmp_path, clock, wait_of("7200")) as trial:
        context = trial.app.policy.alerts
        first = replace(context.feeds["wire"], internal=internal)
        other = replace(first, name="other", url=trial.site.url("/other"))
        change_alerts(trial.app, feeds={"wire": first, "other": other})
        await trial.app.poll.poll_shard(first.shard)
        await trial.app.poll.finish()
        trial.app.store.enrol((first, other), clock())
        clock.advance(minutes=5)
        await trial.app.poll.poll_shard(first.shard)
        await trial.app.poll.finish()
        assert len(trial.site.asked("/other")) == asked


async def test_hazard_15_a_redirect_to_another_feed_holds_its_items_back(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with program(
        tmp_path, clock, Reply(rss(*(entry(f"Football {n}", f"f{n}") for n in range(9)))), polling=LOCAL
    ) as trial:
        await trial.poll()
        trial.site.routes["/feed"] = redirect(f"http://localhost:{trial.site.port}/other", 301)
        trial.site.routes["/other"] = Reply(rss(entry(), *(entry(f"Casino {n}", f"c{n}") for n in range(9))))
        for _ in range(3):
            state = await trial.poll(25)
        assert (trial.alerts, "redirected" in state.profile.signs, "moved" in state.profile.signs) == (
            0,
            True,
            False,
        )
        trial.site.routes["/feed"] = Reply(
            rss(
                entry("OFAC adds 99 companies to SDN List", "n99"),
                *(entry(f"Football {n}", f"f{n}") for n in range(8)),
            )
        )
        state = await trial.poll(25)
        assert (trial.alerts, dict(state.profile.signs)) == (1, {})


async def test_hazard_15_a_move_is_believed_when_the_same_feed_is_there_for_two_days(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with program(tmp_path, clock, Reply(GOOD), polling=LOCAL) as trial:
        await trial.poll()
        trial.site.routes["/feed"] = redirect(f"http://localhost:{trial.site.port}/new", 308)
        trial.site.routes["/new"] = Reply(GOOD.replace("wire", "wire "))
        for number in range(4):
            trial.site.routes["/new"] = Reply(GOOD + "\n" * number)
            state = await trial.poll(25)
        assert "moved" in state.profile.signs
        assert trial.titles == (NEWS,)


async def test_hazard_21_a_304_for_ever_is_found_out_within_a_day_and_not_believed_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with program(tmp_path, clock, Reply(GOOD, etag='"same"')) as trial:
        await trial.poll()
        trial.site.routes["/feed"] = Reply(OTHER, etag='"same"')
        assert (await trial.poll(2)).health == "not_modified"
        state = await trial.poll(23)
        assert (state.health, state.profile.distrusted, trial.titles) == (
            "ok",
            True,
            (NEWS, "Football club wins"),
        )
        trial.site.routes["/feed"] = Reply(rss(entry("Third", "n3"), entry()), etag='"same"')
        assert (await trial.poll(2)).health == "ok"


async def test_hazard_22_validators_are_opaque_and_an_etag_that_changes_is_backed_by_the_body(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with program(
        tmp_path, clock, Reply(GOOD, headers={"ETag": 'W/"a-gzip"', "Last-Modified": "sometime"})
    ) as trial:
        await trial.poll()
        trial.site.routes["/feed"] = Reply(GOOD, headers={"ETag": 'W/"b"', "Last-Modified": "sometime"})
        assert (await trial.poll(2)).health == "not_modified"
        assert trial.site.requests[1].headers["if-none-match"] == 'W/"a-gzip"'
        assert trial.site.requests[1].headers["if-modified-since"] == "sometime"


@pytest.mark.parametrize(
    ("url", "health"),
    [
        ("http://no-such-host.invalid/feed", "dns"),
        ("https://127.0.0.1:{tls}/feed", "tls"),
        ("http://127.0.0.1:9/feed", "protocol"),
    ],
)
async def test_hazard_24_each_fault_of_the_network_has_its_name(
    url: str, health: str, tmp_path: Path, clock: FakeClock
) -> None:
    unknown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(unknown)
    with Site({"/feed": Reply(GOOD)}, tls=unknown) as secure:
        allowed = f'allow_hosts = ["127.0.0.1:9", "127.0.0.1:{secure.port}"]'
        async with program(tmp_path, clock, Reply(GOOD), polling=allowed) as trial:
            aim(trial, url.format(tls=secure.port))
            assert (await trial.poll()).health == health


INTERNAL = ["127.0.0.1:9", "localhost:9", "10.0.0.1", "169.254.169.254", "100.64.0.1", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "0"]  # fmt: skip


@pytest.mark.parametrize("place", INTERNAL)
async def test_hazard_25_no_redirect_leads_inside(place: str, tmp_path: Path, clock: FakeClock) -> None:
    async with program(tmp_path, clock, redirect(f"http://{place}/admin")) as trial:
        state = await trial.poll()
        is_no_address = state.health == "http" and "which is no web address" in state.reason
        assert is_no_address or state.health in {"guarded", "protocol"}
        assert [request.path for request in trial.site.requests] == ["/feed"]


async def test_hazard_26_credentials_of_an_address_are_never_shown(
    tmp_path: Path, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    async with program(tmp_path, clock, Reply(b"", 500)) as trial:
        aim(trial, f"http://reader:hunter22@{trial.site.host}/feed?token=hunter22")
        state = await trial.poll()
        assert trial.site.requests[0].headers["authorization"].startswith("Basic ")
    assert state.health == "http"
    assert "hunter22" not in state.reason + "".join(capsys.readouterr())
