"""Every command that README.md and docs/ show is run, or checked as the table `commands.toml` says."""

import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_help import EVERYTHING
from tests.docs.conftest import without_network
from tests.support.commands import Cli, wide_terminal
from tests.support.documents import (
    PAGES,
    PROGRAM,
    ROOT,
    Block,
    Command,
    all_blocks,
    blocks,
    commands,
    inline_commands,
)

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "commands.toml").read_text("utf-8"))
SHELL = ("sh", "console")
WITH_COMMANDS = [page for page in PAGES if any(block.language in SHELL for block in blocks(page))]
COLUMNS = 100


def entry(command: Command) -> dict[str, Any]:
    """Return the entry of a command in the table; the longest beginning counts."""
    fitting = [each for each in TABLE["command"] if f"{command.line} ".startswith(f"{each['words']} ")]
    return max(fitting, key=lambda each: len(each["words"]), default={})


def parsed(command: Command) -> tuple[str, list[str]]:
    """Return the name of a command of this program and its options; it fails if there is none of this name."""
    words = [re.sub(r"[\[\]…]", "", word) for word in command.words[1:] if word != "COMMAND"]
    names = [" ".join(words[:length]) for length in range(len(words), -1, -1)]
    name = next(each for each in names if each in EVERYTHING)
    assert name or not words or words[0].startswith("-"), f"{command.place}: no command {words[0]!r}"
    arguments = words[len(name.split()) :]
    group = hasattr(EVERYTHING[name], "commands")
    assert not (name and group and arguments and re.match(r"[a-z]+$", arguments[0])), (
        f"{command.place}: no {command.line!r}"
    )
    return name, [word.partition("=")[0] for word in arguments if word.startswith("--")]


def assert_understood(command: Command) -> None:
    """Fail if the program has no such command or option."""
    name, options = parsed(command)
    known = {"--help", "--install-completion", "--show-completion", "--version"}
    for param in EVERYTHING[name].params:
        known |= {*param.opts, *param.secondary_opts}
    assert set(options) <= known, f"{command.place}: {name} has no {set(options) - known}"


def assert_usable(command: Command) -> None:
    """Fail if another program is asked for something that this project does not have."""
    program, *words = command.words
    assert program in TABLE["programs"], f"{command.place}: say in commands.toml how {program} is tested"
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        assert set(filter(lambda word: "=" not in word, words)) <= set(targets), command
    for extra in re.findall(r"sanctions-monitor\[(.+?)\]", command.line):
        known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
            "optional-dependencies"
        ]
        assert set(extra.split(",")) <= set(known), command
    if program.startswith("python") and words[:1] == ["-m"] and words[1].startswith("benchmarks"):
        assert (ROOT / f"{words[1].replace('.', '/')}.py").is_file(), command
    for word in words:
        if re.match(r"(packaging|deploy|requirements|benchmarks|tests)/[\w./-]+$", word):
            assert (ROOT / word).exists(), command


def assert_covered(command: Command, by: str) -> None:
    """Fail if the test that is said to run a command does not exist."""
    file, _, name = by.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{command.place}: there is no test {by}"


def run(command: Command, cli: Cli, code: int) -> None:
    """Run a command as a person would, and compare what it prints with what the page shows."""
    answer = cli(*map(meant, command.words[1:]), stdin=command.stdin)
    assert answer.code == code, (command, answer)
    if command.into:
        Path(command.into).write_text(answer.out, "utf-8")
    assert_shown(command, answer.out, answer.err)


def meant(word: str) -> str:
    """Return the value that a word of a command stands for."""
    for folder in TABLE["folders"]:
        word = word.removeprefix(folder)
    return str(TABLE["words"].get(word, word))


def assert_shown(command: Command, out: str, err: str) -> None:
    """Fail if the output lacks a part that the page shows; … stands for what is left out."""
    parts = [" ".join(part.split()) for part in command.shown.split("…") if part.strip()]
    pattern = ".*".join(map(re.escape, parts))
    flat = [" ".join(text.split()) for text in (out + err, err + out)]
    assert any(re.search(pattern, text) for text in flat), (
        f"{command.place} shows what is not there:\n{err}{out}"
    )


def write(block: Block) -> None:
    """Write the file that a page tells its reader to write; what config.toml lacks is added to it."""
    path = Path(block.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if path.name == "config.toml" and path.exists() else ""
    path.write_text(before + "\n" + block.text, "utf-8")


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_the_commands_of_a_page_do_what_it_says(page: str, cli: Cli, started: Path, tmp_path: Path) -> None:
    if page not in TABLE["empty"]:
        shutil.copytree(started, tmp_path, dirs_exist_ok=True)
    with without_network(), wide_terminal(COLUMNS):
        for block in blocks(page):
            if block.file:
                write(block)
            for command in commands(block) if block.language in SHELL else ():
                assert_works(command, cli)


def assert_works(command: Command, cli: Cli) -> None:
    """Fail if a command does not do what its page says, by the way that the table names."""
    if command.words[:1] == ("mkdir",):
        Path(command.words[1]).mkdir()
    elif command.words[:1] == ("cd",):
        os.chdir(command.words[1])
    if command.words[:1] != (PROGRAM,):
        assert_usable(command)
        return
    assert_understood(command)
    how = entry(command)
    if "covered" in how:
        assert_covered(command, how["covered"])
    elif "parsed" not in how:
        run(command, cli, how.get("code", 0))


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_that_a_text_names_exist(page: str) -> None:
    for command in inline_commands(page):
        assert_understood(command)


def test_every_block_has_a_language_that_is_tested() -> None:
    known = {*SHELL, "toml", "json", "yaml", "python", "text", "nginx", "{toctree}", "{include}"}
    assert [block.place for block in all_blocks("")] == [], "name the language of each block"
    unknown = [block.place for page in PAGES for block in blocks(page) if block.language not in known]
    assert unknown == []
    assert [each.place for each in all_blocks("text") if f"{PROGRAM} " in each.text] == []


def test_every_entry_of_the_table_is_needed() -> None:
    found = [command for block in all_blocks(*SHELL) for command in commands(block)]
    needed = {entry(command).get("words") for command in found if command.words[:1] == (PROGRAM,)}
    assert [each["words"] for each in TABLE["command"] if each["words"] not in needed] == []
    programs = {command.words[0] for command in found if command.words}
    assert [name for name in TABLE["programs"] if name not in programs] == []
