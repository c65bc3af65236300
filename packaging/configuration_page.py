"""Write the tables of docs/configuration.md again: ``python packaging/configuration_page.py``.

Types, limits and defaults come from the settings classes; meanings and examples from config.example.toml.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from inspect import get_annotations
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, IPvAnyNetwork, SecretStr
from pydantic.fields import FieldInfo

from monitor.channels.settings import secret_keys
from monitor.config import AnyChannel, Settings
from monitor.config.base import Backlog, Duration, Name, Time, Zone, format_duration
from monitor.config.routing import Cadence, Country, EntityId
from monitor.resources import EXAMPLE_CONFIG

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"

#: What follows this line in the page is made by this script; what precedes it is written by hand.
MARK = "<!-- Made by packaging/configuration_page.py from the settings classes and config.example.toml. -->"

#: What a type is called, where the annotation itself does not say it.
NAMED_TYPES: tuple[tuple[Any, str], ...] = (
    (Duration, "duration"),
    (Backlog, 'duration or "all"'),
    (Time, '"HH:MM"'),
    (Zone, "IANA time zone"),
    (Cadence, "cadence"),
    (Country, "ISO country code"),
    (EntityId, "id of an entity"),
    (Name, "name"),
    (SecretStr, "secret"),
    (IPvAnyNetwork, "network"),
    (bool, "true or false"),
    (int, "whole number"),
    (float, "number"),
    (str, "text"),
    (date, "date"),
    (Path, "path"),
)


LIMITS = {"gt": "more than", "ge": "at least", "le": "at most", "min_length": "length at least"}
QUOTE = '"'


@dataclass(slots=True)
class Shown:
    """What the example shows of one table: example and meaning of each key."""

    examples: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table: how its header is written, its settings class, and what the example shows of it."""

    header: str
    model: type[BaseModel]
    shown: tuple[Shown, ...]


# ---------------------------------------------------------------- the example


def split_comment(line: str) -> tuple[str, str]:
    """Return a line without its comment, and the comment; a # inside quotes begins none."""
    quoted = False
    for at, letter in enumerate(line):
        quoted ^= letter == '"'
        if letter == "#" and not quoted:
            return line[:at].rstrip(), line[at + 1 :].strip()
    return line.rstrip(), ""


def read_example(text: str) -> dict[str, Shown]:
    """Return what an example shows, by header of table; "" is the top of the file."""
    tables = {"": Shown()}
    shown, key = tables[""], ""
    for line in text.splitlines():
        if header := re.match(r"(?:# )?\[+([\w.-]+)\]+", line):
            shown, key = tables.setdefault(header[1], Shown()), ""
        elif pair := re.match(r"(?:# )?(\w[\w-]*) = ", line):
            key = pair[1]
            content, meaning = split_comment(line.removeprefix("# "))
            shown.examples.setdefault(key, content.partition(" = ")[2])
            shown.meanings.setdefault(key, meaning)
        elif key and re.match(r" {10,}# ", line):
            shown.meanings[key] += " " + line.strip(" #")
        else:
            key = ""
    return tables


# ---------------------------------------------------------------- the settings classes


def channel_models() -> tuple[type[BaseModel], ...]:
    """Return the settings classes of channels, in alphabetical order of their types."""
    union: Any = get_args(AnyChannel)[0]
    return tuple(sorted(get_args(union), key=type_of))


def type_of(model: type[BaseModel]) -> str:
    """Return the `type` that a channel's table has."""
    return str(model.model_fields["type"].default)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the settings classes that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def tables() -> Iterator[Table]:
    """Yield every kind of table, in the order of the settings, with its nested tables after it."""
    example = read_example(EXAMPLE_CONFIG.read_text("utf-8"))
    yield Table("", Settings, (example[""],))
    for name, info in Settings.model_fields.items():
        key = info.alias or name
        found = channel_models() if key == "channels" else tuple(models_in(info.annotation))
        for model in found:
            yield from with_nested(key, model, info, example)


def with_nested(
    key: str, model: type[BaseModel], info: FieldInfo, example: dict[str, Shown]
) -> Iterator[Table]:
    """Yield the table of a settings class, then those that its keys hold."""
    named = get_origin(info.annotation) is dict
    name, pattern = (f"{key}.<name>", rf"{key}\.[\w-]+") if named else (key, key)
    shown = shown_as(pattern, example)
    if key == "channels":
        shown = tuple(each for each in shown if each.examples.get("type") == f'"{type_of(model)}"')
    yield Table(f"[[{name}]]" if get_origin(info.annotation) is tuple else f"[{name}]", model, shown)
    for inner, inner_info in model.model_fields.items():
        path = inner_info.alias or inner
        for nested in models_in(inner_info.annotation):
            yield Table(f"[{name}.{path}]", nested, shown_as(rf"{pattern}\.{path}", example))


def shown_as(pattern: str, example: dict[str, Shown]) -> tuple[Shown, ...]:
    """Return what the example shows of the tables whose name fits."""
    return tuple(shown for name, shown in example.items() if re.fullmatch(pattern, name))


