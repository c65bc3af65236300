"""The service as a process: how it begins, reloads and ends. What it waits for are facts of its own log."""

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.story import FOOTBALL, LISTING, config, feed
from tests.support.commands import Cli, cli
from tests.support.running import TIMEOUT_S, RunningService
from tests.support.servers import Reply, Request, Site

__all__ = ["cli"]


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A service manager that watches."""
    monkeypatch.chdir(tmp_path)  # the address of a socket is short, the folder's name may be long
    monkeypatch.setenv("NOTIFY_SOCKET", "notify")
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("notify")
        listening.settimeout(TIMEOUT_S)
        yield listening


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=204)}) as site:
        yield site


class BlockedReply:
    """A route that says when it was asked, and answers once it is let go."""

    def __init__(self, reply: Reply) -> None:
        self.asked = threading.Event()
        self.let_go = threading.Event()
        self._reply = Reply(reply.body, reply.status, wait=self.let_go)

    def __call__(self, _: Request) -> Reply:
        self.asked.set()
        return self._reply


def posted(site: Site) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in site.asked("/hook")]


def and_feed(path: Path, url: str) -> Path:
    """Add another feed to a configuration."""
    with path.open("a") as file:
        file.write(f'[feeds.slow]\nurl = "{url}"\nevery = "1d"\n')
    return path


def test_sigterm_finishes_the_current_fetch_and_delivery_and_starts_nothing(
    site: Site, manager: socket.socket, cli: Cli, tmp_path: Path
) -> None:
    sending, fetching = BlockedReply(Reply(status=204)), BlockedReply(Reply(feed(FOOTBALL)))
    site.routes["/hook"] = sending
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    with (
        Site({"/slow.xml": fetching}) as other,
        RunningService(and_feed(path, other.url("/slow.xml"))) as service,
    ):
        assert manager.recv(100) == b"READY=1"
        assert manager.recv(100) == b"WATCHDOG=1"
        assert sending.asked.wait(TIMEOUT_S)
        assert fetching.asked.wait(TIMEOUT_S)
        service.send_signal(signal.SIGTERM)
        assert manager.recv(100) == b"STOPPING=1"
        site.routes["/hook"] = Reply(status=204)
        sending.let_go.set()
        fetching.let_go.set()
        assert service.ended() == 0
        assert len(other.requests) == 1
    facts = [fact["event"] for fact in service.log]
    assert facts[-1] == "service_stopped"
    assert facts.count("delivery_sent") == 1
    assert facts.count("feed_polled") == 2

    assert [row["health"] for row in cli("feeds", "list", "--json", "--config", path).data] == ["ok", "ok"]
    assert cli("once", "--json", "--config", path).data["deliveries"]["dead"] == 0
    assert sorted(data["type"] for data in posted(site)) == ["alert", "digest"]


OWN_RULE = '[rule.own]\ntopic = "arms"\npoints = 70\nwhen = "zeppelin* {operator} fleet"\n'
ZEPPELIN = ("zeppelin", "Zeppelin joins the fleet", "It was built by the lake.")


def test_sigterm_during_the_start_exits_with_0(tmp_path: Path, site: Site) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    path.write_text(f'scoring = "{tmp_path}/pipe"\n{path.read_text()}')
    os.mkfifo(tmp_path / "pipe")
    with RunningService(path, cold=True) as service:
        with (tmp_path / "pipe").open("w"):  # opens once the program reads its settings
            service.send_signal(signal.SIGTERM)
        assert service.ended() == 0
    assert not service.log


def test_sighup_keeps_the_old_engine_until_the_new_one_is_valid(site: Site, cli: Cli, tmp_path: Path) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    path.write_text(path.read_text().replace('every = "1d"', 'every = "1s"'))
    (tmp_path / "rules").mkdir()
    rule = tmp_path / "rules" / "own.toml"
    with RunningService(path) as service:
        service.wait_for("service_started")

        rule.write_text(OWN_RULE.format(operator="NEAR"))
        service.send_signal(signal.SIGHUP)
        refused = service.wait_for("reload_refused")
        assert refused["level"] == "error"
        assert refused["reason"].startswith("rules/own.toml: own: when: column 11: ")
        service.wait_for("feed_polled")

        rule.write_text(OWN_RULE.format(operator="NEAR/4"))
        assert cli("reload", "--config", path).out.startswith(
            f"sent process {service.pid} the signal to reload"
        )
        assert service.wait_for("reloaded")["feeds"] == 1
        site.routes["/feed.xml"] = Reply(feed(LISTING, ZEPPELIN))
        service.wait_for("alert_raised")
        service.wait_for("delivery_sent")
        service.send_signal(signal.SIGTERM)
        assert service.ended() == 0
    (alert_posted,) = [data for data in posted(site) if data["type"] == "alert" and "own" in data["rules"]]
    assert alert_posted["title"] == ZEPPELIN[1]


def test_a_database_is_served_once_until_its_service_ends_however_that_ends(
    site: Site, cli: Cli, tmp_path: Path
) -> None:
    path = config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"))
    with RunningService(path) as service:
        service.wait_for("service_started")
        for command in ("run", "once"):
            answer = cli(command, "--config", path)
            assert answer.code == 1
            assert f"is served by another sanctions-monitor (pid {service.pid}" in answer.err
            assert "stop it or use another database" in answer.err
        service.wait_for("delivery_sent")
        service.send_signal(signal.SIGKILL)
        assert service.ended() == -signal.SIGKILL
    assert cli("once", "--config", path).code == 0
    assert cli("reload", "--config", path).code == 1
