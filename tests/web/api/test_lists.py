"""Lists and single resources of the API over real HTTP: pages, filters, fields."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import FeedHealth
from monitor.model import Identifier, Lane, LoggedPoll, Run, Silence, TokenScope
from tests.conftest import NOW, item, verdict
from tests.store.builders import feed, outcome, raised, state_of
from tests.store.test_cluster import worker
from tests.web.api.conftest import Api, add_token, assert_problem, dead, entity, stories, with_list
from tests.web.conftest import HOSTILE
from tests.web.pages.test_policy_pages import DAILY, planned

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/stories", "/alerts", "/items"])
async def test_a_list_is_read_page_by_page_whatever_is_added_meanwhile(api: Api, path: str) -> None:
    stories(api.served, 7)
    first = (await api.get(path, limit=3)).json()
    assert len(first["items"]) == 3
    raised(api.store, item(guid="new", title="Another act"), story="s-new")
    second = (await api.get(path, limit=3, after=first["next"])).json()
    third = (await api.get(path, limit=3, after=second["next"])).json()
    ids = [each["id"] for page in (first, second, third) for each in page["items"]]
    assert len(ids) == len(set(ids)) == 7
    assert third["next"] is None


async def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    stories(api.served, 3)
    cursor = (await api.get("/stories", limit=1)).json()["next"]
    assert (await api.get("/stories", limit=2, after=cursor)).status_code == 200
    for path, params in (("/stories", {"topic": "arms"}), ("/alerts", {}), ("/items", {})):
        assert_problem(await api.get(path, limit=1, after=cursor, **params), 422)
    for nonsense in ("nonsense", "%%%", "\u0661"):
        assert_problem(await api.get("/stories", after=nonsense), 422)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"topic": "arms"}, 3),
        ({"topic": "sanctions"}, 0),
        ({"topic": ["sanctions", "arms"]}, 3),
        ({"severity": 5}, 0),
        ({"feed": "wire", "lang": "en"}, 3),
        ({"party": "weapon:howitzer"}, 3),
        ({"since": "2026-11-23T09:02:00Z"}, 2),
        ({"until": "2026-11-23T09:02:00+00:00"}, 1),
        ({"since": "7d", "until": "1h"}, 0),
    ],
)
@pytest.mark.parametrize("path", ["/stories", "/alerts"])
async def test_stories_and_alerts_have_the_filters_of_the_desk(
    api: Api, path: str, params: dict[str, Any], found: int
) -> None:
    stories(api.served, 3)
    assert len((await api.get(path, **params)).json()["items"]) == found


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "howitzer*"}, 3),
        ({"q": "howitzers NEAR/2 ministry"}, 3),
        ({"q": "@arms"}, 3),
        ({"q": "submarine"}, 0),
        ({"topic": "arms"}, 3),
        ({"possible": True}, 0),
        ({"event": "contract", "severity": 4, "lang": "en", "feed": "wire"}, 3),
        ({"since": "2026-11-23T09:02:00Z", "until": "2026-11-23T09:03:00Z"}, 1),
    ],
)
async def test_items_are_found_by_query_and_properties(api: Api, params: dict[str, Any], found: int) -> None:
    stories(api.served, 3)
    assert len((await api.get("/items", **params)).json()["items"]) == found


@pytest.mark.parametrize("query", ["howitzers", "howitzers NEAR/2 ministry"])
async def test_stories_are_searched_by_query_page_by_page(api: Api, query: str) -> None:
    stories(api.served, 5)
    raised(api.store, item(guid="other", title="A treaty"), story="other")
    assert [each["id"] for each in await api.all("/stories", q=query, limit=2)] == [
        *("s5", "s4", "s3", "s2", "s1")
    ]


async def test_a_mistake_in_a_query_is_named_with_its_column(api: Api) -> None:
    for path in ("/stories", "/items"):
        problem = assert_problem(await api.get(path, q="howitzer NEAR/x ("), 422)
        assert "column" in problem["detail"]


async def test_an_unknown_parameter_and_a_wrong_value_are_named(api: Api) -> None:
    for path in ("/stories", "/alerts", "/items", "/deliveries", "/feeds", "/lists", "/entities", "/digests"):
        problem = assert_problem(await api.get(path, nonsense=1), 422)
        assert [each["where"] for each in problem["errors"]] == ["query.nonsense"]
        assert assert_problem(await api.get(path, limit=201), 422)["errors"][0]["where"] == "query.limit"
    assert "query.since" in assert_problem(await api.get("/stories", since="2026-99-99"), 422)["detail"]
    assert (
        "query.until"
        in assert_problem(await api.get("/items", until="0001-01-01T00:00:00+14:00"), 422)["detail"]
    )


async def test_a_resource_is_read_by_its_id_or_is_not_there(api: Api, tmp_path: Path) -> None:
    stories(api.served, 1)
    dead(api.served)
    with_list(api.served, tmp_path, entity(1))
    (alert,) = (await api.get("/alerts")).json()["items"]
    (item_found,) = (await api.get("/items")).json()["items"]
    for path in (
        "/stories/s1",
        f"/alerts/{alert['id']}",
        f"/items/{item_found['id']}",
        "/deliveries/" + "d" * 20,
        "/feeds/wire",
        "/lists/own",
        "/entities/own/e.1",
    ):
        assert (await api.get(path)).status_code == 200, path
        assert_problem(await api.get(path[:-1] + "z-unknown"), 404)
    assert_problem(await api.get("/entities/none/e.1"), 404)
    assert_problem(await api.get("/digests/none"), 404)
    assert_problem(await api.get("/silences/none"), 404)


async def test_a_story_has_its_alerts_and_notes(api: Api) -> None:
    stories(api.served, 1)
    await api.post("/stories/s1/actions", {"action": "note", "text": "ask the ministry"})
    story = (await api.get("/stories/s1")).json()
    (alert,) = story["alerts"]
    assert alert["event"]["type"] == "contract"
    assert alert["evidence"][0]["quote"] == "orders 12 howitzers"
    assert [note["text"] for note in story["notes"]] == ["ask the ministry"]


async def test_addresses_of_recipients_and_words_of_messages_are_not_for_readers(api: Api) -> None:
    dead(api.served)
    reading = add_token(api.store, "reading", TokenScope.READ)
    for path in ("/deliveries", "/deliveries/" + "d" * 20):
        assert "ayse@desk.example" in (await api.get(path)).text
        hidden = (await api.get(path, token=reading)).text
        assert "ayse@desk.example" not in hidden
        assert "Some text" not in hidden


async def test_deliveries_are_found_by_state_channel_and_story(api: Api) -> None:
    for number in range(3):
        dead(api.served, str(number) * 20)
    assert len(await api.all("/deliveries", state="dead", limit=2)) == 3
    assert len(await api.all("/deliveries", state=["sent", "owed"])) == 0
    assert len(await api.all("/deliveries", channel="mail", story="s1")) == 3
    assert len(await api.all("/deliveries", channel="chat")) == 0


async def test_feeds_are_listed_by_name_without_what_is_secret_in_their_addresses(api: Api) -> None:
    secret = feed("wire", url="https://user:secret@wire.example/feed?key=secret")
    alerts = replace(api.served.server.context.policy.alerts, feeds={"wire": secret})
    api.served.change(alerts=alerts)
    api.store.enrol([feed("wire"), feed("ofac")], NOW)
    broken = replace(state_of(api.store, "ofac"), failures=2, health=FeedHealth.BLOCKED, polled_at=NOW)
    api.store.commit([outcome(broken, state=broken)])
    assert [each["name"] for each in await api.all("/feeds", limit=1)] == ["ofac", "wire"]
    assert [each["name"] for each in await api.all("/feeds", failing=True)] == ["ofac"]
    assert [each["name"] for each in await api.all("/feeds", health="blocked")] == ["ofac"]
    wire = await api.get("/feeds/wire")
    assert wire.json()["url"] == "https://wire.example/feed"
    assert "secret" not in wire.text


async def test_the_latest_polls_of_a_feed_are_listed_newest_first(api: Api) -> None:
    api.store.enrol([feed("wire")], NOW)
    for minute, health in enumerate((FeedHealth.OK, FeedHealth.BLOCKED, FeedHealth.OK)):
        state = replace(state_of(api.store, "wire"), health=health, polled_at=NOW)
        at = NOW + timedelta(minutes=minute)
        logged = LoggedPoll(
            feed="wire", version=state.version + 1, at=at, health=health, news=minute, size=900
        )
        api.store.commit([outcome(state, state=state, logged=logged)])
    polls = await api.all("/feeds/wire/polls", limit=1)
    assert [(each["health"], each["news"], each["repeats"]) for each in polls] == [
        ("ok", 2, 0),
        ("blocked", 1, 0),
        ("ok", 0, 0),
    ]
    assert_problem(await api.get("/feeds/unknown/polls"), 404)


async def test_digests_are_listed_with_their_deliveries(api: Api) -> None:
    id = planned(api.served)
    (listed,) = (await api.get("/digests", subscription=DAILY.name)).json()["items"]
    assert (listed["id"], listed["subscription"], listed["deliveries"]) == (id, DAILY.name, 1)
    detail = (await api.get(f"/digests/{id[:8]}")).json()
    assert detail["digest"] == listed
    assert [each["subject"] for each in detail["deliveries"]] == ["Sanctions, morning"]
    assert (await api.get("/digests", subscription="other")).json()["items"] == []


async def test_entries_of_lists_are_listed_and_found_by_name(api: Api, tmp_path: Path) -> None:
    with_list(
        api.served, tmp_path, *(entity(number) for number in range(1, 6)), entity(6, "Ветер", "Veter Ltd")
    )
    assert [each["id"] for each in await api.all("/entities", limit=2)] == [f"e.{n}" for n in range(1, 7)]
    (found,) = (await api.get("/entities", name="veter")).json()["items"]
    assert (found["id"], found["kind"], found["listed_on"]) == ("e.6", "organisation", "2026-11-23")
    assert [each["text"] for each in found["names"]] == ["Ветер", "Veter Ltd"]


async def test_entries_are_found_by_number_and_similar_names_are_asked_alone(
    api: Api, tmp_path: Path
) -> None:
    numbered = replace(entity(1, "Veter Ltd"), identifiers=(Identifier("IMO 9187629", "ship"),))
    with_list(api.served, tmp_path, numbered, entity(2, "Other"))
    (found,) = (await api.get("/entities", number="9187629")).json()["items"]
    assert found["identifiers"] == [{"number": "IMO 9187629", "kind": "ship"}]
    assert (await api.get("/entities", number="9187629", name="other")).json()["items"] == []
    assert (await api.get("/entities", name="Vetter")).json()["items"] == []
    assert [each["id"] for each in (await api.get("/entities", similar="Vetter")).json()["items"]] == ["e.1"]
    assert_problem(await api.get("/entities", similar="Vetter", name="Veter"), 422)


async def test_a_cursor_does_not_outlive_the_copy_of_a_list(api: Api, tmp_path: Path) -> None:
    with_list(api.served, tmp_path, entity(1), entity(2), entity(3))
    cursor = (await api.get("/entities", limit=1)).json()["next"]
    assert (await api.get("/entities", limit=1, after=cursor)).json()["items"][0]["id"] == "e.2"
    with_list(api.served, tmp_path, entity(0), entity(1), entity(2))
    assert_problem(await api.get("/entities", limit=1, after=cursor), 422)


async def test_silences_are_listed_the_newest_first(api: Api) -> None:
    for number in range(3):
        begun = NOW - timedelta(days=10 - number)
        api.store.add_silence(
            Silence(
                id=f"silence-{number}",
                who="ayse",
                reason="a drill",
                created_at=begun,
                expires_at=begun + timedelta(days=9),
                words="drill",
            )
        )
    assert [each["id"] for each in await api.all("/silences", limit=1)] == [
        *("silence-2", "silence-1", "silence-0")
    ]
    assert [each["id"] for each in await api.all("/silences", active=True)] == ["silence-2"]
    assert (await api.get("/silences/silence-2")).json()["reason"] == "a drill"


async def test_texts_of_feeds_are_data_whatever_they_hold(api: Api) -> None:
    hostile = f"{HOSTILE}\udc80\x00"
    raised(api.store, item(title=hostile, summary=hostile), verdict=verdict(), story="s1")
    for path in ("/stories", "/stories/s1", "/alerts", "/items"):
        found = await api.get(path)
        assert found.status_code == 200
        assert found.headers["content-type"] == "application/json"
        assert found.headers["x-content-type-options"] == "nosniff"
        found.json()


async def test_workers_of_a_cluster_are_listed_with_what_they_run_and_stuck_shards(api: Api) -> None:
    assert (await api.get("/workers")).json() == {"workers": [], "stuck_shards": []}
    api.store.enrol([feed()], NOW)
    api.served.clock.advance(hours=1)
    api.store.report_worker(worker("a", lanes=(Lane("poll", 16, (Run(str(feed().shard), NOW),)),)))
    api.store.report_worker(worker("b", rules="older"))
    found = (await api.get("/workers")).json()
    first, second = found["workers"]
    assert (first["process"], first["state"], first["differs"]) == ("pid a", "working", [])
    assert first["lanes"] == [{"kind": "poll", "runs": 1, "limit": 16}]
    assert second["differs"] == ["rules"]
    (stuck,) = found["stuck_shards"]
    assert (stuck["shard"], stuck["feeds"], stuck["process"]) == (feed().shard, 1, "pid a")
    assert (await api.get("/workers", token="wrong")).status_code == 401
