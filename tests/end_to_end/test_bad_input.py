"""What goes wrong where people type and machines answer: a clear word, the right exit code, and nothing lost."""

import asyncio
import io
import json
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import build
from monitor.app.once import RunSummary, once
from monitor.clock import utc_now
from monitor.config import load
from tests.end_to_end.story import LISTING, config, feed, mail_channel
from tests.support.commands import Cli, cli
from tests.support.servers import Reply, Site, redirect
from tests.support.servers_mail import PASSWORD, USER, MailServer

__all__ = ["cli"]

ORDER = (
    "order",
    "Denmark orders 16 additional F-35 fighter jets worth $4.5 billion",
    "Deliveries begin in 2030.",
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed.xml": Reply(feed(LISTING)), "/hook": Reply(status=204)}) as site:
        yield site


@pytest.fixture
def path(cli: Cli, tmp_path: Path, site: Site) -> Path:
    """A good configuration; the tests break one thing each."""
    return config(tmp_path, feed_url=site.url("/feed.xml"), hook_url=site.url("/hook"), prepared=False)


def add(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def webhook_types(site: Site) -> list[str]:
    """Return the types of the messages that the webhook received, in order."""
    return [json.loads(request.body)["type"] for request in site.asked("/hook")]


def owed(cli: Cli) -> list[dict[str, Any]]:
    rows = cli("outbox", "list", "--json", "--state", "owed").data
    return list(reversed(rows))


def later(path: Path, hours: float) -> RunSummary:
    """Run `once` when that many hours have gone by."""

    async def work() -> RunSummary:
        clock = lambda: utc_now() + timedelta(hours=hours)  # noqa: E731
        async with build(load(path), clock=clock, stream=io.StringIO()) as app:
            return await once(app)

    return asyncio.run(work())


# ---------------------------------------------------------------- what an operator writes


RULE = '[rule.own]\ntopic = "arms"\npoints = 5\nwhen = "{when}"\n'
MISTAKES: dict[str, tuple[str, str, list[str]]] = {
    "broken TOML": ("config.toml", "[feeds.wire\n", ["config.toml: ", "(at line "]),
    "unknown key": ("config.toml", "databse = 'x.db'\n", ["config.toml: databse: no such key; did you mean database?"]),
    "broken rule": ("rules/own.toml", RULE.format(when="missile* AND @sanctons_strong"), ["rules/own.toml: own: when: column 14: ", "did you mean", "sanctions_strong"]),
    "broken lexicon": ("lexicon/own.toml", "[weapn.x]\nname = 'X'\n", ["lexicon/own.toml: ", "weapn"]),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_with_its_place_and_loses_nothing_once_corrected(
    mistake: str, path: Path, site: Site, cli: Cli
) -> None:
    name, text, said = MISTAKES[mistake]
    good = Path(name).read_text() if Path(name).exists() else ""
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text + good)
    for command in ("check", "once"):
        answer = cli(command)
        assert answer.code == 2
        assert "Traceback" not in answer.err
        for part in said:
            assert part in answer.out + answer.err
    assert site.requests == []
    assert not Path("monitor.db").exists()

    Path(name).write_text(good)
    assert cli("once", "--json").data["alerts"] == 1
    assert webhook_types(site) == ["alert", "digest"]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("alert.txt.j2", "one\n{{ alert.nothing }}\n", "templates.d/alert.txt.j2: line 2: "),
        ("alert.html.j2", "{% for each in %}", "templates.d/alert.html.j2: line 1: "),
    ],
)
def test_a_broken_template_is_named_and_costs_no_alert(
    name: str, text: str, place: str, path: Path, site: Site, cli: Cli
) -> None:
    add(path, '[channels.out]\ntype = "file"\npath = "out"\n')
    path.write_text(path.read_text().replace("['hook']", "['hook', 'out']"))
    Path("templates.d").mkdir()
    Path("templates.d", name).write_text(text)
    checked = cli("check")
    assert checked.code == 2
    assert place in checked.out

    answer = cli("once", "--json")
    assert (answer.code, answer.data["alerts"], answer.data["deliveries"]["sent"]) == (0, 1, 4)
    warnings = answer.facts
    assert {fact["event"] for fact in warnings} == {"template_warned", "incident_opened"}
    assert all(fact["reason"].startswith(place) for fact in warnings)
    assert webhook_types(site) == ["alert", "digest"]
    (written,) = Path("out").glob("*-alert-*.txt")
    assert LISTING[1] in " ".join(written.read_text("utf-8").split())


# ---------------------------------------------------------------- the database


def under_a_file(folder: Path) -> str:
    (folder / "file").write_text("not a folder")
    return f"{folder}/file/monitor.db"


def no_database(folder: Path) -> str:
    (folder / "other.db").write_text("this is a letter, not a database. " * 100)
    return f"{folder}/other.db"


