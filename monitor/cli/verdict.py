"""Print a verdict: the text with its evidence marked, the reasons, and the placement."""

from rich.table import Table
from rich.text import Text

from monitor.alerts.routing import RoutingCell, RoutingTable
from monitor.model import Decision, Event, EventStatus, Evidence, Item, Verdict
from monitor.render.event_line import event_line, has_event
from monitor.render.reasons import reasons_of, relevance_of
from monitor.render.sanitize import sanitize_in_place, sanitized
from monitor.render.status import parties_of, status_of
from monitor.render.terms import direction_of

from .common import stdout
from .tables import new_table

_AGAINST, _FOR, _NEWS = "underline red", "underline green", "bold yellow"


def print_verdict(item: Item, verdict: Verdict, decision: Decision, full: bool = True) -> None:
    """Print a verdict: result, event, names, reasons, source, placement; with rules and points if `full`."""
    stdout.print(_marked(item, verdict))
    verdict = sanitized(verdict)
    stdout.print()
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Verdict", _headline(verdict))
    if has_event(verdict) or verdict.topics:
        table.add_row("Act", Text(event_line(item, verdict)))
    table.add_row("Relevance", relevance_of(verdict) or "none")
    _add_events(table, verdict)
    if verdict.entities:
        table.add_row("Names", Text(", ".join(f"{m.name} ({m.kind})" for m in verdict.entities)))
    _add_reasons(table, verdict, full)
    source = verdict.credibility
    table.add_row("Source", f"{source.letter} ({source.score}): {', '.join(source.reasons)}")
    table.add_row("Goes to", Text(f"{decision.placement.name.lower()}: {decision.because}"))
    for change in verdict.would_change:
        table.add_row("Would change", Text(change))
    if full:
        _add_versions(table, verdict)
    stdout.print(table)


def _add_reasons(table: Table, verdict: Verdict, full: bool) -> None:
    if not full:
        for reason in reasons_of(verdict):
            table.add_row("Why", Text(str(reason)))
        return
    for each in verdict.evidence:
        table.add_row("Why", _evidence(each))
    for each in verdict.penalties:
        table.add_row("Against", _evidence(each))


def _add_versions(table: Table, verdict: Verdict) -> None:
    known = [f"{name} {version}" for name, version in verdict.versions.items() if version]
    table.add_row("Versions", " ".join(known))


def _add_events(table: Table, verdict: Verdict) -> None:
    if event := verdict.event:
        table.add_row("Event", _event(event))
        table.add_row("Status", Text(status_of(event)))
        if parties := parties_of(verdict, event):
            table.add_row("Parties", Text(parties))
    for each in verdict.background:
        table.add_row("Not new", _event(each))


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
        direction_of(event.polarity),
        event.hedged and "hedged",
        event.background and event.status != EventStatus.DONE and event.status,
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
    """Return the text with its evidence marked."""
    title, summary = Text(sanitize_in_place(item.title), "bold"), Text(sanitize_in_place(item.summary))
    for each in (*verdict.evidence, *verdict.penalties):
        part = {"title": title, "summary": summary}.get(each.field)
        if part is not None:
            part.stylize(_AGAINST if each.points < 0 else _FOR, each.start, each.stop)
    if event := verdict.event:
        (title if event.field == "title" else summary).stylize(_NEWS, event.start, event.stop)
    return Text("\n").join([title, summary]) if item.summary else title


def print_cell(verdict: Verdict, table: RoutingTable) -> None:
    """Print the routing table with the cell that places a verdict; nothing if it is not flagged."""
    if not verdict.topics:
        return
    grid = new_table()
    grid.add_column("severity", justify="right", style="dim")
    for letter in "ABCD":
        mine = letter == verdict.credibility.letter
        grid.add_column(f" {letter}", min_width=7, header_style="bold" if mine else "dim")
    for severity in sorted(table, reverse=True):
        row = table[severity]
        here = severity == verdict.severity
        cells = (_cell(row[letter], here and letter == verdict.credibility.letter) for letter in "ABCD")
        grid.add_row(Text(str(severity), "bold" if here else "dim"), *cells)
    stdout.print()
    stdout.print(Text("Severity × credibility of the source → placement (! is marked UNCONFIRMED)", "dim"))
    stdout.print(grid)


def _cell(cell: RoutingCell, mine: bool) -> Text:
    name = f"{cell.placement.name.lower()}{'!' if cell.unconfirmed else ''}"
    return Text(f"▸{name}", "bold reverse") if mine else Text(f" {name}")
