"""Save what was tried at the workbench to files of the operator's: rules, words of frames, watch lists.

Each file is checked whole before it is replaced, and every earlier version is kept beside it.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.config.edit_table import with_table
from monitor.config.versions import FileChange, VersionedFile
from monitor.config.write import write_version
from monitor.errors import ConfigError
from monitor.match import rules
from monitor.match.frames import tables
from monitor.resources import make_private_folder

#: The file in the folder of rules, and the one in that of the lexicon.
NAME = "workbench.toml"

_KEYS = ("topic", "points", "because", "when", "yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A rule to be saved."""

    id: str
    topic: str
    points: int
    because: str
    when: str
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def table(self) -> dict[str, Any]:
        """Return it as a table of the file."""
        return {name: getattr(self, name) for name in _KEYS if getattr(self, name) not in {"", ()}}


def rule_toml(rule: NewRule, comment: str = "") -> str:
    """Return the rule as a file of its own."""
    return with_table("", "rule", rule.id, rule.table(), comment=comment)


def tables_of(path: Path, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the tables ``[kind.…]`` of a file, by name; none if there is no file.

    Raises:
        ConfigError: it cannot be read or is no TOML.
    """
    try:
        found: Mapping[str, Mapping[str, Any]] = tomllib.loads(VersionedFile(path).text()).get(kind, {})
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}; mend it by hand first") from error
    return found


def save_rule(path: Path, rule: NewRule, tags: Collection[str], comment: str, change: FileChange) -> int:
    """Write a rule, in place of one with the same id; return the number of the version before.

    Raises:
        ConfigError: the file has a mistake, or cannot be written; nothing is changed.
    """
    file = VersionedFile(path)
    text = with_table(file.text(), "rule", rule.id, rule.table(), comment=comment, file=path.name)
    rules.load({path.name: text}, tags)
    return _write(file, text, change)


def with_frame_words(path: Path, group: tuple[str, str], lang: str, words: tuple[str, ...]) -> str:
    """Return the text of a file of the lexicon with these words of a class in one language.

    Raises:
        ConfigError: it cannot be read, or the table does not fit in.
    """
    kind, name = group
    present = tables_of(path, kind).get(name, {})
    lists = {key: value for key, value in present.items() if isinstance(value, list)}
    table = {key: value for key, value in {**lists, lang: words}.items() if value}
    return with_table(VersionedFile(path).text(), kind, name, table, file=path.name)


def with_frame(path: Path, id: str, table: Mapping[str, Any], comment: str = "") -> str:
    """Return the text of a file of the lexicon with a frame, in place of the one of that name.

    Raises:
        ConfigError: it cannot be read, or the table does not fit in.
    """
    return with_table(VersionedFile(path).text(), "frame", id, table, comment=comment, file=path.name)


def save_frames(path: Path, text: str, lexicon: Mapping[str, str], change: FileChange) -> int:
    """Write the file with frames and their words; `lexicon` has the other files. Return the version before.

    Raises:
        ConfigError: frames or words have a mistake, or the file cannot be written.
    """
    tables.load({**lexicon, lexicon_name(path): text})
    return _write(VersionedFile(path), text, change)


def save_watch_list(config: Path, name: str, names: tuple[str, ...], comment: str, change: FileChange) -> int:
    """Write a watch list into the configuration; return the number of the version before.

    Raises:
        ConfigError: the configuration has a mistake, or cannot be written.
    """
    text = VersionedFile(config).text()
    text = with_table(text, "watch", name, {"names": names}, comment=comment, file=config.name)
    return write_version(config, text, change)


def restore(path: Path, number: int, change: FileChange) -> None:
    """Put a version of a file of rules or of the lexicon in place again.

    Raises:
        ConfigError: there is no such version, or the file cannot be written.
    """
    file = VersionedFile(path)
    _write(file, file.version(number), change)


def lexicon_name(path: Path) -> str:
    """Return the name by which a file of the lexicon is known to the rules in force."""
    return f"{path.parent.name}/{path.name}"


def _write(file: VersionedFile, text: str, change: FileChange) -> int:
    try:
        make_private_folder(file.path.parent)
    except OSError as error:
        raise ConfigError(f"{file.path.parent}: cannot be created: {error.strerror}") from error
    return file.write(text, change)
