"""`doctor`: what is wrong with this installation, by exit code, in words and for programs."""

from pathlib import Path

from tests.support.commands import Cli, wide_terminal

CONFIG = """
database = "monitor.db"
[feeds.wire]
url = "https://wire.example/feed"
lang = "ko"
"""


def test_everything_is_examined_without_a_network(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    done = cli("doctor", "--offline", "--json")
    areas = done.data["areas"]
    assert list(areas) == [
        *("program", "configuration", "feeds", "data", "database", "permissions", "parsers", "clock", "lists")
    ]
    assert (done.code, done.data["worst"]) == (1, "warn")
    (unjudged,) = [each for each in areas["feeds"] if each["level"] == "warn"]
    assert unjudged["where"] == "config.toml: feeds.wire.lang (line 5)"
    assert unjudged["remedy"]
    assert not (tmp_path / "monitor.db").exists()
    with wide_terminal(80):
        text = cli("doctor", "--offline").out
    assert max(map(len, text.splitlines())) <= 80
    assert "→ add words of it to the lexicon" in text


def test_a_configuration_that_cannot_be_used_is_the_only_finding(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("databse = 1\n[feeds.a]\n", "utf-8")
    done = cli("doctor", "--json")
    assert (done.code, list(done.data["areas"])) == (2, ["configuration"])
    assert [each["level"] for each in done.data["areas"]["configuration"]] == ["fail", "fail"]
    assert "did you mean database?" in str(done.data)
