"""`search`, `preview`: the archive, and the exact message that it makes or made."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import config as configuration
from monitor.app import build as program
from monitor.channels.file import SENDER
from monitor.channels.smtp.mime import Heading, compose
from monitor.clock import utc_now
from monitor.errors import MonitorError
from monitor.jobs.digest import preview_of
from monitor.model import Alert, Delivery, DeliveryKind, Judged, Message, key_of
from monitor.render.attachments import table
from monitor.render.json import verdict_data

from .common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigPath,
    json_of,
    moment,
    not_found,
    opened_store,
    print_json,
    stdout,
)
from .verdict import print_verdict

previews = typer.Typer(help="The exact message, before or after it is sent.", no_args_is_help=True)


class Form(StrEnum):
    """How a message may be looked at: a mail as text, HTML or whole, else the form that a channel takes."""

    TEXT = "text"
    HTML = "html"
    EML = "eml"
    CSV = "csv"
    CONSOLE = "console"
    SLACK = "slack"
    JSON = "json"
    TEAMS = "teams"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    NTFY = "ntfy"
    PAGERDUTY = "pagerduty"
    MATRIX = "matrix"
    APPRISE = "apprise"


#: The form of message that holds what is looked at; any other is a form itself.
_HELD_BY = {Form.TEXT: "mail", Form.HTML: "mail", Form.EML: "mail", Form.CSV: "files", Form.CONSOLE: "text"}

AsForm = Annotated[Form, typer.Option("--as", help="Which form of the message.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file instead.")]


def search(
    words: Annotated[list[str], typer.Argument(help='All of these words; "a phrase"; stem*.')],
    limit: Annotated[int, typer.Option(help="At most so many, the newest.")] = 20,
    explain: Annotated[bool, typer.Option(help="Print every verdict with its reasons.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Search everything that was ever read, flagged or not, newest first."""
    with opened_store(configuration.load(config)) as store:
        found = store.search(" ".join(words), limit)
    if as_json:
        print_json([_data(each) for each in found])
    elif explain:
        for each in found:
            print_verdict(each.item, each.verdict, each.decision)
            stdout.print()
    else:
        _print_found(found)


def _print_found(found: tuple[Judged, ...]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("item", "first seen", "feed", "verdict", "title"):
        table.add_column(heading, overflow="fold")
    for each in found:
        topics = "+".join(each.verdict.topics) or "–"
        verdict = f"{topics} {each.decision.placement.name.lower()}"
        seen, title = moment(each.item.first_seen_at), Text(each.item.title)
        table.add_row(each.item.id[:10], seen, each.item.feed, verdict, title)
    stdout.print(table if found else "nothing found")


def _data(each: Judged) -> dict[str, Any]:
    item = {"id": each.item.id, "feed": each.item.feed, "title": each.item.title, "url": each.item.url}
    seen = {
        "first_seen_at": moment(each.item.first_seen_at),
        "published_at": moment(each.item.published_at) or None,
    }
    return item | seen | {"verdict": verdict_data(each.verdict, each.decision)}


@previews.command("alert")
def preview_alert(
    item: Annotated[str, typer.Argument(help="An item's id, or its beginning; `search` shows them.")],
    form: AsForm = Form.TEXT,
    out: Out = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Print the message of an item's alert; for an item that raised none, the one it would have."""
    if form is Form.CSV:
        raise typer.BadParameter("only a digest is a table; write text, html, eml, console, slack or json")
    settings = configuration.load(config)
    _show(program.renderer_of(settings).alert(alert_of(item, settings), _form(form)), form, out)


def alert_of(item: str, settings: configuration.Settings) -> Alert:
    """Return the alert that an item raised; of one that raised none, the alert it would have.

    Raises:
        ConfigError: no item has this id, or several begin so.
    """
    with opened_store(settings) as store:
        judged = store.item(item)
        alert = store.alert_of(judged.item.id) if judged else None
    if judged is None:
        raise not_found("item", item, "see `sanctions-monitor search WORDS`")
    if alert is not None:
        return alert
    feed = settings.feeds.get(judged.item.feed)
    source = feed.title if feed and feed.title else judged.item.feed
    story = key_of("story", judged.item.feed, judged.item.guid)
    tier = feed.tier.value if feed else ""
    return Alert(judged.item, judged.verdict, judged.decision, story, utc_now(), source, tier=tier)


@previews.command("digest")
def preview_digest(
    day: Annotated[str, typer.Argument(help="A date such as 2026-11-23, or today.")] = "today",
    name: Annotated[str, typer.Option("--digest", help="Which digest; the first one if not given.")] = "",
    form: AsForm = Form.TEXT,
    out: Out = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Print the digest that a day's alerts make."""
    settings = configuration.load(config)
    subscriptions = program.subscriptions_of(settings)
    chosen = next((each for each in subscriptions if name in {"", each.name}), None)
    if chosen is None:
        raise not_found("digest", name or "any", "write one as [digests.daily] in the configuration")
    since = datetime.combine(_date(day), time(), UTC)
    with opened_store(settings) as store:
        until = since + timedelta(days=1)
        digest = preview_of(chosen, since, until, store, store.alerts(since, until))
    _show(program.renderer_of(settings).digest(digest, _form(form)), form, out)


def _date(day: str) -> date:
    if day == "today":
        return utc_now().date()
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise typer.BadParameter(f"{day!r} is no date; write 2026-11-23 or today") from None


def _form(form: Form) -> str:
    return _HELD_BY.get(form, form.value)


def _show(messages: tuple[Message, ...], form: Form, out: Path | None) -> None:
    content = _content(messages, form)
    if out is None:
        typer.echo(content)
        return
    try:
        out.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise MonitorError(f"{out} cannot be written: {error.strerror}") from error
    stdout.print(f"wrote {out}")


def _content(messages: tuple[Message, ...], form: Form) -> str:
    if form in _SHOWN:
        return "\n".join(_SHOWN[form](message) for message in messages)
    values = [message.blocks or message.data for message in messages]
    return json_of(values[0] if len(values) == 1 else values)


def _mail(message: Message) -> str:
    now = utc_now()
    delivery = Delivery("preview", DeliveryKind.TEST, "preview", "preview", "", message, now, now)
    return compose(delivery, Heading(SENDER)).decode("ascii")


def _table(message: Message) -> str:
    return table(message.data)


_SHOWN: Mapping[Form, Callable[[Message], str]] = {
    Form.TEXT: lambda message: f"Subject: {message.subject}\n\n{message.text}",
    Form.HTML: lambda message: message.html,
    Form.EML: _mail,
    Form.CSV: _table,
    Form.CONSOLE: lambda message: message.text,
}
