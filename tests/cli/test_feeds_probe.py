"""`feeds probe`: every feed asked once; and what `--off` writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.config import load
from tests.support.commands import Cli
from tests.support.servers import Reply, Site
from tests.support.servers_imap import PASSWORD, USER, MailboxServer, message

ITEM = "<item><title>A</title><guid>1</guid><pubDate>Mon, 23 Nov 2026 08:30:00 GMT</pubDate></item>"
RSS = '<rss version="2.0"><channel><title>t</title>{}</channel></rss>'


@pytest.fixture
def site(cli: Cli) -> Iterator[Site]:
    routes = {
        "/good": Reply(RSS.format(ITEM)),
        "/quiet": Reply(RSS.format("")),
        "/page": Reply("<!doctype html><html><body>no</body></html>"),
        "/busy": Reply(status=429),
        "/list": Reply("<!doctype html><ul><li><a href='/1'>Sale of radars</a></ul>"),
    }
    with Site(routes) as site:
        yield site


def given(site: Site, *names: str, more: str = "") -> None:
    text = '# mine\ndatabase = "m.db"\n[polling]\nhost_gap = "0s"\n'
    for name in names:
        text += f'[feeds.{name}]  # {name}\nurl = "{site.url("/" + name)}"\n'
    Path("config.toml").write_text(text + more, "utf-8")


def test_every_feed_says_how_it_answers(cli: Cli, site: Site) -> None:
    given(
        site, "good", "quiet", "page", "busy", "gone", "list", more='kind = "page"\npage = { items = "li" }\n'
    )
    answer = cli("feeds", "probe", "--json")
    assert answer.code == 1
    by_name = {each["name"]: each for each in answer.data}
    assert {name: each["health"] for name, each in by_name.items()} == {
        "good": "ok",
        "quiet": "empty",
        "page": "html",
        "busy": "throttled",
        "gone": "http",
        "list": "ok",
    }
    assert (by_name["good"]["items"], by_name["good"]["newest"]) == (1, "2026-11-23T08:30:00Z")
    assert by_name["good"]["ms"] >= 0
    assert "HTTP 404" in by_name["gone"]["reason"]
    assert len(site.requests) == 6
    assert not Path("m.db").exists()


def test_people_get_a_table(cli: Cli, site: Site) -> None:
    given(site, "good", "page")
    answer = cli("feeds", "probe")
    assert answer.out.splitlines()[0].split()[:3] == ["feed", "health", "items"]
    assert "1 of 2 feeds answer with items" in answer.flat


def test_some_feeds_may_be_asked_alone(cli: Cli, site: Site) -> None:
    given(site, "good", "gone")
    assert cli("feeds", "probe", "good").code == 0
    assert [request.path for request in site.requests] == ["/good"]
    answer = cli("feeds", "probe", "other")
    assert answer.code == 2
    assert "no feed 'other'" in answer.err


def test_dead_feeds_are_switched_off_and_the_others_stay(cli: Cli, site: Site) -> None:
    given(site, "good", "quiet", "page", "busy", "gone")
    answer = cli("feeds", "probe", "--off")
    assert "switched off [feeds.page]" in answer.flat
    feeds = load(Path("config.toml")).feeds
    assert [name for name, table in feeds.items() if not table.enabled] == ["page", "gone"]
    text = Path("config.toml").read_text("utf-8")
    assert text.startswith("# mine\n")
    assert "[feeds.gone]  # gone\nenabled = false\n" in text


def test_nothing_is_switched_off_when_nothing_answers(cli: Cli, site: Site) -> None:
    given(site, "gone", "page")
    before = Path("config.toml").read_text("utf-8")
    assert cli("feeds", "probe", "--off").code == 1
    assert Path("config.toml").read_text("utf-8") == before


def test_a_mailbox_is_probed_as_other_feeds_are(cli: Cli) -> None:
    with MailboxServer() as server:
        server.add(message("Council lists 12 vessels", Date="Mon, 23 Nov 2026 08:30:00 +0000"))
        server.authority.cert_pem.write_to_path("ca.pem")
        account = f'user = "{USER}"\npassword = "{PASSWORD}"\nca = "ca.pem"\nkind = "imap"\n'
        text = f'database = "m.db"\n[feeds.lists]\nurl = "{server.url()}"\n{account}'
        Path("config.toml").write_text(text, "utf-8")
        assert cli("check").code == 0
        answer = cli("feeds", "probe", "--json")
        Path("config.toml").write_text(text.replace(PASSWORD, "hunter22"), "utf-8")
        refused = cli("feeds", "probe", "--json")
    (probed,) = answer.data
    assert (answer.code, probed["health"], probed["items"]) == (0, "ok", 1)
    assert probed["newest"] == "2026-11-23T08:30:00Z"
    assert (refused.code, refused.data[0]["health"]) == (1, "blocked")
    assert "hunter22" not in refused.out + refused.err
