"""`feeds import`, `feeds export`: lists of feeds, both ways."""

from pathlib import Path

from monitor.config import load
from monitor.model import Tier
from tests.support.commands import Cli

CONFIG = """# mine
[feeds.sample]
url = "seed:sample/feed.xml"
[feeds.wire]
url = "https://reader:hunter22@wire.example/feed?a=1&b=2"
title = "A <wire> & more"
every = "90s"
tier = "wire"
lang = "tr"
backlog = "all"
enabled = false
[feeds.list]
url = "https://office.example/list"
kind = "page"
page = { items = "li > a", date = "time@datetime" }
[feeds.api]
url = "https://register.example/api"
kind = "json"
json = { items = "data", title = "name" }
"""
FOREIGN = """<opml version="2.0"><body><outline text="Folder">
<outline text="Other news" xmlUrl="https://other.example/rss"/>
<outline text="Other news" xmlUrl="https://third.example/rss"/>
<outline text="A wire" xmlUrl="https://wire.example/feed?a=1&amp;b=2"/>
<outline text="Odd" xmlUrl="gopher://odd.example/"/>
</outline></body></opml>"""


def given(text: str) -> None:
    Path("config.toml").write_text(text, "utf-8")


def test_a_list_keeps_our_settings_and_no_credentials(cli: Cli) -> None:
    given(CONFIG)
    assert cli("feeds", "export", "feeds.opml").code == 0
    assert "hunter22" not in Path("feeds.opml").read_text("utf-8")
    before = load(Path("config.toml")).feeds
    given('database = "m.db"\n')
    assert cli("feeds", "import", "feeds.opml").code == 0
    after = load(Path("config.toml")).feeds
    bare = before["wire"].model_copy(update={"url": "https://wire.example/feed?a=1&b=2"})
    assert after == {"wire": bare, "list": before["list"], "api": before["api"]}


def test_a_list_of_others_is_added_and_what_is_there_stays(cli: Cli) -> None:
    given(CONFIG)
    Path("foreign.opml").write_text(FOREIGN, "utf-8")
    answer = cli("feeds", "import", "foreign.opml")
    assert answer.code == 0
    assert "kept [feeds.wire]" in answer.flat
    assert "left gopher://odd.example/: write a whole address" in answer.flat
    feeds = load(Path("config.toml")).feeds
    assert Path("config.toml").read_text("utf-8").startswith(CONFIG)
    assert (feeds["other-news"].tier, feeds["other-news"].title) == (Tier.UNREVIEWED, "Other news")
    assert feeds["other-news-2"].url == "https://third.example/rss"


def test_without_a_file_the_list_is_printed(cli: Cli) -> None:
    given(CONFIG)
    assert cli("feeds", "export").out.startswith("<?xml")


def test_a_hostile_or_missing_list_changes_nothing(cli: Cli) -> None:
    given(CONFIG)
    Path("bad.opml").write_text('<!DOCTYPE x [<!ENTITY a "b">]><opml/>', "utf-8")
    for name, said in (("bad.opml", "DOCTYPE"), ("no.opml", "cannot be read")):
        answer = cli("feeds", "import", name)
        assert answer.code == 1
        assert said in answer.err
    assert Path("config.toml").read_text("utf-8") == CONFIG


def test_how_a_feed_is_asked_travels_without_its_secrets_and_no_list_sets_them(cli: Cli) -> None:
    secrets = (
        'token = "hunter22"\nproxy = "http://u:hunter22@p.example:1"\nheaders = { X-Key = "hunter22" }\n'
    )
    given('[feeds.a]\nurl = "https://a.example/f"\nhttp2 = true\nencoding = "koi8-r"\n' + secrets)
    assert cli("feeds", "export", "feeds.opml").code == 0
    text = Path("feeds.opml").read_text("utf-8")
    assert "hunter22" not in text
    hostile = 'sm:token_file="/dev/zero" sm:proxy="http://evil.example:1" sm:http2'
    Path("feeds.opml").write_text(text.replace("sm:http2", hostile), "utf-8")
    given('database = "m.db"\n')
    assert cli("feeds", "import", "feeds.opml").code == 0
    added = load(Path("config.toml")).feeds["a"]
    assert (added.http2, added.encoding, added.token, added.proxy) == (True, "koi8-r", None, None)


def test_an_address_that_cannot_be_read_is_left_and_the_others_are_added(cli: Cli) -> None:
    Path("config.toml").write_text('database = "m.db"\n')
    Path("list.opml").write_text(
        '<opml version="2.0"><body><outline text="x" xmlUrl="http://[::1/feed"/>'
        '<outline text="y" xmlUrl="http://user:secret@[x/feed"/>'
        '<outline text="z" xmlUrl="https://z.example/feed"/></body></opml>'
    )
    answer = cli("feeds", "import", "list.opml")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == ["left   an address that cannot be read: Invalid IPv6 URL"] * 2 + [
        "added  [feeds.z]"
    ]
