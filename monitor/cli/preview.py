"""`preview`: print the exact message of an alert or a digest."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor import config as configuration
from monitor.app import derive, policies
from monitor.channels.file import SENDER
from monitor.channels.smtp.mime import Heading, compose
from monitor.clock import utc_now
from monitor.errors import MonitorError
from monitor.jobs.digest import preview_of
from monitor.model import Alert, Delivery, DeliveryKind, Message, MessageForm, key_of
from monitor.render.attachments import table

from .common import (
    DEFAULT_CONFIG,
    ConfigPath,
    json_of,
    not_found,
    opened_store,
    stdout,
)

previews = typer.Typer(help="The exact message, before or after it is sent.", no_args_is_help=True)


class PreviewFormat(StrEnum):
    """The format of a preview: a mail as text, HTML or EML, or the form of message that a channel takes."""

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


#: The form of message that a format is taken from; any other format is a form itself.
_FORM_OF = {
    PreviewFormat.TEXT: MessageForm.MAIL,
    PreviewFormat.HTML: MessageForm.MAIL,
    PreviewFormat.EML: MessageForm.MAIL,
    PreviewFormat.CSV: MessageForm.FILES,
    PreviewFormat.CONSOLE: MessageForm.TEXT,
}

AsForm = Annotated[PreviewFormat, typer.Option("--as", help="Which form of the message.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file instead.")]


@previews.command("alert")
def preview_alert(
    item: Annotated[str, typer.Argument(help="An item's id, or its beginning; `search` shows them.")],
    form: AsForm = PreviewFormat.TEXT,
    out: Out = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Print the message of an item's alert; for an item that raised none, the one it would have."""
    if form is PreviewFormat.CSV:
        raise typer.BadParameter("only a digest is a table; write text, html, eml, console, slack or json")
    settings = configuration.load(config)
    _show(policies.renderer_of(settings).alert(alert_of(item, settings), _form(form)), form, out)


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
    return Alert(
        item=judged.item,
        verdict=judged.verdict,
        decision=judged.decision,
        story=story,
        raised_at=utc_now(),
        source=source,
        tier=tier,
    )


@previews.command("digest")
def preview_digest(
    day: Annotated[str, typer.Argument(help="A date such as 2026-11-23, or today.")] = "today",
    name: Annotated[str, typer.Option("--digest", help="Which digest; the first one if not given.")] = "",
    form: AsForm = PreviewFormat.TEXT,
    out: Out = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Print the digest that a day's alerts make."""
    settings = configuration.load(config)
    subscriptions = derive.subscriptions_of(settings)
    chosen = next((each for each in subscriptions if name in {"", each.name}), None)
    if chosen is None:
        raise not_found("digest", name or "any", "write one as [digests.daily] in the configuration")
    since = datetime.combine(_date(day), time(), UTC)
    with opened_store(settings) as store:
        until = since + timedelta(days=1)
        digest = preview_of(chosen, since, until, store, store.alerts(since, until))
    _show(policies.renderer_of(settings).digest(digest, _form(form)), form, out)


def _date(day: str) -> date:
    if day == "today":
        return utc_now().date()
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise typer.BadParameter(f"{day!r} is no date; write 2026-11-23 or today") from None


def _form(format: PreviewFormat) -> MessageForm:
    return _FORM_OF.get(format) or MessageForm(format.value)


def _show(messages: tuple[Message, ...], form: PreviewFormat, out: Path | None) -> None:
    content = _content(messages, form)
    if out is None:
        typer.echo(content)
        return
    try:
        out.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise MonitorError(f"{out} cannot be written: {error.strerror}") from error
    stdout.print(f"wrote {out}")


def _content(messages: tuple[Message, ...], form: PreviewFormat) -> str:
    if form in _SHOWN:
        return "\n".join(_SHOWN[form](message) for message in messages)
    bodies = [message.blocks or message.data for message in messages]
    return json_of(bodies[0] if len(bodies) == 1 else bodies)


def _mail(message: Message) -> str:
    now = utc_now()
    delivery = Delivery(
        id="preview",
        kind=DeliveryKind.TEST,
        ref="preview",
        channel="preview",
        recipient="",
        message=message,
        created_at=now,
        due_at=now,
    )
    return compose(delivery, Heading(SENDER)).decode("ascii")


def _table(message: Message) -> str:
    return table(message.data)


_SHOWN: Mapping[PreviewFormat, Callable[[Message], str]] = {
    PreviewFormat.TEXT: lambda message: f"Subject: {message.subject}\n\n{message.text}",
    PreviewFormat.HTML: lambda message: message.html,
    PreviewFormat.EML: _mail,
    PreviewFormat.CSV: _table,
    PreviewFormat.CONSOLE: lambda message: message.text,
}
