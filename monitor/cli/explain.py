"""`explain`: judge one text and print the verdict with its reasons."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.alerts.routing import decide_with_alternatives
from monitor.app.rulebook import rulebook
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.model import Item, Tier
from monitor.render.json import verdict_data

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, settings_or_default
from .verdict import print_cell, print_verdict


def explain(
    text: Annotated[str, typer.Argument(help="A text, a file, a web address, or - for standard input.")],
    config: ConfigPath = DEFAULT_CONFIG,
    full: Annotated[
        bool, typer.Option("--full", help="Print every rule with its points, the routing table and versions.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge one text and print the verdict with its reasons; `--full` adds rules and points.

    The first line is the title, the rest the summary. A JSON object {title, summary, source, lang, date} is
    understood too; `source` is the name or title of a configured feed.
    """
    settings = settings_or_default(config)
    item, tier = item_of(_content(text, settings), settings)
    if not (item.title.strip() or item.summary.strip()):
        raise ConfigError("there is nothing to judge: the text is empty")
    rules = rulebook(settings)
    verdict, decision = decide_with_alternatives(rules.engine.judge(item, tier), rules.table)
    if as_json:
        print_json(verdict_data(verdict, decision))
    else:
        print_verdict(item, verdict, decision, full)
        if full:
            print_cell(verdict, rules.table)


def _content(text: str, settings: Settings) -> dict[str, Any]:
    if text.startswith(("http://", "https://")) and not any(char.isspace() for char in text):
        from .web_page import read_page  # noqa: PLC0415  only an address needs the network

        return asyncio.run(read_page(text, settings))
    if text == "-":
        text = sys.stdin.read()
    elif path := _file(text):
        text = _read(path)
    return _fields(text)


def _file(text: str) -> Path | None:
    """Return the file that a text names, if there is one; a text may be too long for a path."""
    try:
        return path if (path := Path(text)).is_file() else None
    except OSError:
        return None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{path}: {error}") from error


def _fields(text: str) -> dict[str, Any]:
    stripped = text.strip()
    if stripped.startswith("{"):
        try:
            fields = json.loads(stripped)
        except json.JSONDecodeError as error:
            raise ConfigError(f"the text begins like JSON, but {error}") from error
        return {key: _given(fields[key]) for key in _FIELDS if fields.get(key)}
    title, _, summary = stripped.partition("\n")
    return {"title": title.strip(), "summary": summary.strip()}


#: The keys of a text that is given as JSON.
_FIELDS = ("title", "summary", "source", "lang", "date", "categories")


def _given(value: Any) -> str:
    """Return a value as text, a list as one line for each of its texts."""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def item_of(fields: Mapping[str, str], settings: Settings) -> tuple[Item, Tier]:
    """Return a text as an item, with the tier of its source among the configured feeds."""
    now = utc_now()
    item = Item(
        feed="explain",
        guid="explain",
        url="",
        title=fields.get("title", ""),
        summary=fields.get("summary", ""),
        first_seen_at=now,
        published_at=_date(fields.get("date", "")),
        lang=fields.get("lang", ""),
        categories=tuple(filter(None, fields.get("categories", "").split("\n"))),
    )
    source = fields.get("source", "").casefold()
    known = ((name, feed) for name, feed in settings.feeds.items())
    tier = next(
        (f.tier for n, f in known if source in {n.casefold(), f.title.casefold()} - {""}), Tier.REGIONAL
    )
    return item, tier


def _date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
