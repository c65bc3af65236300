"""The acceptance criteria of the user stories: the table in docs/user-stories.md, and what only these tests show.

`user_stories.toml` lists each criterion with what shows it. A criterion that is not met has a note that says why.
"""

import ast
import json
import time
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.routing import decide
from monitor.app.build import build
from monitor.app.once import once
from monitor.app.rulebook import rulebook
from monitor.config import Settings, load
from monitor.match.engine import Engine
from monitor.model import Placement, Silence, Tier, Verdict
from monitor.render import samples as sample
from monitor.render.renderer import Renderer
from tests.conftest import FakeClock, item
from tests.end_to_end.story import LISTING, config, feed
from tests.support.commands import Cli, cli
from tests.support.policies import without_host_gap
from tests.support.servers import Reply, Site

__all__ = ["cli"]

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "user-stories.md"
STORIES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "user_stories.toml").read_text("utf-8"))
CRITERIA: list[dict[str, Any]] = STORIES["criterion"]
ISTANBUL = ZoneInfo("Europe/Istanbul")


@cache
def functions_in(file: str) -> frozenset[str]:
    """Return the names of the test functions in a file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def table() -> str:
    """Return docs/user-stories.md as the data state it."""
    lines = [STORIES["introduction"].strip(), ""]
    for number, title in enumerate(STORIES["titles"], 1):
        lines += [f"## {number}. {title}", "", "| criterion | met | shown by |", "|---|---|---|"]
        for each in (each for each in CRITERIA if each["story"] == number):
            shown = "<br>".join(f"`{one}`" for one in each["shown_by"])
            note = f"<br>{each['note']}" if "note" in each else ""
            lines.append(f"| {each['text']} | {'yes' if each['met'] else '**no**'} | {shown}{note} |")
        lines.append("")
    met = sum(each["met"] for each in CRITERIA)
    return "\n".join([*lines, f"{met} of {len(CRITERIA)} criteria are met.", ""])


def test_the_table_of_the_documentation_is_that_of_the_data() -> None:
    assert TABLE.read_text("utf-8") == table()


def test_every_criterion_names_what_shows_it_and_what_is_not_met_says_why() -> None:
    assert {each["story"] for each in CRITERIA} == set(range(1, len(STORIES["titles"]) + 1))
    assert [each["text"] for each in CRITERIA if not each["shown_by"]] == []
    assert [each["text"] for each in CRITERIA if not each["met"] and "note" not in each] == []


def test_every_test_that_is_named_exists() -> None:
    named = [one for each in CRITERIA for one in each["shown_by"] if one.startswith("tests/")]
    found = [(file, name) for file, _, name in (one.partition("::") for one in named)]
    assert [
        f"{file}::{name}"
        for file, name in found
        if not (ROOT / file).is_file() or name not in functions_in(file)
    ] == []


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=204), "/slack": Reply("ok")}) as site:
        yield site


@pytest.fixture
def host_in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("host_in_new_york")
async def test_the_morning_mail_comes_once_between_08_00_and_08_05_whatever_the_zone_of_the_host(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    path.write_text(path.read_text("utf-8").replace("welcome = true", "welcome = false"), "utf-8")
    came: list[datetime] = []
    async with build(load(path), clock=clock) as app:
        await once(app)
        for day in (24, 25):  # 08:00 in Istanbul is 05:00 UTC
            clock.now = datetime(2026, 11, day, 4, 58, tzinfo=UTC)
            for _ in range(10):
                before = len(digests(site))
                await once(app)
                came += [clock().astimezone(ISTANBUL)] * (len(digests(site)) - before)
                clock.advance(minutes=1)
    assert [(each.day, each.hour) for each in came] == [(24, 8), (25, 8)]
    assert all(each.minute < 5 for each in came)


def digests(site: Site) -> list[dict[str, Any]]:
    posted = [json.loads(each.body) for each in site.asked("/hook")]
    return [each for each in posted if each["type"] == "digest"]


async def test_an_action_of_ofac_reaches_slack_in_the_round_that_finds_it(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    text = path.read_text("utf-8").replace('tier = "wire"', 'tier = "official"')
    text = (
        text.replace("['hook']", "['hook', 'team']")
        + f'[channels.team]\ntype = "slack"\nurl = "{site.url("/slack")}"\n'
    )
    path.write_text(text, "utf-8")
    began = clock()
    async with build(load(path), clock=clock) as app:
        await once(app)
    first = json.loads(site.asked("/slack")[0].body)
    assert clock() == began
    shown = json.dumps(first["blocks"], ensure_ascii=False)
    assert "OFAC adds 14 shipping companies to SDN List" in shown
    assert "imposes" in shown
    assert "Specially Designated Nationals" in shown


WIND_DOWN = (
    "wind", "OFAC adds 14 companies to SDN List; General License Q authorizes wind-down until 30 December 2026", ""
)  # fmt: skip


async def test_the_message_names_the_deadline_of_a_wind_down(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.routes["/feed.xml"] = Reply(feed(WIND_DOWN))
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    async with build(load(path), clock=clock) as app:
        await once(app)
    (alert, *_) = [json.loads(each.body) for each in site.asked("/hook")]
    assert alert["deadlines"] == ["2026-12-30"]
    assert alert["line"].endswith("deadline 30 Dec 2026")


REPORTS = (
    ("treasury", "official", "Treasury Sanctions Iranian Oil Shipping Network",
     "The US Treasury's OFAC today designated 14 shipping companies and six tankers under Executive Order 13902."),
    ("reuters", "wire", "US imposes sanctions on 14 shipping companies over Iranian oil",
     "Washington on Monday designated 14 companies and six tankers over Iranian oil trade."),
    ("register", "official", "Notice of OFAC Sanctions Actions",
     "OFAC is publishing the names of 14 shipping companies whose property was blocked under Executive Order 13902."),
)  # fmt: skip
ACTION = ("action", "Counter Terrorism Designations; Iran-related Designations",
          "The following entities have been added to OFAC's SDN List: 14 shipping companies and six tankers under"
          " Executive Order 13902.")  # fmt: skip


async def test_other_reports_of_an_action_of_ofac_are_sources_of_its_story_and_no_alerts(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    site.routes["/feed.xml"] = Reply(feed(ACTION))
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    path.write_text(path.read_text("utf-8").replace('tier = "wire"', 'tier = "official"'), "utf-8")
    for name, tier, title, summary in (("", "", "", ""), *REPORTS):
        if name:
            site.routes[f"/{name}.xml"] = Reply(feed((name, title, summary)))
            with path.open("a") as file:
                file.write(
                    f'[feeds.{name}]\nurl = "{site.url(f"/{name}.xml")}"\ntier = "{tier}"\nlang = "en"\n'
                )
        async with build(load(path), clock=clock) as app:
            without_host_gap(app)
            await once(app)
            stories = await app.db.run(app.store.stories_changed, clock() - timedelta(days=9), {})
        clock.advance(hours=6)
    alerts = [json.loads(each.body) for each in site.asked("/hook")]
    assert [each["type"] for each in alerts].count("alert") == 1
    assert [len(story.feeds) for story in stories] == [4]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return rulebook(Settings()).engine


def verdict(engine: Engine, title: str, lang: str = "", tier: Tier = Tier.OFFICIAL) -> Verdict:
    return engine.judge(item(title=title, summary="", lang=lang, published_at=None), tier)


@pytest.mark.parametrize(
    "title",
    [
        "OFAC revokes General License 13Q",
        "General License 44 expired on 18 April 2026, OFAC says",
        "Treasury issues Russia-related General License 13Q authorizing certain transactions through January",
        "US Treasury removes three Turkish defence officials from SDN List",
    ],
)
def test_relief_and_revocation_are_as_severe_as_a_listing(engine: Engine, title: str) -> None:
    assert verdict(engine, title).severity >= 4


@pytest.mark.parametrize(
    "title",
    [
        "Financial sanctions notice: amendments to 4 entries under the Russia regime",
        "Financial sanctions notice: amendments to 4 entries on the UK sanctions list",
        "OFAC amends identifying information of two entries",
    ],
)
def test_an_amendment_of_entries_is_flagged_and_less_severe_than_a_listing(
    engine: Engine, title: str
) -> None:
    judged = verdict(engine, title)
    assert judged.relevance["sanctions"] >= 60
    assert judged.severity <= 3
    assert judged.event is None or judged.event.type == "amended"


@pytest.mark.parametrize(
    "title",
    ["Patriots sign quarterback", "Cabinet sanctions Rs 500 crore", "rafales à 120 km/h", "قانون العقوبات"],
)
def test_words_that_only_look_like_ours_never_leave_the_archive(engine: Engine, title: str) -> None:
    judged = verdict(engine, title)
    assert max(judged.relevance.values()) < 40
    assert decide(judged, rulebook(Settings()).table).placement is Placement.ARCHIVE


def test_an_own_name_is_the_same_entity_in_every_language_and_its_namesake_is_not(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[watch.ssb]\nnames = ["Savunma Sanayii Başkanlığı", "رئاسة الصناعات الدفاعية",'
        ' "Управление оборонной промышленности"]\n',
        "utf-8",
    )
    engine = rulebook(load(path)).engine
    titles = [
        "ABD, Savunma Sanayii Başkanlığı'na yaptırım uyguladı",
        "واشنطن تفرض عقوبات على رئاسة الصناعات الدفاعية",
        "США ввели санкции против ведомства: Управление оборонной промышленности",
    ]
    assert all("watch:ssb" in {each.id for each in verdict(engine, title).entities} for title in titles)
    other = verdict(engine, "Sashastra Seema Bal (SSB) recruits constables")
    assert not {"watch:ssb", "agency:ssb"} & {each.id for each in other.entities}


def test_a_rule_shows_its_hits_of_the_last_30_days_before_it_is_put_in_force(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(
        'database = "monitor.db"\n[feeds.sample]\nurl = "seed:sample/feed.xml"\nbacklog = "all"\n', "utf-8"
    )
    assert cli("once").code == 0
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "own.toml").write_text(
        '[rule.ships]\ntopic = "arms"\npoints = 100\nwhen = "shipping"\n', "utf-8"
    )
    changes = cli("replay", "--since", "30d", "--rules", "trial", "--json").data["changes"]
    assert changes
    assert all("ships" in each["rules"] for each in changes if each["change"] == "flagged")
    assert cli("search", "shipping", "--topic", "arms", "--json").data == []


def test_a_stage_has_the_words_that_state_it(engine: Engine) -> None:
    stated = verdict(engine, "Denmark orders 16 additional F-35 fighter jets worth $4.5 billion")
    assert stated.event is not None
    assert (stated.event.stage, stated.event.quote != "") == ("contract", True)
    unstated = verdict(engine, "F-35 fighter jets fly over Copenhagen")
    assert unstated.event is None or unstated.event.stage == ""


LADDER = (
    ("2026-11-23", "notice", "US approves sale of HIMARS launchers to Sweden for $900 million", ""),
    ("2027-06-14", "order", "Sweden signs contract with the United States for HIMARS launchers worth $850 million", ""),
    ("2029-03-02", "first", "Sweden receives first HIMARS launchers from the United States", ""),
)  # fmt: skip


async def test_notification_contract_and_delivery_are_one_story_with_dated_stages(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    for day, *entry in LADDER:
        clock.now = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC)
        site.routes["/feed.xml"] = Reply(feed(tuple(entry)))
        async with build(load(path), clock=clock) as app:
            await once(app)
    alerts = [data for each in site.asked("/hook") if (data := json.loads(each.body))["type"] == "alert"]
    assert len({each["story"] for each in alerts}) == 1
    assert [each["news"] for each in alerts] == [
        "",
        "stage: approval → contract",
        "stage: contract → delivery",
    ]
    stages = [(each["stage"], each["at"][:10], each["amounts"]) for each in alerts[-1]["stages"]]
    assert stages == [
        ("approval", "2026-11-23", ["$900 million"]),
        ("contract", "2027-06-14", ["$850 million"]),
    ]


async def test_a_cancelled_deal_names_the_stage_before_it(
    tmp_path: Path, site: Site, clock: FakeClock
) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    order = ("order", "Denmark orders 16 F-35 fighter jets worth $4.5 billion", "The contract was signed.")
    cancelled = ("end", "Denmark cancels its $4.5 billion contract for 16 F-35 fighter jets", "")
    async with build(load(path), clock=clock) as app:
        for items in ((order,), (order, cancelled)):
            site.routes["/feed.xml"] = Reply(feed(*items))
            await once(app)
            clock.advance(hours=27)
    alerts = [json.loads(each.body) for each in site.asked("/hook")]
    steps = [(each["before"], each["now"]) for alert in alerts for each in alert.get("changes", ())]
    assert ("contract", "reversal") in steps


async def test_what_is_muted_is_still_an_alert_that_is_found(
    tmp_path: Path, site: Site, clock: FakeClock, cli: Cli
) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    muted = Silence(
        id="m1",
        who="ann",
        reason="a known case",
        created_at=clock(),
        expires_at=clock() + timedelta(days=7),
        feed="wire",
    )
    async with build(load(path), clock=clock) as app:
        await app.db.run(app.store.add_silence, muted)
        await once(app)
        (raised,) = await app.db.run(
            app.store.alerts, clock() - timedelta(days=1), clock() + timedelta(days=1)
        )
        histories = await app.db.run(app.store.deliveries_about, raised)
    states = {(each.delivery.kind, each.delivery.state) for each in histories}
    assert ("alert", "suppressed") in states
    assert [each["id"] for each in cli("search", "OFAC", "--json", "--config", path).data] == [raised.item.id]


@pytest.mark.parametrize(("tier", "most"), [(Tier.STATE_MEDIA, 40), (Tier.STATE_AGENCY, 55)])
def test_state_media_are_labelled_capped_and_still_reported(engine: Engine, tier: Tier, most: int) -> None:
    judged = verdict(engine, "Russia delivers S-400 systems to India", tier=tier)
    assert judged.credibility.score <= most
    assert any("its position" in reason for reason in judged.credibility.reasons)
    assert decide(judged, rulebook(Settings()).table).placement > Placement.ARCHIVE


FORMS = ("mail", "text", "slack", "teams", "discord", "telegram", "ntfy", "pagerduty", "matrix", "apprise")


@pytest.mark.parametrize("form", FORMS)
def test_every_alert_for_people_says_what_it_is_not(form: str) -> None:
    (message,) = Renderer().alert(sample.TALKS, form)
    assert "Monitoring aid, not a screening verdict" in json.dumps(asdict(message), ensure_ascii=False)
