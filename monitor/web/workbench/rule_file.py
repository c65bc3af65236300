"""Keep the rules of the workbench in a file of the operator's rules folder, with every earlier version."""

import json
import os
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError
from monitor.match import rules
from monitor.resources import make_private_folder, private

NAME = "workbench.toml"
_VERSIONS = "workbench-versions"
_HEAD = (
    "# Rules saved at the workbench of the desk. They may be edited by hand as well; comments are not kept.\n"
)
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


@dataclass(frozen=True, slots=True)
class RuleFolder:
    """The operator's rules folder, as far as the workbench writes it."""

    folder: Path

    @property
    def path(self) -> Path:
        """The file of the workbench."""
        return self.folder / NAME

    def toml(self) -> str:
        """Return the text of the file; "" if there is none."""
        try:
            return self.path.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"{self.path}: cannot be read: {error}") from error

    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the rules of the file, by id.

        Raises:
            ConfigError: it is no TOML.
        """
        try:
            found: Mapping[str, Mapping[str, Any]] = tomllib.loads(self.toml()).get("rule", {})
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{self.path}: {error}; mend it by hand first") from error
        return found

    def save(self, rule: NewRule, tags: Collection[str]) -> int:
        """Write a rule, in place of one with the same id; return the number of the version before.

        Raises:
            ConfigError: the rule has a mistake, or the file cannot be written; nothing is changed.
        """
        text = text_of({**self.tables(), rule.id: rule.table()})
        rules.load({NAME: text}, tags)
        return self._replace(text)

    def restore(self, version: int) -> None:
        """Put a version of the file in place again; the present one is kept as a version too.

        Raises:
            ConfigError: there is no such version, or the file cannot be written.
        """
        try:
            text = self._version(version).read_text("utf-8")
        except OSError as error:
            raise ConfigError(f"there is no version {version} of {NAME}") from error
        self._replace(text)

    def versions(self) -> tuple[int, ...]:
        """Return the numbers of all versions kept, oldest first."""
        found = (self.folder / _VERSIONS).glob("*.toml.old")
        return tuple(sorted(int(path.name.partition(".")[0]) for path in found))

    def _replace(self, text: str) -> int:
        number = max(self.versions(), default=0) + 1
        try:
            make_private_folder(self.folder / _VERSIONS)
            _write(self._version(number), self.toml())
            _write(self.path, text)
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be written: {error.strerror}") from error
        return number

    def _version(self, number: int) -> Path:
        return self.folder / _VERSIONS / f"{number}.toml.old"


def text_of(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the file with these rules."""
    return _HEAD + "".join(line for id in tables for line in _lines(id, tables[id]))


def _lines(id: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n[rule.{id}]\n"
    for name, value in table.items():
        yield f"{name} = {_value(value)}\n"


def _value(value: Any) -> str:
    """Return a value as TOML; a JSON string is a TOML string too, once DEL is escaped."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with open(new, "w", encoding="utf-8", opener=private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
