"""`feeds add`: from an address to a table of the configuration, by one request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.config import load
from monitor.model import Tier
from tests.support.commands import Cli
from tests.support.servers import Reply, Site

CONFIG = '# mine\ndatabase = "m.db"  # kept\n\n[feeds.one]\nurl = "https://one.example/feed"'
FEED = '<rss version="2.0"><channel><title>Çelik &amp; News</title><item><title>A</title><guid>1</guid></item></channel></rss>'
LINK = '<link rel="alternate" type="application/rss+xml" title="{0}" href="/{0}.xml">'
PAGE = "<!doctype html><html><head>{}</head><body>words</body></html>"


@pytest.fixture
def site(cli: Cli) -> Iterator[Site]:
    Path("config.toml").write_text(CONFIG, "utf-8")
    routes = {
        "/feed.xml": Reply(FEED),
        "/one": Reply(PAGE.format(LINK.format("world"))),
        "/two": Reply(PAGE.format(LINK.format("world") + LINK.format("arms"))),
        "/none": Reply(PAGE.format("")),
        "/json": Reply('{"error": 1}'),
    }
    with Site(routes) as site:
        yield site


def config() -> str:
    return Path("config.toml").read_text("utf-8")


def test_a_feed_is_asked_once_and_written_behind_what_is_there(cli: Cli, site: Site) -> None:
    answer = cli("feeds", "add", site.url("/feed.xml"))
    assert answer.code == 0
    assert "added [feeds.celik-news]" in answer.flat
    assert "1 items" in answer.flat
    assert config().startswith(CONFIG + "\n")
    table = load(Path("config.toml")).feeds["celik-news"]
    assert (table.url, table.title, table.tier) == (site.url("/feed.xml"), "Çelik & News", Tier.UNREVIEWED)
    assert len(site.requests) == 1
    assert [path.name for path in Path().glob("*config*")] == ["config.toml"]


def test_of_a_page_the_one_feed_it_names_is_added_without_asking_again(cli: Cli, site: Site) -> None:
    assert cli("feeds", "add", site.url("/one"), "--name", "desk").code == 0
    assert load(Path("config.toml")).feeds["desk"].url == site.url("/world.xml")
    assert [request.path for request in site.requests] == ["/one"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/two", ["names 2 feeds", "/world.xml", "/arms.xml"]),
        ("/none", ["names no feed", "/rss.xml"]),
        ("/json", ['kind = "json"']),
        ("/missing", ["HTTP 404"]),
    ],
)
def test_an_address_without_a_single_feed_is_reported_and_changes_nothing(
    cli: Cli, site: Site, path: str, said: list[str]
) -> None:
    answer = cli("feeds", "add", site.url(path))
    assert answer.code == 1
    assert [word for word in said if word not in answer.err] == []
    assert config() == CONFIG


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["https://one.example/feed"], "there already, as [feeds.one]"),
        (["ftp://one.example/feed"], "write a whole address"),
        (["seed:sample/feed.xml", "--name", "one"], "a feed 'one' already"),
        (["seed:sample/feed.xml", "--name", "No Name"], "names are of small letters"),
    ],
)
def test_duplicates_and_mistakes_are_refused(cli: Cli, site: Site, args: list[str], said: str) -> None:
    answer = cli("feeds", "add", *args)
    assert answer.code == 2
    assert said in answer.err
    assert config() == CONFIG
