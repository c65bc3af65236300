"""Texts explained, queries evaluated and rules replayed by the API."""

from datetime import timedelta

import pytest

from monitor.alerts.routing import decide
from monitor.cli.explain import item_of
from monitor.config import Settings
from monitor.render.json import verdict_data
from tests.web.api.conftest import Api, assert_problem, book, stories, unflagged

pytestmark = pytest.mark.anyio

TEXT = {"title": "Turkey orders 12 howitzers from Norway", "summary": "The contract is worth $80 million."}
RULE = '[rule.treaty-news]\ntopic = "arms"\npoints = 60\nbecause = "a treaty"\nwhen = "treaty"\n'


async def test_a_text_is_explained_as_the_command_does(api: Api) -> None:
    explained = (await api.post("/explain", TEXT)).json()
    judged = book().engine.judge(*item_of(TEXT, Settings()))
    assert explained["topics"] == ["arms"]
    expected = verdict_data(judged, decide(judged, book().table))
    for name in ("event", "entities", "relevance", "rules", "evidence", "route", "versions"):
        assert explained[name] == expected[name], name


async def test_the_source_of_a_text_counts_by_name_or_title(api: Api) -> None:
    for source in ("wire", "THE WIRE"):
        credibility = (await api.post("/explain", {**TEXT, "source": source})).json()["credibility"]
        assert "unreviewed" in " ".join(credibility["reasons"])


@pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": "x" * 2_001}, {"title": "x", "body": "x"}])
async def test_a_text_without_a_title_or_with_more_is_refused(api: Api, body: dict[str, str]) -> None:
    assert_problem(await api.post("/explain", body), 422)


async def test_a_query_shows_hits_near_misses_and_days(api: Api) -> None:
    stories(api.served, 2)
    unflagged(api.served, "Howitzers are not what the ministry wants")
    api.served.clock.advance(hours=1)
    found = (await api.post("/query", {"query": "ministry NEAR/3 howitzers", "days": 7})).json()
    assert (found["hit_count"], found["miss_count"], found["examined"]) == (2, 1, 3)
    assert found["by_day"] == {"2026-11-23": 2}
    assert found["hits"][0]["title"] == "Ministry orders 2 howitzers"
    assert found["missed"][0]["lacks"]
    assert found["missed"][0]["flagged"] == "not flagged"
    assert found["reached"] is None


async def test_a_mistake_in_a_query_is_an_answer(api: Api) -> None:
    found = (await api.post("/query", {"query": "(howitzers"})).json()
    assert found["hit_count"] == 0
    assert "column" in found["mistakes"][0]


async def test_new_rules_are_replayed_over_the_archive_part_by_part(api: Api) -> None:
    unflagged(api.served, *(f"Ministry signs treaty {number}" for number in range(3)))
    api.served.clock.advance(hours=1)
    before = (await api.post("/replay", {"days": 7})).json()
    assert before["flagged"] == 0
    asked, parts = {"days": 7, "rules": RULE, "limit": 2, "after": ""}, []
    while not parts or parts[-1]["next"]:  # a part may end early on a busy machine
        parts.append((await api.post("/replay", asked)).json())
        asked["after"] = parts[-1]["next"] or asked["after"]
    assert len(parts) >= 2
    assert sum(part["items"] for part in parts) == sum(part["flagged"] for part in parts) == 3
    changes = [change for part in parts for change in part["changes"]]
    assert {change["item"] for change in changes} == {each["id"] for each in await api.all("/items")}
    assert changes[0]["rules"] == ["treaty-news"]
    assert parts[0]["versions"]["rules"] != before["versions"]["rules"]
    assert_problem(await api.post("/replay", {**asked, "days": 8}), 422)


async def test_mistakes_in_rules_are_an_answer_and_nothing_is_judged(api: Api) -> None:
    stories(api.served, 1)
    found = (await api.post("/replay", {"rules": RULE.replace('treaty"\n', '(treaty"\n')})).json()
    assert found["items"] == 0
    assert "request.toml" in found["mistakes"][0]


async def test_items_older_than_the_period_are_not_judged(api: Api) -> None:
    stories(api.served, 2)
    api.served.clock.advance(days=timedelta(days=2).days)
    assert (await api.post("/replay", {"days": 1})).json()["items"] == 0


async def test_without_rules_what_needs_them_is_not_available(api: Api) -> None:
    api.served.change(engine=None, rules_from=None)
    for path, body in (("/explain", TEXT), ("/query", {"query": "x"}), ("/replay", {})):
        assert_problem(await api.post(path, body), 503)
