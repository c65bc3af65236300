"""`explain`: what the monitor would make of one text, and why."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import app as program
from monitor.alerts.policy import decide
from monitor.alerts.shape import verdict_data
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.feeds import article
from monitor.feeds.fetch import Fetcher
from monitor.feeds.page import read_page
from monitor.model import Decision, Event, Evidence, Feed, FeedState, Item, Tier, Verdict
from monitor.rulebook import rulebook

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, print_json, settings_or_default, stdout

_FIELD_STYLE = "bold black on yellow"


def explain(
    text: Annotated[str, typer.Argument(help="A text, a file, a web address, or - for standard input.")],
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Judge one text and print the verdict with all its reasons.

    The first line is the title, the rest the summary. A JSON object {title, summary, source, lang, date} is
    understood too; `source` is the name or title of a configured feed.
    """
    settings = settings_or_default(config)
    item, tier = _item(_content(text, settings), settings)
    if not (item.title.strip() or item.summary.strip()):
        raise ConfigError("there is nothing to judge: the text is empty")
    rules = rulebook(settings)
    verdict = rules.engine.judge(item, tier)
    decision = decide(verdict, rules.table)
    if as_json:
        print_json(verdict_data(verdict, decision))
    else:
        print_verdict(item, verdict, decision)


def _content(text: str, settings: Settings) -> dict[str, Any]:
    if text.startswith(("http://", "https://")) and not any(char.isspace() for char in text):
        return asyncio.run(_page(text, settings))
    if text == "-":
        text = sys.stdin.read()
    elif path := _file(text):
        text = _read(path)
    return _fields(text)


def _file(text: str) -> Path | None:
    """Return the file that a text names, if it does; a text may be too long even to ask."""
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
        return {
            key: str(fields[key]) for key in ("title", "summary", "source", "lang", "date") if fields.get(key)
        }
    title, _, summary = stripped.partition("\n")
    return {"title": title.strip(), "summary": summary.strip()}


async def _page(url: str, settings: Settings) -> dict[str, Any]:
    http, guard = program.http_for_commands(settings)
    async with http:
        now = utc_now()
        got = await Fetcher(http, guard)(Feed("explain", url, url, ""), FeedState("explain", now), now)
    body, kind = getattr(got, "body", b""), getattr(got, "content_type", "")
    title, beginning = read_page(body, kind)
    text = article.read_article(body, kind) if article.installed() else ""
    return {"title": title, "summary": text if len(text) >= article.LEAST else beginning}


def _item(fields: dict[str, Any], settings: Settings) -> tuple[Item, Tier]:
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


# ---------------------------------------------------------------- for people


def print_verdict(item: Item, verdict: Verdict, decision: Decision) -> None:
    """Print a verdict as a person reads it: what, why, against, where to."""
    stdout.print(_marked(item, verdict))
    stdout.print()
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Verdict", _headline(verdict))
    table.add_row("Relevance", "  ".join(f"{topic} {points}" for topic, points in verdict.relevance.items()))
    if verdict.event:
        table.add_row("Event", _event(verdict.event))
    for event in verdict.background:
        table.add_row("Background", _event(event))
    if verdict.entities:
        table.add_row("Names", Text(", ".join(f"{m.name} ({m.kind})" for m in verdict.entities)))
    for each in verdict.evidence:
        table.add_row("Why", _evidence(each))
    for each in verdict.penalties:
        table.add_row("Against", _evidence(each))
    source = verdict.credibility
    table.add_row("Source", f"{source.letter} ({source.score}): {', '.join(source.reasons)}")
    table.add_row("Goes to", Text(f"{decision.placement.name.lower()}: {decision.because}"))
    for change in verdict.would_change:
        table.add_row("Would change", Text(change))
    table.add_row(
        "Versions", " ".join(f"{name} {version}" for name, version in verdict.versions.items() if version)
    )
    stdout.print(table)


def _headline(verdict: Verdict) -> Text:
    if not verdict.topics:
        return Text(
            "not flagged" + (f", possibly {' and '.join(verdict.possible)}" if verdict.possible else "")
        )
    words = "both: sanctions and arms" if len(verdict.topics) == 2 else verdict.topics[0]
    return Text(f"{words}, severity {verdict.severity} of 5", style="bold")


def _event(event: Event) -> Text:
    marks = [
        event.stage and f"stage {event.stage}",
        event.polarity,
        event.hedged and "hedged",
        event.negated and "denied",
    ]
    text = Text(f"{event.type}", style="bold" if not event.background else "")
    text.append(f" ({', '.join(mark for mark in marks if mark)}) ", style="dim")
    text.append(f"“{event.quote}” in the {event.field}")
    if event.why:
        text.append(f" — {event.why}", style="dim")
    if event.amounts:
        text.append(f" — {', '.join(event.amounts)}", style="dim")
    return text


def _evidence(each: Evidence) -> Text:
    points = f"{each.points:+6.1f}" if each.points else "      "
    style = "red" if each.points < 0 else "green"
    return Text.assemble((points, style), f"  {each.because}: “{each.quote}” in the {each.field}")


def _marked(item: Item, verdict: Verdict) -> Text:
    """Return the text with what counted marked in it."""
    title, summary = Text(item.title, style="bold"), Text(item.summary)
    for each in (*verdict.evidence, *verdict.penalties):
        part = {"title": title, "summary": summary}.get(each.field, Text())
        part.stylize("underline red" if each.points < 0 else "underline green", each.start, each.stop)
    return Text("\n").join([title, summary]) if item.summary else title
