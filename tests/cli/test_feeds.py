"""`feeds list`: the sources and how they are."""

from pathlib import Path

from tests.support.commands import Cli

MORE = """
[feeds.wire]
url = "https://reader:hunter22@wire.example/feed?token=hunter22"
every = "5m"
tier = "official"
"""


def add(text: str) -> None:
    with Path("config.toml").open("a") as file:
        file.write(text)


def test_each_feed_stands_there_with_its_health(sampled: Cli) -> None:
    add(MORE)
    answer = sampled("feeds", "list")
    assert answer.code == 0
    heading, sample, wire = answer.out.splitlines()
    assert heading.split("  ")[0] == "feed"
    assert sample.split()[:6] == ["sample", "wire", "10", "min", "ok", "18"]
    assert " ".join(wire.split()) == "wire official 5 min not yet read"


def test_programs_get_the_same_without_credentials(sampled: Cli) -> None:
    add(MORE)
    answer = sampled("feeds", "list", "--json")
    sample, wire = answer.data
    assert (sample["name"], sample["health"], sample["items"]) == ("sample", "ok", 18)
    assert sample["good_at"] <= sample["polled_at"] < sample["next_poll_at"]
    assert (wire["health"], wire["tier"], wire["every_s"]) == ("new", "official", 300)
    assert "hunter22" not in answer.out


def test_a_feed_that_fails_says_what_is_wrong(cli: Cli) -> None:
    Path("config.toml").write_text('database = "m.db"\n[feeds.gone]\nurl = "file:no/such/feed.xml"', "utf-8")
    assert cli("once").code == 1
    (gone,) = cli("feeds", "list", "--json").data
    assert (gone["health"], gone["failures"], gone["good_at"]) == ("gone", 1, None)
    assert gone["reason"] == "no/such/feed.xml: there is no such file"
    assert gone["reason"] in cli("feeds", "list").flat


def test_without_a_configuration_there_is_nothing_to_list(cli: Cli) -> None:
    answer = cli("feeds", "list")
    assert answer.code == 2
    assert "`sanctions-monitor init` writes one" in answer.err
