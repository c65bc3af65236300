"""Find the line of each key in a TOML text, for messages about mistakes. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping

Path = tuple[str, ...]

_STRING_OR_COMMENT = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_HEADER = re.compile(r"\s*(?P<open>\[\[?)(?P<keys>[^\]]+)\]")
_ASSIGNMENT = re.compile(r"\s*(?P<keys>[^=]+?)\s*=")
_KEY = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|[^\s."\']+')
_INDEXED = re.compile(r"(?P<name>[\w-]+)\[(?P<number>\d+)\]")


def key_lines(text: str) -> dict[Path, int]:
    """Return the line of every table and key by its path; items of ``[[tables]]`` count from 0."""
    lines: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line, masked in _statements(text):
        if header := _HEADER.match(masked):
            table = _keys(line[header.start("keys") : header.end("keys")])
            if header["open"] == "[[":
                index = counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, str(index))
            path = table
        elif assignment := _ASSIGNMENT.match(masked):
            path = (*table, *_keys(line[assignment.start("keys") : assignment.end("keys")]))
        else:
            continue
        for depth in range(1, len(path) + 1):
            lines.setdefault(path[:depth], number)
    return lines


def located(mistakes: Iterable[str], lines: Mapping[Path, int]) -> Iterator[str]:
    """Yield each mistake, as ``key: what``, with the line of its key or table at the end."""
    for mistake in mistakes:
        path = _path(mistake.partition(": ")[0])
        known = (path[:depth] for depth in range(len(path), 0, -1) if path[:depth] in lines)
        found = next(known, None)
        yield f"{mistake} (line {lines[found]})" if found else mistake


def with_last_line(message: str, text: str) -> str:
    """Return a message of a TOML parser with the number of the last line where it names the end."""
    return message.replace("at end of document", f"at line {text.rstrip().count(chr(10)) + 1}, the end")


def _statements(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line number, line, line with blank strings) of lines that begin outside of any value."""
    blank = _STRING_OR_COMMENT.sub(_blanked, text)
    depth = 0
    masked_lines = blank.split("\n")
    for number, (line, masked) in enumerate(zip(text.split("\n"), masked_lines, strict=True), 1):
        if depth == 0:
            yield number, line, masked
        value = masked if depth or not _HEADER.match(masked) else ""
        depth += sum(value.count(sign) for sign in "[{") - sum(value.count(sign) for sign in "]}")


def _blanked(found: re.Match[str]) -> str:
    """Return a string or comment without its signs, as long as it was."""
    if found[0].startswith("#"):
        return " " * len(found[0])
    return re.sub(r"[^\n]", "_", found[0])


def _keys(written: str) -> Path:
    return tuple(key.strip("\"'") for key in _KEY.findall(written))


def _path(key: str) -> Path:
    path: list[str] = []
    for part in key.split("."):
        indexed = _INDEXED.fullmatch(part)
        path += [indexed["name"], str(int(indexed["number"]) - 1)] if indexed else [part]
    return tuple(path)
