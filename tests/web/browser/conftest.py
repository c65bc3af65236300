"""A desk with stories, and a browser at it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from benchmarks.screenshots import alerts
from monitor.app.rulebook import Rulebook, rulebook
from monitor.config import load
from monitor.model import DeliveryState, Incident, IncidentKind, Judged, Mention
from monitor.render import samples
from tests.conftest import NOW, delivery, item, verdict
from tests.store.builders import feed, outcome, raised, state_of
from tests.support.browser import PROGRAM
from tests.web.conftest import Served

ROOT = Path(__file__).parents[3]


@cache
def book() -> Rulebook:
    return rulebook(load(ROOT / "config.example.toml"))


@dataclass
class Desk:
    """A server with stories, and a browser at it."""

    served: Served
    browser: Browser
    page: Page
    violations: list[str]
    shots: str

    async def open(self, path: str, **options: Any) -> Page:
        """Open a page; `options` are those of a new browser context."""
        if options:
            context = await self.browser.new_context(base_url=self.served.server.url, **options)
            self.page = await context.new_page()
            self.listen()
        answer = await self.page.goto(path)
        assert answer
        assert answer.status == 200
        return self.page

    def listen(self) -> None:
        """Collect what the policy of pages forbids, and errors of scripts."""
        self.page.on("console", lambda line: self._note(line.type, line.text))
        self.page.on("pageerror", lambda error: self.violations.append(str(error)))

    async def shot(self, name: str) -> None:
        """Keep a picture, if asked to."""
        if self.shots:
            await self.page.screenshot(path=f"{self.shots}/desk-{name}.png")

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.violations.append(text)


@pytest.fixture
async def desk(served: Served, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    assert PROGRAM, "Chromium is needed: apt install chromium"
    config = tmp_path / "config.toml"
    config.write_text('database = "m.db"\n', "utf-8")
    policy, engine = served.server.context.policy, book().engine
    served.change(
        engine=engine,
        rules_folder=tmp_path / "rules",
        lexicon_folder=tmp_path / "lexicon",
        config_file=config,
        alerts=replace(policy.alerts, judge=engine.judge, table=book().table),
    )
    served.store.store_rule_files(engine.versions, book().files, NOW)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        context = await browser.new_context(
            base_url=served.server.url, viewport={"width": 1280, "height": 900}
        )
        shots = request.config.getoption("--screenshots") or ""
        desk = Desk(served, browser, await context.new_page(), [], shots)
        desk.listen()
        yield desk
        await browser.close()


def fill(served: Served) -> None:
    """Stories, a dead delivery, an incident and a feed that fails."""
    served.store.enrol([feed("wire", title="A wire"), feed("ofac", title="OFAC")], NOW)
    broken = replace(
        state_of(served.store, "ofac"),
        failures=3,
        health="blocked",
        reason="HTTP 403; ask for access",
        polled_at=NOW,
    )
    served.store.commit([outcome(broken, state=broken)])
    listed = Mention(id="ofac:1", name="SSB", kind="agency", quote="SSB", lists=("ofac",), grade="A")
    raised(served.store, item(), verdict=verdict(entities=(*verdict().entities, listed)), story="s1")
    for number, alert in enumerate(samples.ALERTS):
        one = replace(alert.item, feed="wire", guid=f"sample-{number}", first_seen_at=NOW)
        raised(
            served.store, one, verdict=alert.verdict, story=f"sample{number}", source=alert.source or "A wire"
        )
    served.store.add_deliveries([delivery(id="d" * 20, channel="mail", story="s1")])
    (leased,) = served.store.lease("mail", NOW, NOW + timedelta(minutes=5))
    served.store.close_delivery(leased, NOW, state=DeliveryState.DEAD, code="550", reason="no such mailbox")
    served.store.report([Incident("ofac", IncidentKind.FAILING, "HTTP 403", NOW)], [], [])
    served.clock.advance(minutes=44)


def fill_with_a_day(served: Served) -> None:
    """The stories of a made-up day, judged by the rules that ship, and a source that fails."""
    day = tuple(alerts())
    sources = {each.item.feed: each.source for each in day}
    served.store.enrol([feed(name, title=title) for name, title in sources.items()], NOW)
    for each in sorted(day, key=lambda alert: alert.raised_at):
        state, judged = state_of(served.store, each.item.feed), Judged(each.item, each.verdict, each.decision)
        served.store.commit([outcome(state, judged=(judged,), alerts=(each,))])
    broken = replace(state_of(served.store, "harbour-blog"), failures=6, health="blocked", polled_at=NOW)
    served.store.commit([outcome(broken, state=replace(broken, reason="HTTP 403; ask for access"))])
