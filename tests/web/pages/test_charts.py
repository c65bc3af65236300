"""Charts: figures from the store, clean SVG with a table beside it, matrices whose figures are links."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from monitor.app.rulebook import rulebook
from monitor.config import load
from monitor.web.charts import stacked_bars
from tests.conftest import item, verdict
from tests.store.builders import raised
from tests.web.conftest import HOSTILE, Served, assert_harmless

pytestmark = pytest.mark.anyio

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"
DAYS = [date(2026, 11, 22), date(2026, 11, 23)]


def test_a_chart_has_no_script_no_style_and_a_title_for_each_bar() -> None:
    svg = stacked_bars(DAYS, {"buys": [1, 2], HOSTILE: [0, 3]}, id="c", title=HOSTILE, desc="d")
    root = ET.fromstring(svg)
    tags = {node.tag.rpartition("}")[2] for node in root.iter()}
    assert not tags & {"script", "style", "foreignObject", "img"}
    assert not [
        name for node in root.iter() for name in node.attrib if name.startswith("on") or name == "style"
    ]
    titles = ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("}title")]
    assert "23 November: buys 2" in titles
    assert "<script" not in svg


async def test_charts_show_the_stories_of_a_period_with_the_same_figures_in_a_table(served: Served) -> None:
    base = verdict()
    assert base.event
    sanctions = replace(
        base.event,
        topic="sanctions",
        type="imposed",
        stage="",
        polarity="impose",
        imposer="country:US",
        targets=("country:RU",),
    )
    arms = replace(base.event, systems=("weapon:howitzer",), polarity="supply")
    raised(served.store, item(), verdict=replace(base, event=sanctions), story="s1")
    raised(served.store, item(guid="2"), verdict=replace(base, event=arms), story="s2")
    page = (await served.http.get("/charts")).text
    assert "23 November: imposes 1" in page
    assert "<b>1</b>" in page
    assert 'href="/stories?authority=country%3AUS&amp;since=30d&amp;view=all&amp;party=country%3ARU"' in page
    assert "howitzer" in page
    assert "published → seen" in page
    found = await served.http.get("/stories?authority=country%3AUS&since=30d&view=all")
    assert found.text.count("data-id=") == 1
    assert (await served.http.get("/charts?since=1y")).status_code == 422


async def test_hostile_ids_in_charts_stay_text(served: Served) -> None:
    base = verdict()
    assert base.event
    event = replace(
        base.event, imposer="x:" + HOSTILE, targets=(HOSTILE,), systems=(HOSTILE,), polarity=HOSTILE
    )
    raised(served.store, item(), verdict=replace(base, event=event))
    assert_harmless((await served.http.get("/charts")).text)


async def test_parties_in_charts_have_their_names_and_series_name_every_direction_in_them(
    served: Served,
) -> None:
    served.change(engine=rulebook(load(EXAMPLE)).engine)
    base = verdict()
    assert base.event
    event = replace(base.event, imposer="country:US", targets=("country:RU",), polarity="evade")
    raised(served.store, item(), verdict=replace(base, event=event))
    page = (await served.http.get("/charts")).text
    assert "23 November: enforces, evades or stops 1" in page
    assert "<bdi>United States</bdi>" in page
