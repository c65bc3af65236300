"""`outbox list|show|retry|discard`: show deliveries with their attempts; retry or discard them."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from monitor import config as configuration
from monitor.clock import utc_now
from monitor.model import Attempt, Delivery, DeliveryState
from monitor.store import SqlStore

from .common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigPath,
    moment,
    not_found,
    opened_store,
    print_json,
    stdout,
)
from .tables import new_table, print_table

app = typer.Typer(help="Deliveries and their attempts.", no_args_is_help=True)

_STYLES = {
    DeliveryState.SENT: "green",
    DeliveryState.DEAD: "red",
    DeliveryState.UNCERTAIN: "yellow",
    DeliveryState.DISCARDED: "dim",
    DeliveryState.SUPPRESSED: "dim",
    DeliveryState.EXPIRED: "yellow",
}
_WAITING = frozenset({DeliveryState.OWED, DeliveryState.LEASED, DeliveryState.UNCERTAIN})
Id = Annotated[str, typer.Argument(help="A delivery's id, or its beginning.")]
SomeId = Annotated[str, typer.Argument(help="A delivery's id, or its beginning; nothing with --state.")]
States = Annotated[list[str] | None, typer.Option(help="Only these states: " + ", ".join(DeliveryState))]
OfChannel = Annotated[str, typer.Option(help="Only this channel.")]
_ALL = 1_000_000


@app.command("list")
def list_deliveries(
    state: States = None,
    channel: OfChannel = "",
    limit: Annotated[int, typer.Option(help="At most so many, the newest.")] = 50,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """List deliveries, newest first."""
    states = _known(state)
    with opened_store(configuration.load(config)) as store:
        found = store.deliveries(states, limit, channel)
    if as_json:
        print_json([_data(each) for each in found])
        return
    table = new_table("id", "state", "channel", "to", "due", "attempts", "subject", "note")
    for each in found:
        shown = Text(each.state, style=_STYLES.get(each.state, ""))
        due = moment(each.due_at) if each.state in _WAITING else ""
        subject, note = Text(each.message.subject), Text(each.reason)
        table.add_row(
            each.id[:10], shown, each.channel, each.recipient, due, str(each.attempts), subject, note
        )
    if found:
        print_table(table, ("attempts", "due", "to", "note"))
    else:
        stdout.print("nothing in the outbox")


@app.command()
def show(id: Id, config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Show one delivery: the exact message and every attempt."""
    with opened_store(configuration.load(config)) as store:
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
        Text(f"{delivery.id}  {delivery.kind}  {delivery.channel}{to}  {delivery.state}  {delivery.reason}")
    )
    if delivery.covered_by:
        stdout.print(Text(f"  reported in {delivery.covered_by}", style="dim"))
    for each in attempts:
        line = f"  attempt {each.number} at {moment(each.started_at)}, came to {each.phase}:"
        outcome = f"{line} {each.outcome or 'open'} {each.code} {each.reason}"
        stdout.print(Text(outcome.rstrip(), style="dim"))
    stdout.print()
    stdout.print(Text(delivery.message.text))


@app.command()
def retry(
    id: SomeId = "",
    state: States = None,
    channel: OfChannel = "",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a delivery due now, with the same id and words; or all of a --state, and of a --channel.

    Deliveries sent or under way stay as they are. Paused channels resume.
    """
    with opened_store(configuration.load(config)) as store:
        chosen = _chosen(store, id, state, channel)
        done = [each for each in chosen if store.requeue(each.id, utc_now())]
        if done:
            store.resume_channels({each.channel for each in done})
    if id and not done:
        raise not_found("delivery to retry", id, "deliveries sent or under way stay as they are")
    stdout.print(f"{_counted(done)}due now; a running service sends it within seconds")


@app.command()
def discard(
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; kept with the delivery.")],
    id: SomeId = "",
    state: States = None,
    channel: OfChannel = "",
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Discard a delivery, for a reason; or all of a --state, and of a --channel."""
    with opened_store(configuration.load(config)) as store:
        chosen = _chosen(store, id, state, channel)
        done = [each for each in chosen if store.discard(each.id, utc_now(), reason)]
    if id and not done:
        raise not_found("delivery to discard", id, "deliveries sent or under way stay as they are")
    stdout.print(f"{_counted(done)}discarded")


def _chosen(store: SqlStore, id: str, states: list[str] | None, channel: str) -> Sequence[Delivery]:
    """Return the delivery with an id, or all in some states."""
    if bool(id) == bool(states):
        raise typer.BadParameter("name one delivery by its id, or several by --state")
    if not id:
        return store.deliveries(_known(states), _ALL, channel)
    found = store.delivery(id)
    if found is None:
        raise not_found("delivery", id, "see `sanctions-monitor outbox list`")
    return (found[0],)


def _known(states: list[str] | None) -> tuple[str, ...]:
    wrong = [each for each in states or () if each not in set(DeliveryState)]
    if wrong:
        raise typer.BadParameter(f"no state {wrong[0]!r}; there are {', '.join(DeliveryState)}")
    return tuple(states or ())


def _counted(done: Sequence[Delivery]) -> str:
    return "" if len(done) == 1 else f"{len(done)} deliveries: "


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
        "note": delivery.reason,
        "told_in": delivery.covered_by or None,
        "severity": delivery.severity,
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
        "note": attempt.reason,
    }
