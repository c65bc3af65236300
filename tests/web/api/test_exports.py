"""Exports of the API: formats, periods, what readers get, memory and ends."""

import csv
import io
import json
from pathlib import Path

import pytest

from monitor.lists.ftm import read_ftm
from monitor.model import TokenScope
from monitor.web.export_stream import MOST_AT_ONCE, running
from tests.conftest import item
from tests.store.builders import raised
from tests.web.api.conftest import Api, add_token, assert_problem, dead, entity, stories, with_list

pytestmark = pytest.mark.anyio


async def test_items_and_alerts_are_exported_the_oldest_first(api: Api) -> None:
    stories(api.served, 3)
    for kind in ("items", "alerts"):
        answer = await api.get(f"/exports/{kind}")
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert answer.headers["content-disposition"] == f'attachment; filename="{kind}.jsonl"'
        titles = [json.loads(line)["title"] for line in answer.text.splitlines()]
        assert titles == [f"Ministry orders {number} howitzers" for number in (1, 2, 3)]


async def test_an_export_has_a_period(api: Api) -> None:
    stories(api.served, 3)
    period = {"since": "2026-11-23T09:02:00Z", "until": "2026-11-23T09:03:00Z"}
    assert len((await api.get("/exports/items", **period)).text.splitlines()) == 1
    assert_problem(await api.get("/exports/items", since="yesterday"), 422)


async def test_no_cell_is_a_formula(api: Api) -> None:
    raised(api.store, item(title="=HYPERLINK(1)", url="https://news.example/1"))
    answer = await api.get("/exports/items", format="csv")
    assert answer.headers["content-type"].startswith("text/csv")
    heading, row = csv.reader(io.StringIO(answer.text))
    cells = dict(zip(heading, row, strict=True))
    assert cells["title"] == "'=HYPERLINK(1)"
    assert not [cell for cell in row if cell[:1] in {"=", "+", "-", "@"}]


async def test_entries_of_lists_are_followthemoney_that_our_own_parser_reads(
    api: Api, tmp_path: Path
) -> None:
    listed = [entity(number) for number in range(300)]
    with_list(api.served, tmp_path, *listed)
    answer = await api.get("/exports/entries", format="ftm", list="own")
    read = list(read_ftm(io.BytesIO(answer.content), "own"))
    assert [each.name for each in read] == [each.name for each in listed]
    assert [each.countries for each in read] == [each.countries for each in listed]
    assert [each.id for each in read][:2] == ["own-e.0", "own-e.1"]


async def test_a_kind_without_that_format_or_an_unknown_list_is_refused(api: Api) -> None:
    assert "items" in assert_problem(await api.get("/exports/alerts", format="ftm"), 422)["detail"]
    assert_problem(await api.get("/exports/nothing"), 422)
    assert_problem(await api.get("/exports/entries", list="none"), 404)


async def test_who_may_only_read_gets_no_addresses(api: Api) -> None:
    dead(api.served)
    reading = add_token(api.store, "reading", TokenScope.READ)
    for form in ("csv", "jsonl"):
        assert "ayse@desk.example" in (await api.get("/exports/deliveries", format=form)).text
        hidden = await api.get("/exports/deliveries", token=reading, format=form)
        assert "no such mailbox" in hidden.text
        assert "ayse@desk.example" not in hidden.text


async def test_an_empty_export_is_a_heading_or_nothing(api: Api) -> None:
    assert (await api.get("/exports/alerts")).text == ""
    assert len((await api.get("/exports/alerts", format="csv")).text.splitlines()) == 1


async def test_more_exports_than_can_run_are_refused_and_each_that_ends_gives_its_place_back(
    api: Api,
) -> None:
    stories(api.served, 2)
    for _ in range(MOST_AT_ONCE + 2):
        assert (await api.get("/exports/items")).status_code == 200
    assert running.count == 0
    running.count = MOST_AT_ONCE
    refused = await api.get("/exports/items")
    running.count = 0
    assert_problem(refused, 503)
    assert refused.headers["retry-after"] == "10"


async def test_a_client_that_goes_away_ends_its_export(api: Api, tmp_path: Path) -> None:
    with_list(api.served, tmp_path, *(entity(number, "A long name " * 40) for number in range(20_000)))
    headers = {"Authorization": f"Bearer {api.token}"}
    async with api.served.http.stream("GET", "/api/v1/exports/entries", headers=headers) as answer:
        async for _ in answer.aiter_bytes():
            break
    while running.count:
        await api.get("/identity")
    assert running.count == 0