def a_folder(folder: Path) -> str:
    (folder / "folder.db").mkdir()
    return f"{folder}/folder.db"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (under_a_file, ["file", "where this user may write"]),
        (no_database, ["other.db is not a database", "move that file away or name another"]),
        (a_folder, ["folder.db"]),
    ],
    ids=["unwritable", "no database", "a folder"],
)
def test_a_database_that_cannot_be_used_is_named_with_a_remedy(
    make: Callable[[Path], str], said: list[str], path: Path, site: Site, cli: Cli, tmp_path: Path
) -> None:
    good = path.read_text()
    wrong = make(tmp_path)
    before = Path(wrong).read_bytes() if Path(wrong).is_file() else b""
    path.write_text(good.replace(f"{tmp_path}/monitor.db", wrong))
    answer = cli("once")
    assert answer.code == 1
    assert "Traceback" not in answer.err
    for part in said:
        assert part in answer.err
    assert (Path(wrong).read_bytes() if Path(wrong).is_file() else b"") == before
    assert site.requests == []

    path.write_text(good)
    assert cli("once", "--json").data["alerts"] == 1
    assert webhook_types(site) == ["alert", "digest"]


# ---------------------------------------------------------------- those who should receive


def test_a_mail_server_that_is_not_there_is_owed_to_and_served_when_it_is(
    tmp_path: Path, site: Site, cli: Cli
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = MailServer(port=port)
    Path("ca.pem").write_bytes(server.authority.cert_pem.bytes())
    config(tmp_path, feed_url=site.url("/feed.xml"), mail=mail_channel(port, Path("ca.pem"), USER, PASSWORD))
    answer = cli("once", "--json")
    assert (answer.code, answer.data["alerts"]) == (0, 1)
    assert answer.data["deliveries"] == {"sent": 0, "postponed": 1, "dead": 0}
    (postponed,) = answer.facts
    assert (postponed["event"], postponed["channel"]) == ("delivery_postponed", "desk")
    tried, waiting = owed(cli)
    assert (tried["kind"], waiting["kind"]) == ("alert", "digest")
    assert tried["note"].startswith("localhost: ")
    assert tried["note"] == postponed["reason"]

    assert cli("outbox", "retry", tried["id"]).code == 0
    with server:
        answer = cli("once", "--json")
    assert (answer.code, answer.data["deliveries"]["sent"]) == (0, 2)
    assert len(server.mails) == 2
    assert owed(cli) == []


def test_a_webhook_that_answers_500_is_owed_to_and_served_when_it_does_not(
    path: Path, site: Site, cli: Cli
) -> None:
    site.routes["/hook"] = Reply(b"out of order", 500)
    answer = cli("once", "--json")
    assert (answer.code, answer.data["deliveries"]) == (0, {"sent": 0, "postponed": 1, "dead": 0})
    tried, _ = owed(cli)
    assert tried["note"] == "127.0.0.1 answered HTTP 500 'out of order'"

    site.routes["/hook"] = Reply(status=204)
    assert cli("outbox", "retry", tried["id"]).code == 0
    assert cli("once", "--json").data["deliveries"]["sent"] == 2
    assert sorted(webhook_types(site)) == ["alert", "alert", "digest"]
    assert len({request.headers["webhook-id"] for request in site.asked("/hook")}) == 2


# ---------------------------------------------------------------- those who should answer


PAGE = "<!doctype html><html><head><title>Sign in</title></head><body><form></form></body></html>"
FAULTS: dict[str, tuple[Reply, str, list[str]]] = {
    "a page": (Reply(PAGE, headers={"Content-Type": "text/html"}), "html", ["a web page, not a feed; look on that page"]),
    "an internal host": (redirect("http://127.0.0.1:9/admin"), "guarded", ["127.0.0.1:9", "loopback", "polling.allow_hosts"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_feed_that_is_none_is_named_and_the_others_are_polled(
    fault: str, path: Path, site: Site, cli: Cli
) -> None:
    reply, health, said = FAULTS[fault]
    with Site({"/feed.xml": reply}) as other:
        add(path, f'[feeds.other]\nurl = "{other.url("/feed.xml")}"\nevery = "10m"\ntier = "wire"\n')
        answer = cli("once", "--json")
        assert answer.code == 1
        assert (answer.data["polled"], answer.data["failed"], answer.data["alerts"]) == (2, 1, 1)
        lines = answer.facts
        (failed,) = [line for line in lines if line["event"] != "incident_opened"]
        assert (failed["event"], failed["feed"], failed["health"]) == ("feed_failed", "other", health)
        for part in said:
            assert part in failed["reason"]
        states = {row["name"]: row for row in cli("feeds", "list", "--json").data}
        assert (states["wire"]["health"], states["other"]["health"]) == ("ok", health)
        assert states["other"]["reason"] == failed["reason"]
        assert webhook_types(site) == ["alert", "digest"]

        other.routes["/feed.xml"] = Reply(feed(ORDER))
        done = later(path, hours=13)
    assert (done.polled.failed, done.polled.alerts, done.sent.dead) == (0, 1, 0)
    assert webhook_types(site).count("alert") == 2


def test_a_service_of_this_machine_is_not_asked_because_a_feed_says_so(
    path: Path, site: Site, cli: Cli
) -> None:
    with Site({"/": Reply(b"secrets")}) as internal:
        site.routes["/feed.xml"] = redirect(internal.url("/"))
        assert cli("once").code == 1
        assert internal.requests == []
        (state,) = cli("feeds", "list", "--json").data
    assert state["health"] == "guarded"
    site.routes["/feed.xml"] = Reply(feed(LISTING))
    assert later(path, hours=60).polled.alerts == 1
