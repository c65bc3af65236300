"""Feeds, deliveries, incidents and health over real HTTP, with what an operator does there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import FeedHealth
from monitor.feeds.poll_log import poll_to_log
from monitor.model import Delivery, DeliveryState, Incident, IncidentKind, Lane, Role, Run
from tests.conftest import NOW, delivery, item
from tests.store.builders import feed, outcome, raised, state_of
from tests.store.test_cluster import worker
from tests.web.conftest import HOSTILE, Served, add_user, assert_harmless

pytestmark = pytest.mark.anyio

PAGES = ("/feeds", "/feeds/wire", "/deliveries", "/deliveries?state=dead", "/incidents", "/health")


async def post(served: Served, path: str, **fields: str) -> int:
    add = {
        "csrf": await served.form_token("/login" if served.http.cookies else "/stories?view=all"),
        **fields,
    }
    if not add["csrf"]:
        add["csrf"] = served.server._web.tokens.token("")  # type: ignore[union-attr]
    return (await served.http.post(path, data=add)).status_code


def dead(served: Served, **changes: str) -> Delivery:
    one = delivery(**{"id": "d" * 20, **changes})
    served.store.add_deliveries([one])
    (leased,) = served.store.lease(one.channel, served.clock(), served.clock() + timedelta(minutes=5))
    served.store.close_delivery(
        leased, served.clock(), state=DeliveryState.DEAD, code="550", reason="no such mailbox"
    )
    return one


async def test_the_feed_that_needs_a_look_comes_first_with_its_reason(served: Served) -> None:
    served.store.enrol([feed("wire"), feed("ofac"), feed("new")], NOW)
    served.store.commit([outcome(state_of(served.store, "wire"), item())])
    broken = replace(
        state_of(served.store, "ofac"),
        polled_at=NOW,
        failures=3,
        health=FeedHealth.BLOCKED,
        reason="HTTP 403",
    )
    served.store.commit([outcome(broken, state=broken)])
    page = (await served.http.get("/feeds")).text
    assert page.index("/feeds/ofac") < page.index("/feeds/new") < page.index("/feeds/wire")
    assert "▲ blocked" in page
    assert "HTTP 403" in page
    assert "1 needs a look" in page
    assert "1 item in 30 days" in page


async def test_a_feed_shows_its_items_and_can_be_polled_at_once(served: Served) -> None:
    raised(served.store, item())
    page = (await served.http.get("/feeds/wire")).text
    assert "Ministry orders 12 howitzers" in page
    assert state_of(served.store).next_poll_at > served.clock()
    assert await post(served, "/feeds/wire/poll") == 303
    assert state_of(served.store).next_poll_at == served.clock()
    assert [entry.what for entry in served.store.audit()] == ["feed polled"]
    assert await post(served, "/feeds/nowhere/poll") == 404
    assert (await served.http.get("/feeds/nowhere")).status_code == 404


async def test_a_feed_shows_its_latest_polls_and_how_often_they_repeated(served: Served) -> None:
    raised(served.store, item())
    state = state_of(served.store)
    begun = served.clock()
    for after in (
        replace(state, polled_at=begun + timedelta(seconds=2.5), health=FeedHealth.OK, items_seen=31),
        replace(state, polled_at=begun + timedelta(minutes=10), health=FeedHealth.NOT_MODIFIED),
        replace(
            state, polled_at=begun + timedelta(minutes=20), health=FeedHealth.HTTP, reason="HTTP 500 <b>"
        ),
        replace(
            state, polled_at=begun + timedelta(minutes=30), health=FeedHealth.HTTP, reason="HTTP 500 <b>"
        ),
    ):
        before = state_of(served.store)
        size, news = (12_345, 2) if after.health is FeedHealth.OK else (0, 0)
        logged = poll_to_log(before, after, begun, size=size, news=news)
        written = replace(after, version=before.version)
        served.store.commit([outcome(before, state=written, logged=logged)])
    page = (await served.http.get("/feeds/wire")).text
    log = page.partition("Latest polls")[2].partition("History")[0]
    assert log.count("<tr>") == 3
    assert log.index("HTTP 500 &lt;b&gt;") < log.index("12 kB")
    assert "then 1 poll with the same answer" in log
    assert "then 1 poll without news" in log
    assert ">2.5 s<" in log
    assert_harmless(page)


async def test_a_dead_delivery_shows_its_attempts_and_is_retried(served: Served) -> None:
    dead(served)
    assert "no such mailbox" in (await served.http.get("/deliveries", params={"state": "dead"})).text
    page = (await served.http.get("/deliveries/" + "d" * 20)).text
    assert "550 no such mailbox" in page
    assert "Some text" in page
    assert await post(served, "/deliveries/" + "d" * 20 + "/retry") == 303
    (now, _) = served.store.delivery("d" * 20) or (None, ())
    assert now
    assert (now.state, now.attempts) == ("owed", 0)


async def test_a_delivery_is_discarded_only_with_a_reason(served: Served) -> None:
    dead(served)
    path = "/deliveries/" + "d" * 20 + "/discard"
    assert await post(served, path) == 422
    assert await post(served, path, reason="they left") == 303
    assert await post(served, path, reason="they left") == 409
    (now, _) = served.store.delivery("d" * 20) or (None, ())
    assert now
    assert (now.state, now.reason) == ("discarded", "they left")
    assert await post(served, "/deliveries/nothing/retry") == 404


async def test_addresses_of_recipients_are_for_editors(served: Served) -> None:
    dead(served, recipient="a@example.org")
    assert "a@example.org" in (await served.http.get("/deliveries")).text
    add_user(served.store, "rita", Role.READ)
    await served.sign_in("rita")
    for path in ("/deliveries", "/deliveries/" + "d" * 20):
        assert "a@example.org" not in (await served.http.get(path)).text


async def test_the_page_of_incidents_names_feeds_that_failed_without_one(served: Served) -> None:
    assert "No incident is open.</p>" in (await served.http.get("/incidents")).text
    served.store.enrol([feed("wire")], NOW)
    state = replace(state_of(served.store), failures=1, health=FeedHealth.DNS, polled_at=NOW)
    served.store.commit([outcome(state, state=state)])
    page = (await served.http.get("/incidents")).text
    assert "A feed failed at the last poll" in page


async def test_open_incidents_come_first_and_the_gravest_of_them(served: Served) -> None:
    later = NOW + timedelta(hours=1)
    silent = Incident("wire", IncidentKind.SILENT, "nothing for 3 days", NOW)
    grave = Incident("", IncidentKind.DETECTION, "a test item is not recognised", later)
    over = Incident("ofac", IncidentKind.FAILING, "HTTP 500", NOW)
    served.store.report([silent, over], [], [])
    served.store.report([grave], [replace(over, closed_at=later)], [])
    page = (await served.http.get("/incidents")).text
    assert page.index("a test item") < page.index("nothing for 3 days") < page.index("HTTP 500")
    health = (await served.http.get("/health")).text
    assert "Something needs a look" in health
    assert "2 open" in health


async def test_a_healthy_watch_says_so(served: Served) -> None:
    raised(served.store, item())
    page = (await served.http.get("/health")).text
    assert "Everything works" in page
    assert "1 of 1" in page


async def test_workers_of_a_cluster_and_what_is_wrong_with_them_are_on_the_page(served: Served) -> None:
    served.store.enrol([feed()], NOW - timedelta(hours=1))
    assert "Workers" not in (await served.http.get("/health")).text
    polls = Lane("poll", 16, (Run(str(feed().shard), NOW),))
    before = NOW - timedelta(hours=2)
    good = worker("good", lanes=(polls,), process=f"pid good {HOSTILE}", started_at=before)
    served.store.report_worker(good)
    served.store.report_worker(worker("second", started_at=before))
    served.store.report_worker(worker("odd", rules="older", started_at=before))
    served.store.report_worker(worker("lost", seen_at=NOW - timedelta(hours=1)))
    served.store.forget_workers(NOW, NOW, NOW)
    page = (await served.http.get("/health")).text
    assert "Something needs a look" in page
    assert "3 at work" in page
    assert "▲ missing" in page
    assert "poll 1 of 16" in page
    assert "older, not that of the rest" in page
    assert "Stuck shards" in page
    assert_harmless(page)


async def test_hostile_text_on_the_pages_of_operation_stays_text(served: Served) -> None:
    one = feed("wire", title=HOSTILE)
    served.store.enrol([one], NOW)
    state = replace(state_of(served.store), failures=2, health=FeedHealth.DNS, reason=HOSTILE, polled_at=NOW)
    served.store.commit([outcome(state, item(title=HOSTILE, url="javascript:alert(1)"), state=state)])
    served.store.report([Incident("wire", IncidentKind.FAILING, HOSTILE, NOW)], [], [])
    text = delivery().message
    served.store.add_deliveries(
        [
            delivery(
                recipient=HOSTILE,
                reason=HOSTILE,
                message=replace(text, subject=HOSTILE, text="<b>" + "<script>"),
            )
        ]
    )
    for path in (*PAGES, "/deliveries/0123456789abcdef0123", "/deliveries?channel=%3Cscript%3E", "/audit"):
        answer = await served.http.get(path)
        assert answer.status_code == 200
        assert_harmless(answer.text)