def type_words(annotation: Any) -> str:
    """Return what a value must be, in words."""
    for known, words in NAMED_TYPES:
        if annotation == known:
            return words
    parts = get_args(annotation)
    if parts:
        return words_of_parts(get_origin(annotation), parts)
    if issubclass(annotation, Enum):
        return " · ".join(f"`{member.value}`" for member in annotation)
    return "table"


def words_of_parts(origin: Any, parts: tuple[Any, ...]) -> str:
    """Return what a value of a composed type must be, in words."""
    if origin is Annotated:
        return type_words(parts[0])
    if origin is Literal:
        return " · ".join(f"`{part}`" for part in parts if part)
    if origin is tuple:
        return f"list of {type_words(parts[0])}"
    if origin is dict:
        return f"table: {type_words(parts[1])} by {type_words(parts[0])}"
    return " or ".join(type_words(part) for part in parts if part is not type(None))


def limits(info: FieldInfo) -> str:
    """Return the limits of a number or a length, in words."""
    words = []
    for each in info.metadata:
        for name, label in LIMITS.items():
            if (value := getattr(each, name, None)) is not None:
                words.append(f"{label} {written(value).strip(QUOTE)}")
    return ", ".join(words)


def default_words(info: FieldInfo) -> str:
    """Return a default as the file would have it; "required" if there is none."""
    if info.is_required():
        return "required"
    value = info.get_default(call_default_factory=True)
    return "–" if value is None or isinstance(value, BaseModel) else f"`{written(value)}`"


def written(value: Any) -> str:
    """Return a value in TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f'"{format_duration(value)}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, Enum):
        return f'"{value.value}"'
    return str(value) if isinstance(value, int | float) else f'"{value}"'


# ---------------------------------------------------------------- the page


def declared_in(model: type[BaseModel], name: str) -> type:
    """Return the class that declares a field first."""
    return next(each for each in reversed(model.__mro__) if name in get_annotations(each))


@dataclass(frozen=True, slots=True)
class Row:
    """One key: of which class, its type, default, meaning and example."""

    key: str
    owner: tuple[type, str]
    type: str
    default: str
    meaning: str
    example: str


def rows(table: Table) -> Iterator[Row]:
    """Yield the keys of a table; keys that are tables of their own are left out."""
    hints = get_type_hints(table.model, include_extras=True)
    secrets = secret_keys(table.model)
    for name, info in table.model.model_fields.items():
        if any(models_in(info.annotation)) or (table.header.startswith("[channels") and name == "type"):
            continue
        key = info.alias or name
        kind = ", ".join(filter(None, (type_words(hints[name]), limits(info))))
        if name in secrets:
            kind += f"; or `{key}_file`"
        meaning = next((each.meanings[key] for each in table.shown if each.meanings.get(key)), "")
        value = next((each.examples[key] for each in table.shown if key in each.examples), "")
        yield Row(key, (declared_in(table.model, name), name), kind, default_words(info), meaning, value)


def all_rows() -> list[tuple[Table, list[Row]]]:
    """Return every table with its rows; a field that tables share needs its meaning once."""
    listed = [(table, list(rows(table))) for table in tables()]
    known = {row.owner: row.meaning for _, found in reversed(listed) for row in found if row.meaning}
    return [(table, [with_meaning(row, known) for row in found]) for table, found in listed]


def with_meaning(row: Row, known: dict[tuple[type, str], str]) -> Row:
    """Return a row with the meaning of its field, from whichever table shows it."""
    meaning = row.meaning or known.get(row.owner, "")
    return Row(row.key, row.owner, row.type, row.default, meaning, row.example)


def introduction(model: type[BaseModel]) -> str:
    """Return the first sentence of a settings class's docstring, as a sentence of a page."""
    paragraph = " ".join(str(model.__doc__).split("\n\n")[0].split())
    sentence = re.split(r"(?<=\.) (?=[A-Z`])", re.sub(r"^``\[.+?\]``: ", "", paragraph))[0]
    return f"{sentence[0].upper()}{sentence[1:].rstrip('.')}.".replace("``", "`")


def section(table: Table, found: list[Row]) -> Iterator[str]:
    """Yield the lines of one table."""
    kind = type_of(table.model) if table.header.startswith("[channels") else ""
    title = (
        f'`{table.header}`, type = "{kind}"'
        if kind
        else f"`{table.header}`"
        if table.header
        else "Top of the file"
    )
    yield f"\n## {title}\n"
    if table.header:
        yield f"{introduction(table.model)}\n"
    yield "| key | type | default | meaning |\n|---|---|---|---|"
    for row in found:
        example = f" · example `{row.example}`" if row.default.strip("`") != row.example else ""
        cells = [f"`{row.key}`", row.type, row.default, f"{row.meaning}{example}"]
        yield "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def page(current: str) -> str:
    """Return the whole page, its beginning from the current one."""
    before = current.partition(MARK)[0].rstrip("\n") + "\n"
    lines = [line for table, found in all_rows() for line in section(table, found)]
    return "\n".join([before, MARK, *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
