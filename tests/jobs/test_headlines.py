"""Translated headlines in alerts: marked, of other languages only, without any weight, and never in the way."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import build
from monitor.app.once import once
from monitor.config import load
from tests.conftest import FakeClock
from tests.end_to_end.story import config, feed
from tests.support.servers import Reply, Site

RUSSIAN = ("radars", "Польша подписала контракт на 12 радаров за 2,1 млрд долларов", "")
ENGLISH = ("licence", "OFAC issues General License 13Q authorizing wind-down transactions", "")
SAID = {"translatedText": "Poland <b>designated</b> by the United States under sanctions"}


@pytest.fixture
def site() -> Iterator[Site]:
    routes = {
        "/feed.xml": Reply(feed(RUSSIAN, ENGLISH)),
        "/hook": Reply(status=204),
        "/translate": Reply(json.dumps(SAID)),
    }
    with Site(routes) as site:
        yield site


async def alerts_of(folder: Path, site: Site, clock: FakeClock, *, translated: bool) -> dict[str, Any]:
    """Return the posted alerts by title, and the texts of the written mails under ``text``."""
    path = config(folder, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    outbox = f'[channels.outbox]\ntype = "file"\npath = "{folder}/outbox"\n'
    text = path.read_text("utf-8").replace("channels = ['hook']", "channels = ['hook', 'outbox']") + outbox
    table = f'[translation]\nkind = "libretranslate"\nurl = "{site.url("/translate")}"\n'
    path.write_text(text + (table if translated else ""), "utf-8")
    async with build(load(path), clock=clock) as app:
        await once(app)
    posts = [json.loads(each.body) for each in site.asked("/hook")]
    mails = "".join(each.read_text("utf-8") for each in sorted((folder / "outbox").glob("*.html")))
    return {each["title"]: each for each in posts if each["type"] == "alert"} | {"text": mails}


async def test_a_headline_in_another_language_has_its_marked_translation_and_no_other_verdict(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    plain = await alerts_of(tmp_path / "without", site, clock, translated=False)
    assert site.asked("/translate") == []
    site.requests.clear()
    found = await alerts_of(tmp_path / "with", site, clock, translated=True)
    assert [json.loads(each.body)["q"] for each in site.asked("/translate")] == [RUSSIAN[1]]
    assert found[RUSSIAN[1]].pop("machine_translation") == SAID["translatedText"]
    assert found[ENGLISH[1]] == plain[ENGLISH[1]]
    assert found[RUSSIAN[1]] == plain[RUSSIAN[1]]
    assert "machine translation: “" in found["text"]
    assert "Poland &lt;b&gt;designated" in found["text"]
    assert "machine translation" not in plain["text"]


async def test_an_endpoint_that_fails_holds_up_no_alert(tmp_path: Path, site: Site, clock: FakeClock) -> None:
    site.routes["/translate"] = Reply(status=500)
    found = await alerts_of(tmp_path, site, clock, translated=True)
    assert "machine_translation" not in found[RUSSIAN[1]]
    assert ENGLISH[1] in found
