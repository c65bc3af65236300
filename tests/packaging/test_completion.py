"""Shells complete commands and options, by the environment in which their scripts call the program."""

from collections.abc import Callable

import pytest
import typer

from monitor.cli.root import COMMANDS, app

#: What the program prints when a shell asks for one thing: "complete" for a line, "source" for its script.
Ask = Callable[[str, str], str]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    def answer(what: str, line: str) -> str:
        monkeypatch.setenv("_SANCTIONS_MONITOR_COMPLETE", f"{what}_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
        with pytest.raises(SystemExit) as end:
            typer.main.get_command(app).main(args=[], prog_name="sanctions-monitor")
        assert not end.value.code
        return capsys.readouterr().out

    return answer


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fee", ["feeds", "feedback"]),
        ("feeds ", ["list", "add", "probe"]),
        ("explain --", ["--full", "--json"]),
    ],
)
def test_commands_and_options_are_completed(typed: str, offered: list[str], ask: Ask) -> None:
    assert set(offered) <= set(ask("complete", f"sanctions-monitor {typed}").split())


def test_every_command_is_offered(ask: Ask) -> None:
    offered = ask("complete", "sanctions-monitor ").split()
    assert {each.name for each in COMMANDS} <= set(offered)


def test_bash_gets_a_script_that_calls_the_program(ask: Ask) -> None:
    assert "_SANCTIONS_MONITOR_COMPLETE=complete_bash" in ask("source", "sanctions-monitor ")
