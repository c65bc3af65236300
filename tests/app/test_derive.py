"""Objects derived from a configuration: feeds, channel targets, routes, digests, the guard, names and the engine."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import __version__
from monitor.alerts.routing import Route
from monitor.app import derive, policies
from monitor.app.rulebook import rulebook
from monitor.config import Settings, load
from monitor.errors import ConfigError
from monitor.model import ChannelTarget, Feed, Placement, Subscription, Tier
from monitor.resources import SEEDS
from tests.conftest import item


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(text: str = "") -> Settings:
    Path("config.toml").write_text(text, "utf-8")
    return load(Path("config.toml"))


# ---------------------------------------------------------------- feeds, channel targets, routes, digests


def test_a_feed_knows_the_lane_of_its_host() -> None:
    feeds = derive.feeds_of(
        settings("""
        [feeds.wire]
        url = "https://reader:hunter22@Wire.example:8443/feed"
        title = "A wire"
        every = "7m"
        tier = "wire"
        lang = "en"
        backlog = "2d"
        [feeds.gazette]
        url = "https://gazette.example/rss"
        [feeds.sample]
        url = "seed:sample/feed.xml"
        backlog = "all"
        [feeds.off]
        url = "https://off.example/rss"
        enabled = false
        """)
    )
    assert list(feeds) == ["wire", "gazette", "sample"]
    url = "https://reader:hunter22@Wire.example:8443/feed"
    assert feeds["wire"] == Feed(
        name="wire",
        url=url,
        title="A wire",
        host="wire.example:8443",
        every=timedelta(minutes=7),
        tier=Tier.WIRE,
        lang="en",
        backlog=timedelta(days=2),
    )
    assert (feeds["gazette"].title, feeds["gazette"].host) == ("gazette", "gazette.example")
    assert (feeds["sample"].host, feeds["sample"].backlog) == ("seed:", None)


CHANNELS = """
[channels.terminal]
type = "console"
[channels.outbox]
type = "file"
[channels.desk]
type = "email"
host = "smtp.example.org"
sender = "monitor@example.org"
to = ["desk@example.org", "legal@example.org"]
[channels.team]
type = "slack"
url = "https://hooks.example.org/x"
[channels.hook]
type = "webhook"
url = "https://hooks.example.org/y"
"""


def test_connections_are_kept_to_hosts_of_several_feeds_and_of_pages_that_are_read() -> None:
    kept = derive.kept_hosts_of(
        settings("""
        [feeds.alone]
        url = "https://alone.example/feed"
        [feeds.first]
        url = "https://several.example/1"
        [feeds.second]
        url = "https://several.example:8443/2"
        [feeds.pages]
        url = "https://pages.example/feed"
        full_text = true
        """)
    )
    assert kept == {"several.example", "pages.example"}


def test_a_channel_target_names_its_form_and_its_recipients() -> None:
    assert derive.channel_targets_of(settings(CHANNELS)) == {
        "terminal": ChannelTarget("terminal", "text", ("",)),
        "outbox": ChannelTarget("outbox", "files", ("",)),
        "desk": ChannelTarget("desk", "mail", ("desk@example.org", "legal@example.org")),
        "team": ChannelTarget("team", "slack", ("",)),
        "hook": ChannelTarget("hook", "json", ("",)),
    }


def test_without_routes_all_that_is_flagged_goes_to_every_channel() -> None:
    (route,) = derive.routes_of(settings(CHANNELS))
    channels = ("terminal", "outbox", "desk", "team", "hook")
    assert route == Route("default", channels, at_least=Placement.DIGEST)


def test_routes_stand_in_the_order_of_the_file() -> None:
    feeds = '[feeds.wire]\nurl = "seed:s"\n'
    routes = derive.routes_of(
        settings(f"""
        {CHANNELS}{feeds}
        [routes.urgent]
        channels = ["desk", "team"]
        topics = ["sanctions"]
        feeds = ["wire"]
        min_severity = 4
        continue = true
        [routes.all]
        channels = ["outbox"]
        at_least = "tail"
        """)
    )
    assert routes == (
        Route(
            "urgent", ("desk", "team"), continue_=True, topics=("sanctions",), feeds=("wire",), min_severity=4
        ),
        Route("all", ("outbox",), at_least=Placement.TAIL),
    )


def test_a_digest_is_a_subscription() -> None:
    given = settings(f"""
        {CHANNELS}
        [digests.weekly]
        channels = ["desk"]
        at = "07:30"
        zone = "Europe/Istanbul"
        days = ["mon", "fri"]
        topics = ["arms"]
        empty = "skip"
        catch_up = "each"
        welcome = true
        """)
    expected = Subscription(
        name="weekly",
        at="07:30",
        zone="Europe/Istanbul",
        channels=("desk",),
        days=(1, 5),
        empty="skip",
        catch_up="each",
        welcome=True,
        topics=("arms",),
    )
    assert derive.subscriptions_of(given) == (expected,)


# ---------------------------------------------------------------- whom we may ask, and who asks


OWN = """
[polling]
allow_hosts = ["intranet.example", "10.0.0.7:8080"]
[feeds.near]
url = "http://127.0.0.1:8001/feed"
[feeds.plain]
url = "http://192.168.1.5/feed"
[feeds.six]
url = "http://[::1]:8006/feed"
[feeds.name]
url = "https://wire.example/feed"
[channels.hook]
type = "webhook"
url = "http://localhost:9000/hook"
[channels.room]
type = "matrix"
url = "http://127.0.0.1:9002"
token = "x"
room = "!a:b"
[channels.other]
type = "apprise"
url = "json://127.0.0.1:9003/x"
"""

REACHED = [
    ("127.0.0.1", 8001, True),  # written down as a feed
    ("127.0.0.1", 8002, False),  # another service of the same machine
    ("192.168.1.5", 80, True),
    ("192.168.1.5", 22, False),
    ("192.168.1.6", 80, False),
    ("::1", 8006, True),
    ("::1", 8007, False),
    ("localhost", 9000, True),  # written down as a channel
    ("localhost", 9001, False),
    ("127.0.0.1", 9002, True),  # a homeserver of one's own
    ("127.0.0.1", 9003, False),  # what apprise reaches, it reaches by itself
    ("intranet.example", 443, True),  # allowed by name, whatever the port
    ("intranet.example", 8080, True),
    ("10.0.0.7", 8080, True),
    ("10.0.0.7", 80, False),
    ("wire.example", 443, False),  # a name proves nothing: where it leads is judged when it is resolved
]


@pytest.mark.parametrize(("host", "port", "reached"), REACHED)
def test_internal_hosts_are_reached_only_where_the_operator_wrote_them_down(
    host: str, port: int, reached: bool
) -> None:
    assert derive.guard_of(settings(OWN)).allows(host, port) is reached


def test_without_a_word_from_the_operator_nothing_internal_is_reached() -> None:
    guard = derive.guard_of(settings('[feeds.wire]\nurl = "https://93.184.215.14/feed"'))
    assert guard.refusal("127.0.0.1", 80)
    assert guard.refusal("0x7f.1", 80)
    assert not guard.refusal("93.184.215.14", 443)


def test_we_say_who_we_are_with_our_version() -> None:
    assert derive.user_agent_of(settings()).startswith(f"sanctions-monitor/{__version__} (")
    own = settings('[polling]\nuser_agent = "newsroom/{version} (desk@example.org) {braces}"')
    assert derive.user_agent_of(own) == f"newsroom/{__version__} (desk@example.org) {{braces}}"


# ---------------------------------------------------------------- what judges


OWN_FILES: Mapping[str, str] = {
    "rules/own.toml": """
        [rule.missiles-of-ours]
        topic = "arms"
        points = 70
        because = "our missiles"
        when = "@weapon:zargana-9 OR @watch:rivals"
        [rule.weapon-named]
        off = true
        """,
    "lexicon/own.toml": """
        [weapon.zargana-9]
        name = "Zargana-9"
        names = ["Zargana-9"]
        """,
}


def test_a_rulebook_reads_the_operators_rules_lexicon_and_watch_lists_after_the_built_in_ones() -> None:
    for name, text in OWN_FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, "utf-8")
    built_in = rulebook(Settings(rules=Path("no"), lexicon=Path("no")))
    own = rulebook(settings('[watch.rivals]\nnames = ["Acme Aerodynamics"]'))

    ids = {rule.id for rule in own.engine.rules.rules}
    assert ids == {rule.id for rule in built_in.engine.rules.rules} - {"weapon-named"} | {"missiles-of-ours"}
    assert own.engine.versions["rules"] != built_in.engine.versions["rules"]
    assert own.engine.versions["lexicon"] != built_in.engine.versions["lexicon"]
    for title in ("Zargana-9 is shown at the fair", "Acme Aerodynamics opens a plant"):
        verdict = own.engine.judge(item(title=title, summary=""), Tier.WIRE)
        assert (verdict.topics, verdict.rules) == (("arms",), ("missiles-of-ours",))
        assert built_in.engine.judge(item(title=title, summary=""), Tier.WIRE).topics == ()


@pytest.mark.parametrize("folder", ["rules", "lexicon"])
def test_an_operators_file_of_a_built_in_name_adds_to_it(folder: str) -> None:
    built_in = rulebook(settings()).engine
    Path(folder).mkdir()
    for path in (SEEDS / folder).glob("*.toml"):
        (Path(folder) / path.name).write_text("")
    own = rulebook(settings()).engine
    assert (own.rules.rules, own.lexicon.entries) == (built_in.rules.rules, built_in.lexicon.entries)


def test_every_mistake_of_every_rule_file_is_reported_in_one_error() -> None:
    Path("rules").mkdir()
    bad = '[rule.{0}]\ntopic = "arms"\npoints = 5\nwhen = "missile* AND ("\n'
    for name in ("a", "b"):
        Path(f"rules/{name}.toml").write_text(bad.format(name))
    with pytest.raises(ConfigError) as caught:
        rulebook(settings())
    first, second = str(caught.value).split("\n")
    assert first.startswith("rules/a.toml: a: when: column 15: ")
    assert second.startswith("rules/b.toml: b: when: column 15: ")


def test_words_are_those_of_the_operators_folder_once_it_exists() -> None:
    given = settings()
    assert policies.renderer_of(given).check() == []
    Path("templates.d").mkdir()
    Path("templates.d/alert.txt.j2").write_text("{{ nothing }}")
    assert policies.renderer_of(given).check() == ["templates.d/alert.txt.j2: line 1: 'nothing' is undefined"]
