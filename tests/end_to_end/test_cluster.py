"""A cluster of two workers on a real PostgreSQL: no feed twice at once, hosts spaced, one alert an act."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from monitor import __version__
from monitor.app.build import App, build
from monitor.app.members import fetch_rules
from monitor.clock import utc_now
from monitor.config import load
from monitor.errors import StoreError
from monitor.model import ClusterRole, Worker
from tests.conftest import FakeClock
from tests.end_to_end.story import LISTING, config, feed
from tests.support.cluster import count_rows, database, in_cluster, members, serving
from tests.support.commands import Cli, cli
from tests.support.servers import Reply, Request, Site

__all__ = ["cli"]

HOSTS, FEEDS = 3, 9
GAP_S = 1.0
NOWHERE = "https://wire.example/feed"
RULE = """
[rule.salt]
topic = "sanctions"
points = 30
because = "salt is sanctioned"
when = "salt AND sanctions"
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with database() as url:
        yield url


@dataclass
class Watch:
    """Answers polls and counts those that come at once or too close."""

    busy: Counter[str] = field(default_factory=Counter)
    last: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    polled: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Reply:
        host = request.headers["host"]
        with self._lock:
            now = monotonic()
            if now - self.last.get(host, 0.0) < GAP_S:
                self.faults.append(f"{host}{request.path} {now - self.last[host]:.3f} s after another")
            self.last[host] = now
            self.polled[f"{host}{request.path}"] += 1
        return Reply(feed(LISTING))


async def test_two_workers_share_feeds_space_hosts_and_raise_one_alert_for_an_act(
    tmp_path: Path, url: str
) -> None:
    watch = Watch()
    with ExitStack() as stack:
        hosts = [stack.enter_context(Site({})) for _ in range(HOSTS)]
        urls = [hosts[n % HOSTS].url(f"/f{n}") for n in range(FEEDS)]
        for host in hosts:
            host.routes.update({"/hook": Reply(status=204), **{f"/f{n}": watch for n in range(FEEDS)}})
        site = hosts[0]
        path = config(tmp_path, feed_url=urls[0], hook_url=site.url("/hook"), prepared=False)
        tables = [f'[feeds.f{n}]\nurl = "{urls[n]}"\nevery = "1d"\n' for n in range(1, FEEDS)]
        path.write_text(path.read_text("utf-8") + "".join(tables), "utf-8")
        in_cluster(path, url)

        async def finished() -> bool:
            polled = count_rows(url, "feeds", "polled_at IS NOT NULL") == FEEDS
            return polled and count_rows(url, "deliveries", "state = 'sent'") == 2

        async with members(path, 2) as apps, serving(apps, path) as work:
            await work.until(finished)
            workers = await apps[0].db.run(
                apps[0].store.workers, apps[0].clock() - apps[0].settings.engine.lease
            )
            leaders = [app.membership.leads() for app in apps if app.membership]
        sent = [json.loads(request.body)["type"] for request in site.asked("/hook")]
    assert watch.faults == []
    assert set(watch.polled.values()) == {1}
    assert sorted(sent) == ["alert", "digest"]
    assert count_rows(url, "stories") == count_rows(url, "alerts") == 1
    assert [worker.rules for worker in workers] == [workers[0].rules] * 2
    assert sorted(leaders) == [False, True]
    assert count_rows(url, "workers") == count_rows(url, "procrastinate_jobs") == 0


async def test_a_worker_of_another_version_is_refused_politely(tmp_path: Path, url: str) -> None:
    path = in_cluster(config(tmp_path, feed_url=NOWHERE, hook_url=NOWHERE, prepared=False), url)
    async with members(path, 1) as (app,):
        await app.db.run(app.store.report_worker, _of_version(app, "9.9.9"))
        with pytest.raises(StoreError, match=r"pid 7 on elsewhere runs 9\.9\.9; end those processes first"):
            async with members(path, 1):
                pass
        await app.db.run(app.store.remove_worker, "other", app.clock())


async def test_a_worker_that_is_lost_is_reported_as_an_incident(
    tmp_path: Path, url: str, clock: FakeClock
) -> None:
    path = in_cluster(config(tmp_path, feed_url=NOWHERE, hook_url=NOWHERE, prepared=False), url)
    clock.now = utc_now()  # later than the leases of the tests before
    async with members(path, 1, clock=clock) as (app,):
        assert app.membership
        await app.db.run(app.store.report_worker, _of_version(app, __version__))
        clock.advance(seconds=app.settings.engine.lease.total_seconds())
        await app.membership.beat()
        await app.health.run()
        [incident] = await app.db.run(app.store.open_incidents)
        await app.db.run(app.store.remove_worker, "other", app.clock())
    assert (incident.subject, incident.kind) == ("pid 7 on elsewhere", "worker")


async def test_the_rules_of_the_machine_that_reloads_are_put_on_the_others(
    tmp_path: Path, url: str, cli: Cli
) -> None:
    paths = []
    for name in ("ours", "theirs"):
        (tmp_path / name / "rules").mkdir(parents=True)
        path = config(tmp_path / name, feed_url=NOWHERE, hook_url=NOWHERE, prepared=False)
        in_cluster(path, url)
        path.write_text(path.read_text("utf-8") + "share_rules = true\n", "utf-8")
        paths.append(path)
    own_rule = tmp_path / "theirs" / "rules" / "own.toml"
    async with (
        build(load(paths[0]), role=ClusterRole.WORKER) as ours,
        build(load(paths[1]), role=ClusterRole.WORKER) as theirs,
        serving([theirs], paths[1]) as work,
    ):
        before = _rules(theirs)
        (tmp_path / "ours" / "rules" / "own.toml").write_text(RULE, "utf-8")
        printed = await asyncio.to_thread(lambda: cli("reload", "--config", paths[0]).out)

        async def reloaded() -> bool:
            return _rules(theirs) != before

        await work.until(reloaded)
        await fetch_rules(ours, ours.settings)
        await ours.reload(ours.settings)
        assert _rules(ours) == _rules(theirs)
    assert "published 1 changed files" in printed
    assert own_rule.read_text("utf-8") == RULE


def _rules(app: App) -> str:
    assert app.policy.engine
    return app.policy.engine.versions["rules"]


def _of_version(app: App, version: str) -> Worker:
    assert app.membership
    own = app.membership.worker
    return Worker(
        id="other",
        process="pid 7 on elsewhere",
        runs_jobs=True,
        program=version,
        config="",
        rules="",
        lexicon="",
        lists="",
        started_at=own.started_at,
        seen_at=own.seen_at,
    )
