"""A database that was not there is announced once: the path may be wrong, or the file lost."""

from pathlib import Path

import pytest

from tests.support.commands import Cli

CONFIG = 'database = "{path}"\n[polling]\nparsers = 1\n'


@pytest.fixture
def config(cli: Cli) -> Path:
    path = Path("config.toml")
    path.write_text(CONFIG.format(path="var/monitor.db"))
    return path


def test_the_first_round_says_so_and_the_second_does_not(cli: Cli, config: Path) -> None:
    first = cli("once")
    assert "new database made" in first.err
    assert str(Path("var/monitor.db").absolute()) in first.err
    assert "new database made" not in cli("once").err


def test_an_empty_file_is_no_database(cli: Cli, config: Path) -> None:
    Path("var").mkdir()
    Path("var/monitor.db").touch()
    assert "new database made" in cli("once").err


def test_another_path_is_another_database(cli: Cli, config: Path) -> None:
    cli("once")
    config.write_text(CONFIG.format(path="var/monitr.db"))
    assert "var/monitr.db" in cli("once").err


def test_a_command_that_only_reads_reports_a_new_database_too(cli: Cli, config: Path) -> None:
    answer = cli("outbox", "list", "--json")
    assert (answer.code, answer.data) == (0, [])
    assert answer.err.count("new database made") == 1
    assert cli("outbox", "list", "--json").err == ""
