"""`init`: from nothing to a configuration that can be used."""

import os
from pathlib import Path

from tests.support.commands import Cli

FILES = ["config.toml", "rules/own.toml"]


def test_it_writes_what_passes_check(cli: Cli) -> None:
    answer = cli("init")
    assert answer.code == 0
    assert [path for path in FILES if Path(path).is_file()] == FILES
    assert answer.out.count("wrote") == 2
    assert "next: sanctions-monitor check" in answer.out
    assert cli("check").code == 0


def test_it_never_overwrites(cli: Cli) -> None:
    Path("config.toml").write_text("# mine")
    answer = cli("init")
    assert answer.code == 0
    assert Path("config.toml").read_text() == "# mine"
    assert Path("rules/own.toml").is_file()
    Path("rules/own.toml").write_text("# mine too")
    assert cli("init").out.count("kept") == 2
    assert Path("rules/own.toml").read_text() == "# mine too"


def test_it_makes_the_folder_that_it_is_given(cli: Cli) -> None:
    assert cli("init", "deep/er").code == 0
    assert Path("deep/er/config.toml").is_file()
    assert cli("check", "--config", "deep/er/config.toml").code == 0


def test_the_sample_rules_it_writes_are_valid_without_their_comment_signs(cli: Cli) -> None:
    cli("init")
    rules = Path("rules/own.toml")
    begin = rules.read_text("utf-8").index("# [rule.")
    lines = rules.read_text("utf-8")[begin:].splitlines()
    rules.write_text(
        "\n".join(line.removeprefix("# ") for line in lines if "=" in line or "[" in line), "utf-8"
    )
    answer = cli("check")
    assert (answer.code, answer.out[:5]) == (0, "good:")


def test_a_file_in_the_way_is_named(cli: Cli) -> None:
    Path("rules").write_text("a file")
    answer = cli("init")
    assert answer.code == 1
    assert answer.err == "rules/own.toml cannot be written: File exists\n"
    assert Path("config.toml").is_file()


def test_a_file_is_no_folder(cli: Cli) -> None:
    Path("here").write_text("a file")
    assert cli("init", "here").code == 2


def test_what_it_writes_only_the_owner_can_read(cli: Cli) -> None:
    before = os.umask(0o022)
    try:
        assert cli("init", "deep/er").code == 0
    finally:
        os.umask(before)
    assert {f"{path.stat().st_mode & 0o777:o}" for path in Path("deep").rglob("*")} == {"700", "600"}
