"""The documentation as data: code blocks, commands, links and anchors of README.md and docs/."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PROGRAM = "sanctions-monitor"

#: Pages by their path in the project.
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", ".github/**/*.md")
    for path in ROOT.glob(pattern)
)


@dataclass(frozen=True, slots=True)
class Block:
    """A code block: its page, the line it begins at, its language and its text."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str:
        """The file that the reader is to write, named in the first line as a comment; "" for none."""
        found = re.match(r"# ([\w./-]+\.(?:toml|txt|csv|jsonl))\n", self.text)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Command:
    """A line to type: its words, what it reads, where its output goes, and the output that the page shows."""

    place: str
    words: tuple[str, ...]
    stdin: str = ""
    into: str = ""
    shown: str = ""

    @property
    def line(self) -> str:
        """The words as they are typed."""
        return " ".join(self.words)


@cache
def tokens(page: str) -> list[Token]:
    """Return a page as markdown-it reads it."""
    return MarkdownIt("commonmark").enable("table").parse((ROOT / page).read_text("utf-8"))


def blocks(page: str) -> Iterator[Block]:
    """Yield the code blocks of a page; indented ones have no language."""
    for token in tokens(page):
        if token.type in {"fence", "code_block"}:
            language = token.info.split()[0] if token.info.split() else ""
            yield Block(page, (token.map or [0])[0] + 1, language, token.content)


def all_blocks(*languages: str) -> list[Block]:
    """Return the blocks of all pages in these languages."""
    return [block for page in PAGES for block in blocks(page) if block.language in languages]


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a block; in one of the language `console` they begin with $ and show output."""
    text = re.sub(r" *\\\n\s*", " ", block.text)
    if block.language == "console":
        for part in re.split(r"(?m)^\$ ", text)[1:]:
            line, _, shown = part.partition("\n")
            yield command(block.place, line, shown)
    else:
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                yield command(block.place, line)


def command(place: str, line: str, shown: str = "") -> Command:
    """Return a line as a command; comments and redirections are taken off, and `echo` gives it its input."""
    before, pipe, after = line.partition(" | ")
    stdin = " ".join(shlex.split(before)[1:]) + "\n" if pipe and before.startswith("echo ") else ""
    words = shlex.split(re.sub(r"\$\([^)]*\)", "today", after if stdin else before), comments=True)
    into = ""
    if ">" in words:
        at = words.index(">")
        into, words = words[at + 1], words[:at]
    while words and (re.fullmatch(r"\w+=.*", words[0]) or words[0] == "sudo"):
        words = words[1:]
    if words:
        words[0] = re.sub(r"^.*/bin/", "", words[0])
    return Command(place, tuple(words), stdin, into, shown)


def inline_commands(page: str) -> Iterator[Command]:
    """Yield the commands of this program that a page names within its text."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type == "code_inline" and child.content.startswith(f"{PROGRAM} "):
                yield command(f"{page}:{(token.map or [0])[0] + 1}", child.content)


def links(page: str) -> Iterator[tuple[str, str]]:
    """Yield the links and pictures of a page, each with its place."""
    for token in tokens(page):
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                yield f"{page}:{(token.map or [0])[0] + 1}", str(target)


@cache
def anchors(page: str) -> frozenset[str]:
    """Return the anchors of the headings of a page, as forges and MyST make them."""
    listed = tokens(page)
    titles = [listed[at + 1].content for at, token in enumerate(listed) if token.type == "heading_open"]
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)
