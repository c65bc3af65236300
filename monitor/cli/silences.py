"""`silence add|list|end`, `unsubscribed list|end`: suppress alerts for a time; list recipients who left."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from getpass import getuser
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.clock import utc_now
from monitor.config.base import format_duration
from monitor.model import Alert, Silence, iso_id, key_of
from monitor.render.sanitize import sanitize

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, not_found, opened_store, print_json, stdout
from .periods import duration
from .silence_check import LOOKBACK, refuse_impossible, would_have_suppressed
from .tables import new_table

app = typer.Typer(help="Alerts suppressed for a time, by whom and why.", no_args_is_help=True)
unsubscribed = typer.Typer(help="Recipients who unsubscribed.", no_args_is_help=True)

#: Most alerts shown that a new silence would have suppressed.
_SHOWN = 10

CRITERIA = ("story", "feed", "entity", "event", "topic", "words")


def _lasting(given: str) -> timedelta:
    found = duration(given)
    if not found:
        raise typer.BadParameter('a silence needs a time such as "12h" or "7d"')
    return found


@app.command()
def add(  # noqa: PLR0913, PLR0917 - each is an option
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; stored with each suppressed alert.")],
    lasts: Annotated[timedelta, typer.Option("--for", parser=_lasting, help="For how long: 12h, 7d.")],
    story: Annotated[str, typer.Option(help="A story's id, as messages give it.")] = "",
    feed: Annotated[str, typer.Option(help="A feed's name.")] = "",
    entity: Annotated[str, typer.Option(help="An entity's id, such as country:TR, or its name.")] = "",
    event: Annotated[str, typer.Option(help="An event type, such as extended.")] = "",
    topic: Annotated[str, typer.Option(help="sanctions or arms.")] = "",
    words: Annotated[str, typer.Option(help="Words that all stand in title or summary.")] = "",
    who: Annotated[str, typer.Option(help="Who silences it; default: the current user.")] = "",
    through: Annotated[
        int, typer.Option(help="Alerts of this severity are sent all the same; 6: none.", min=0, max=6)
    ] = 5,
    flips: Annotated[bool, typer.Option(help="Changes of direction are sent all the same.")] = True,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Suppress alerts that fit all the criteria given, for a time.

    Suppressed alerts are stored and listed by `outbox list --state suppressed`; digests give their number.
    Prints which alerts of the last 30 days it would have suppressed; refuses what no alert can fit.
    """
    _check(reason, (story, feed, entity, event, topic, words))
    silence = Silence(
        id=key_of("silence", str(uuid4())),
        who=who or getuser(),
        reason=reason.strip(),
        created_at=(now := utc_now()),
        expires_at=now + lasts,
        story=story,
        feed=feed,
        entity=iso_id(entity),
        event=event,
        topic=topic,
        words=words,
        break_through=through,
        flips=flips,
    )
    _add(silence, configuration.load(config), as_json)


def _add(silence: Silence, settings: configuration.Settings, as_json: bool) -> None:
    with opened_store(settings) as store:
        refuse_impossible(silence, settings, store)
        store.add_silence(silence)
        fitting, alerts = would_have_suppressed(silence, store)
    if as_json:
        print_json(_data(silence))
    else:
        _print_added(silence, fitting, alerts)


def _print_added(silence: Silence, fitting: Sequence[Alert], alerts: int) -> None:
    lasts = format_duration(silence.expires_at - silence.created_at)
    stdout.print(f"silence {silence.id[:10]} for {lasts}, until {moment(silence.expires_at)}")
    count = f"{len(fitting)} of {alerts} alerts"
    stdout.print(f"in the last {LOOKBACK.days} days it would have suppressed {count}")
    for alert in fitting[-_SHOWN:]:
        stdout.print(Text(f"  {moment(alert.raised_at)}  {sanitize(alert.item.title)}"), soft_wrap=True)


def _check(reason: str, criteria: Iterable[str]) -> None:
    if not any(criteria):
        raise typer.BadParameter(f"say what to silence: --{', --'.join(CRITERIA)}")
    if not reason.strip():
        raise typer.BadParameter("a silence needs a reason")


@app.command("list")
def list_silences(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List silences."""
    now = utc_now()
    with opened_store(configuration.load(config)) as store:
        found = store.silences(None if every else now)
    if as_json:
        print_json([_data(each) for each in found])
        return
    table = new_table("id", "what", "until", "who", "reason")
    for each in found:
        until = f"ended {moment(each.ended_at)}" if each.ended_at else moment(each.expires_at)
        style = "" if each.active(now) else "dim"
        table.add_row(each.id[:10], Text(_what(each)), until, Text(each.who), Text(each.reason), style=style)
    stdout.print(table if found else "no silences")


@app.command()
def end(
    id: Annotated[str, typer.Argument(help="A silence's id, or its beginning.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """End a silence now; what it suppressed is not sent, but counts in digests from now on."""
    with opened_store(configuration.load(config)) as store:
        ended = store.end_silence(id, utc_now())
    if ended is None:
        raise not_found("silence that counts now", id, "see `sanctions-monitor silence list`")
    stdout.print(f"silence {ended.id[:10]} ended: {_what(ended)}")


@unsubscribed.command("list")
def list_unsubscribed(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List recipients who unsubscribed, with the channel."""
    with opened_store(configuration.load(config)) as store:
        found = store.unsubscriptions()
    if as_json:
        rows = ((each.channel, each.recipient, moment(each.at), each.how) for each in found)
        print_json([dict(zip(("channel", "recipient", "at", "how"), row, strict=True)) for row in rows])
        return
    for each in found:
        stdout.print(Text(f"{each.channel}  {each.recipient}  {moment(each.at)}  {each.how}"))
    if not found:
        stdout.print("nobody has unsubscribed")


@unsubscribed.command("end")
def take_back(
    channel: Annotated[str, typer.Argument(help="The channel's name.")],
    recipient: Annotated[str, typer.Argument(help="The recipient, as `unsubscribed list` shows it.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Send to a recipient again, since they asked for it."""
    with opened_store(configuration.load(config)) as store:
        done = store.resubscribe(channel, recipient)
    if not done:
        raise not_found("unsubscribed recipient", recipient, "see `sanctions-monitor unsubscribed list`")
    stdout.print(f"{recipient} gets what goes to {channel} from now on")


def _what(silence: Silence) -> str:
    criteria = [f"{name} {value}" for name in CRITERIA if (value := getattr(silence, name))]
    whom = f" for {silence.recipient or silence.channel}" if silence.channel else ""
    return ", ".join(criteria) + whom


def _data(silence: Silence) -> dict[str, Any]:
    plain = {name: getattr(silence, name) for name in (*CRITERIA, "channel", "recipient", "who", "reason")}
    through = {"break_through": silence.break_through, "flips": silence.flips}
    moments = {
        name: moment(getattr(silence, name)) or None for name in ("created_at", "expires_at", "ended_at")
    }
    return {"id": silence.id, **plain, **through, **moments}
