"""Help that reads well: every command, every option, and the table of them in docs/commands.md."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from monitor import __version__
from monitor.cli.lazy import LazyCommand, callable_command
from monitor.cli.root import COMMANDS as LISTED
from monitor.cli.root import app
from tests.support.commands import Cli

ROOT = Path(__file__).parents[2]


def walk(command: typer.core.TyperCommand, *path: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    """Yield every command and group with its full name, "" being the program."""
    yield " ".join(path), command
    for name, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, *path, name)


def everything() -> Iterator[tuple[str, typer.core.TyperCommand]]:
    """Yield the program and, imported, all that it lists."""
    yield "", typer.main.get_command(app)
    for each in LISTED:
        yield from walk(callable_command(each), each.name)


EVERYTHING = dict(everything())
COMMANDS = [name for name, command in EVERYTHING.items() if not hasattr(command, "commands")]


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_command_and_every_option_has_help(name: str, cli: Cli) -> None:
    command = EVERYTHING[name]
    assert command.help
    assert [param.name for param in command.params if param.name and not getattr(param, "help", "")] == []
    answer = cli(*name.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    first = command.help.split("\n\n")[0].replace("`", "")
    assert " ".join(first.split()) in answer.flat.replace("│", "").replace("`", "")


@pytest.mark.parametrize("listed", LISTED, ids=lambda listed: listed.name)
def test_the_root_lists_the_first_sentence_of_each_commands_own_help(listed: LazyCommand) -> None:
    own = str(callable_command(listed).help)
    assert listed.summary == " ".join(own.split("\n\n", maxsplit=1)[0].split())


def test_there_are_the_commands_that_there_should_be() -> None:
    assert set(COMMANDS) >= {
        *("init", "run", "once", "check", "explain", "reload", "search", "preview alert", "preview digest"),
        *("feeds list", "channel test", "outbox list", "outbox show", "outbox retry", "outbox discard"),
    }


def test_the_documentation_names_every_command() -> None:
    rows = [
        line
        for line in (ROOT / "docs" / "commands.md").read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    documented = " ".join(re.findall(r"`([^`]+)`", " ".join(rows))).replace("\\|", "|")
    for name in COMMANDS:
        group, _, subcommand = name.rpartition(" ")
        assert re.search(rf"\b{group} ?([a-z]+\|)*{subcommand}\b", documented), (
            f"docs/commands.md does not name `{name}`"
        )


@pytest.mark.parametrize(
    "args",
    [
        ["nonsense"],
        ["once", "--nonsense"],
        ["once", "too", "many"],
        ["explain"],
        ["feeds", "nonsense"],
        ["channel", "test"],
        ["outbox", "list", "--limit", "many"],
    ],
    ids=" ".join,
)
def test_a_mistake_of_usage_has_exit_code_2(args: list[str], cli: Cli) -> None:
    answer = cli(*args)
    assert (answer.code, answer.out) == (2, "")
    assert "Usage: " in answer.err


def test_without_a_command_the_help_is_shown(cli: Cli) -> None:
    answer = cli()
    assert "Watch public feeds for sanctions and arms-purchase news" in answer.flat
    assert answer.code == 2


def test_the_version_is_printed(cli: Cli) -> None:
    answer = cli("--version")
    assert (answer.code, answer.out) == (0, f"sanctions-monitor {__version__}\n")
