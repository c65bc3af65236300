"""Parse scoring tables from TOML: the built-in one, with the operator's over it; report every mistake."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.errors import ConfigError
from monitor.model import Tier

from .schema import number, string, strings
from .score import Scoring, SourceTrust

FIELDS = ("title", "summary", "body", "category")
ADDED = ("family", "families", "primary", "unsourced")

#: Every table, and the keys it must have; None where they are the writer's own.
_TABLES: dict[str, tuple[str, ...] | None] = {
    "relevance": ("flagged", "possible"),
    "fields": FIELDS,
    "severity": None,
    "tiers": tuple(tier.value for tier in Tier),
    "credibility": (*ADDED, "primary_hosts"),
    "letters": tuple("ABCD"),
    "routing": tuple("012345"),
}


def merged(built_in: tuple[str, str], own: tuple[str, str] | None = None) -> tuple[str, Mapping[str, Any]]:
    """Read (name, text) of the built-in table and lay the operator's over it, key by key.

    Raises:
        ConfigError: one of them is not TOML, or is not made of tables.
    """
    name, tables = built_in[0], _read(*built_in)
    if own is None:
        return name, tables
    for table, rows in _read(*own).items():
        tables[table] = _over(tables.get(table, {}), rows)
    return own[0], tables


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: below[key] | value for key, value in above.items() if _is_table(value, below.get(key))}
    return {**below, **above, **both}


def _is_table(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)


def _read(name: str, text: str) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from error
    if wrong := [key for key, rows in tables.items() if not isinstance(rows, dict)]:
        raise ConfigError(f"{name}: {wrong[0]}: write a table [{wrong[0]}], not a value")
    return tables


def load(tables: Mapping[str, Any], origin: str) -> Scoring:
    """Return what the tables say.

    Raises:
        ConfigError: one line for each mistake, as ``file: table: what``.
    """
    mistakes = list(_mistakes(tables))
    if mistakes:
        raise ConfigError("\n".join(f"{origin}: {each}" for each in mistakes))
    letters = sorted(tables["letters"].items(), key=lambda each: -each[1])
    return Scoring(
        flagged=tables["relevance"]["flagged"],
        possible=tables["relevance"]["possible"],
        weights=tables["fields"],
        severity=tables["severity"],
        tiers={tier: SourceTrust(**row) for tier, row in tables["tiers"].items()},
        added={key: tables["credibility"][key] for key in ADDED},
        primary_hosts=tuple(tables["credibility"]["primary_hosts"]),
        letters=tuple(letters),
    )


def _mistakes(tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield missing and unknown keys; values are checked when no key is missing."""
    strange = [table for table in tables if table not in _TABLES]
    yield from (f"no table {table!r}; known: {', '.join(_TABLES)}" for table in strange)
    lacking = list(_lacking(tables))
    yield from lacking
    for table, wanted in _TABLES.items():
        for key in set(tables.get(table, ())) - set(wanted) if wanted else ():
            yield f"{table}: no key {key!r}; known: {', '.join(wanted or ())}"
    if not lacking:
        yield from _value_mistakes(tables)


def _lacking(tables: Mapping[str, Any]) -> Iterator[str]:
    for table, wanted in _TABLES.items():
        if table not in tables:
            yield f"{table}: the table is missing"
        else:
            yield from (f"{table}: {key} is missing" for key in wanted or () if key not in tables[table])


def _value_mistakes(tables: Mapping[str, Any]) -> Iterator[str]:
    asked = [("relevance", key, 0, 100) for key in ("possible", "flagged")]
    asked += [("fields", key, 0, 1) for key in FIELDS]
    asked += [("severity", type, 0, 5) for type in tables["severity"]]
    asked += [("credibility", key, -100, 100) for key in ADDED]
    asked += [("letters", letter, 0, 100) for letter in "ABCD"]
    for table, key, least, most in asked:
        try:
            number(tables[table], key, least, most)
        except ValueError as error:
            yield f"{table}: {error}"
    for tier, row in tables["tiers"].items():
        yield from (f"tiers: {tier}: {what}" for what in _trust_mistakes(row))
    try:
        strings(tables["credibility"], "primary_hosts")
    except ValueError as error:
        yield f"credibility: {error}"


def _trust_mistakes(row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield 'write { score = 60, says = "in words" }'
        return
    if wrong := set(row) - {"score", "says", "most"}:
        yield f"no key {', '.join(sorted(wrong))}; known: score, says, most"
    try:
        number(row, "score", 0, 100)
        number(row, "most", 0, 100, 100)
        string(row, "says")
    except KeyError as error:
        yield f"{error} is missing"
    except ValueError as error:
        yield str(error)
