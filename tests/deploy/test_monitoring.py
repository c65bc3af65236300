"""The dashboard and the alert rules name metrics that are served, and the rules pass their own tests."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from monitor.executor import Executor
from monitor.jobs.policy import ListenAddress, WebAccess
from monitor.model import Incident, IncidentKind, Subscription
from monitor.store import SqlStore, open_store
from monitor.web.server import WebServer
from tests.conftest import NOW, FakeClock, delivery, item
from tests.store.builders import feed, outcome, raised, state_of
from tests.store.test_cluster import worker
from tests.support.policies import job_context

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES, TESTS = DEPLOY / "prometheus/alerts.yml", DEPLOY / "prometheus/alerts.test.yml"
DASHBOARD = DEPLOY / "grafana/sanctions-monitor.json"
METRIC = re.compile(r"\bsanctions_monitor_[a-z_]+")


def expressions(dashboard: dict[str, object]) -> Iterator[str]:
    """Yield the expressions of a dashboard, wherever they stand."""
    panels = dashboard["panels"]
    assert isinstance(panels, list)
    for panel in panels:
        for target in panel["targets"]:
            yield target["expr"]


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[SqlStore]:
    """A store in which something of every kind is stored."""
    store = open_store(str(tmp_path / "m.db"), lock=False)
    store.enrol([feed()], NOW)
    state = replace(state_of(store, "wire"), polled_at=NOW, failures=1)
    store.commit([outcome(state, state=state)])
    raised(store, item())
    store.add_deliveries([delivery()])
    store.report([Incident("wire", IncidentKind.FAILING, "dns", NOW)], [], [])
    store.report_worker(worker("a"))
    store.subscribe([Subscription(name="daily", at="08:00", zone="UTC")], NOW)
    yield store
    store.close()


@pytest.mark.anyio
async def test_every_metric_of_dashboard_and_rules_is_served(busy: SqlStore, clock: FakeClock) -> None:
    db = Executor("store")
    daily = Subscription(name="daily", at="08:00", zone="UTC")
    web = WebAccess(ListenAddress("127.0.0.1", 0))
    server = WebServer(job_context(busy, db, clock, web=web, subscriptions=(daily,)))
    await server.serve()
    async with httpx.AsyncClient(base_url=server.url, timeout=240) as http:
        await http.get("/metrics")
        raised(busy, item(guid="2"), story="s2")
        clock.advance(minutes=1)
        text = (await http.get("/metrics")).text
    await server.stop()
    db.close()
    served = set(METRIC.findall(text))
    asked = set(METRIC.findall(RULES.read_text("utf-8")))
    for expression in expressions(json.loads(DASHBOARD.read_text("utf-8"))):
        asked |= set(METRIC.findall(expression))
    assert asked - served == set()
    assert len(asked) >= 15


def test_every_rule_has_a_test_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    rules = set(re.findall(r"alert: (\w+)", RULES.read_text("utf-8")))
    tests = TESTS.read_text("utf-8")
    fires = set(re.findall(r"alertname: (\w+)\n\s+exp_alerts:", tests))
    silent = set(re.findall(r"alertname: (\w+)\}", tests))
    assert (fires, silent) == (rules, rules)


@pytest.mark.slow
def test_promtool_accepts_the_rules_and_their_tests() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; Debian has it in the package prometheus")
    for arguments in (["check", "rules", RULES.name], ["test", "rules", TESTS.name]):
        done = subprocess.run(
            [promtool, *arguments], cwd=RULES.parent, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_panels_of_the_dashboard_have_titles_of_their_own_and_do_not_overlap() -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    titles = [panel["title"] for panel in dashboard["panels"]]
    assert len(set(titles)) == len(titles)
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        columns, rows = range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        cells = {(column, row) for column in columns for row in rows}
        assert not cells & taken
        assert max(columns) < 24
        taken |= cells
