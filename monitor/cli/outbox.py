"""`outbox list|show|retry|discard`: what is owed, to whom, and every attempt."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import config as configuration
from monitor.clock import utc_now
from monitor.model import Attempt, Delivery

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, looking, moment, not_found, print_json, stdout

app = typer.Typer(help="Deliveries and their attempts.", no_args_is_help=True)

STATES = ("owed", "leased", "sent", "uncertain", "dead", "discarded", "suppressed")
_STYLES = {"sent": "green", "dead": "red", "uncertain": "yellow", "discarded": "dim", "suppressed": "dim"}
Id = Annotated[str, typer.Argument(help="A delivery's id, or its beginning.")]


@app.command("list")
def list_deliveries(
    state: Annotated[list[str] | None, typer.Option(help="Only these states: " + ", ".join(STATES))] = None,
    limit: Annotated[int, typer.Option(help="At most so many, the newest.")] = 50,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List deliveries, newest first."""
    wrong = [each for each in state or () if each not in STATES]
    if wrong:
        raise typer.BadParameter(f"no state {wrong[0]!r}; there are {', '.join(STATES)}")
    with looking(configuration.load(config)) as store:
        found = store.deliveries(tuple(state or ()), limit)
    if as_json:
        print_json([_data(each) for each in found])
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "state", "channel", "to", "due", "attempts", "subject", "note"):
        table.add_column(heading, overflow="fold")
    for each in found:
        shown = Text(each.state, style=_STYLES.get(each.state, ""))
        due = moment(each.due_at) if each.state in {"owed", "leased", "uncertain"} else ""
        subject, note = Text(each.message.subject), Text(each.note)
        table.add_row(
            each.id[:10], shown, each.channel, each.recipient, due, str(each.attempts), subject, note
        )
    stdout.print(table if found else "nothing in the outbox")


@app.command()
def show(id: Id, config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show one delivery: the exact message and every attempt."""
    with looking(configuration.load(config)) as store:
        found = store.delivery(id)
    if found is None:
        raise not_found("delivery", id, "see `sanctions-monitor outbox list`")
    delivery, attempts = found
    if as_json:
        message = {"text": delivery.message.text, "html": delivery.message.html}
        structure = {"blocks": delivery.message.blocks, "data": delivery.message.data}
        made = {"attempts_made": [_attempt(each) for each in attempts]}
        print_json(_data(delivery) | message | structure | made)
        return
    stdout.print(Text(delivery.message.subject, style="bold"))
    to = f" to {delivery.recipient}" if delivery.recipient else ""
    stdout.print(
        Text(f"{delivery.id}  {delivery.kind}  {delivery.channel}{to}  {delivery.state}  {delivery.note}")
    )
    for each in attempts:
        line = f"  attempt {each.number} at {moment(each.started_at)}, came to {each.phase}:"
        told = f"{line} {each.outcome or 'open'} {each.code} {each.note}"
        stdout.print(Text(told.rstrip(), style="dim"))
    stdout.print()
    stdout.print(Text(delivery.message.text))


@app.command()
def retry(id: Id, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Make a delivery due now, with the same id and the same words."""
    with looking(configuration.load(config)) as store:
        done = store.requeue(_whole(store.delivery(id), id), utc_now())
    if not done:
        raise not_found("delivery to retry", id, "what is sent or under way stays as it is")
    stdout.print("due now; a running service sends it within seconds")


@app.command()
def discard(
    id: Id,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; kept with the delivery.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Give a delivery up, for a reason."""
    with looking(configuration.load(config)) as store:
        done = store.discard(_whole(store.delivery(id), id), utc_now(), reason)
    if not done:
        raise not_found("delivery to discard", id, "what is sent or under way stays as it is")
    stdout.print("discarded")


def _whole(found: tuple[Delivery, tuple[Attempt, ...]] | None, id: str) -> str:
    if found is None:
        raise not_found("delivery", id, "see `sanctions-monitor outbox list`")
    return found[0].id


def _data(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "ref": delivery.ref,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": moment(delivery.created_at),
        "due_at": moment(delivery.due_at),
        "note": delivery.note,
        "subject": delivery.message.subject,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "started_at": moment(attempt.started_at),
        "ended_at": moment(attempt.ended_at) or None,
        "phase": attempt.phase,
        "outcome": attempt.outcome,
        "code": attempt.code,
        "note": attempt.note,
    }
