"""One story in three languages, then in the notice of an authority."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from monitor.app.build import build
from monitor.app.once import once
from monitor.config import load
from tests.conftest import FakeClock
from tests.end_to_end.story import config, feed
from tests.support.policies import without_host_gap
from tests.support.servers import Reply, Site

TELLINGS = {
    "en": ("Türkiye and the United States set up a working group on the S-400",
           "CAATSA sanctions on the Presidency of Defence Industries stay in place for now."),
    "tr": ("Ankara ile Washington S-400 için çalışma grubu kurdu",
           "SSB'ye yönelik CAATSA yaptırımları yürürlükte kalıyor."),
    "ru": ("Турция и США создали рабочую группу по С-400",
           "Санкции CAATSA против турецкого оборонного ведомства остаются в силе."),
    "state": ("Joint statement on a working group on the S-400",
              "The United States and Türkiye have established a working group. CAATSA sanctions on SSB remain in effect."),
}  # fmt: skip
ORDERS = [("en", "tr", "ru", "state")]  # every order is tried among the slow tests


async def webhook_posts(folder: Path, clock: FakeClock, order: tuple[str, ...]) -> list[dict[str, object]]:
    """Publish the story in one feed after another, a quarter of an hour apart; return the webhook messages."""
    with Site({"/hook": Reply(status=204)}) as site:
        for name, (title, summary) in TELLINGS.items():
            site.routes[f"/{name}.xml"] = Reply(feed((f"{name}-1", title, summary)))
        path = config(folder, feed_url=site.url(f"/{order[0]}.xml"), hook_url=site.url("/hook"))
        text = path.read_text("utf-8").replace("welcome = true", "welcome = false")
        text = text.partition("[feeds.wire]")[0] + "[routes.all]" + text.partition("[routes.all]")[2]
        path.write_text(text, "utf-8")
        for name in order:
            tier, lang = ("official", "en") if name == "state" else ("wire", name)
            title = "Department of State" if name == "state" else f"Outlet {name}"
            table = f'[feeds.{name}]\nurl = "{site.url(f"/{name}.xml")}"\ntier = "{tier}"\n'
            path.write_text(
                path.read_text("utf-8") + f'{table}lang = "{lang}"\ntitle = "{title}"\nevery = "7d"\n'
            )
            async with build(load(path), clock=clock) as app:
                without_host_gap(app)
                await once(app)
            clock.advance(minutes=15)
        clock.advance(hours=24)
        async with build(load(path), clock=clock) as app:
            await once(app)
        return [json.loads(each.body) for each in site.asked("/hook")]


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
async def test_the_story_is_one_alert_one_confirmation_and_one_block_of_the_digest(
    tmp_path: Path, clock: FakeClock, order: tuple[str, ...]
) -> None:
    await assert_story(tmp_path, clock, order)


@pytest.mark.slow
@pytest.mark.parametrize("order", [*permutations(TELLINGS)], ids=" ".join)
async def test_the_story_raises_one_alert_in_every_order_of_its_items(
    tmp_path: Path, clock: FakeClock, order: tuple[str, ...]
) -> None:
    await assert_story(tmp_path, clock, order)


async def assert_story(folder: Path, clock: FakeClock, order: tuple[str, ...]) -> None:
    posted = await webhook_posts(folder, clock, order)
    alerts = [(each["kind"], each["news"]) for each in posted if each["type"] == "alert"]
    confirmed = [("update", "confirmed by Department of State")] if order[0] != "state" else []
    assert alerts == [("new", ""), *confirmed]
    (digest,) = [each for each in posted if each["type"] == "digest"]
    assert {each["story"] for each in digest["alerts"]} == {posted[0]["story"]}  # type: ignore[attr-defined]
