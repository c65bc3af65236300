"""The figures of `evaluate` as tables for people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from monitor.match.evaluation.events import (
    EventFigures,
    confusions,
    expected,
    faults,
    measure_events,
    type_of,
)
from monitor.match.evaluation.labels import EventLabel
from monitor.match.evaluation.parties import wrong_parties
from monitor.match.evaluation.topics import Answer, Counts, Measured, measure, mistake
from monitor.match.rules import TOPICS
from monitor.model import Verdict
from monitor.render.sanitize import clip, sanitize

from .common import stdout
from .tables import new_table

LONGEST_TITLE = 90
LONGEST_QUOTE = 60

#: Without --errors, only the most frequent confusions are printed.
MOST_CONFUSIONS = 12

AnswerWithVerdict = tuple[Answer, Verdict]


@dataclass(frozen=True, slots=True)
class WrongTopic:
    """An item that was judged wrong for a topic; `mistake` is "false positive" or "false negative"."""

    topic: str
    mistake: str
    answer: Answer
    verdict: Verdict


def print_evaluation(judged: list[AnswerWithVerdict], seconds: float) -> None:
    """Print a table for each topic, and the figures of events if any item has an event label."""
    if not judged:
        stdout.print("no items: nothing was measured")
        return
    answers = [answer for answer, _ in judged]
    for topic in TOPICS:
        stdout.print(_topic_table(topic, measure(answers, topic)))
        stdout.print()
    if figures := measure_events(answers):
        _print_events(figures)
        _print_confusions(answers)
    stdout.print(f"{len(judged)} items in {seconds:.1f} s", style="dim")


def print_errors(judged: list[AnswerWithVerdict]) -> None:
    """Print every item whose topics or event were judged wrong, with reasons."""
    for wrong in wrong_topics(judged):
        _print_topic_error(wrong)
    for answer, label in wrong_events(judged):
        _print_event_error(answer, label)


def wrong_topics(judged: Iterable[AnswerWithVerdict]) -> list[WrongTopic]:
    """Return the items that were judged wrong, by topic, false alarms first."""
    wrong: list[WrongTopic] = []
    for topic in TOPICS:
        found = [(mistake(answer, topic), answer, verdict) for answer, verdict in judged]
        wrong += [WrongTopic(topic, *each) for each in found if each[0]]
    return sorted(wrong, key=lambda each: (TOPICS.index(each.topic), each.mistake != "false positive"))


def wrong_events(judged: Iterable[AnswerWithVerdict]) -> list[tuple[Answer, EventLabel]]:
    """Return the items whose event has a fault or a wrong party, with their labels."""
    labelled = [(answer, answer.item.event) for answer, _ in judged if answer.item.event]
    return [
        (answer, label) for answer, label in labelled if label and (faults(answer) or wrong_parties(answer))
    ]


def _topic_table(topic: str, of: Measured) -> Table:
    table = new_table(title=topic)
    table.add_column("", min_width=10)
    for heading in ("precision", "recall", "F1", "hits", "false", "missed"):
        table.add_column(heading, justify="right")
    rows = {"all": of.all, "sure only": of.sure, "weighted": of.weighted}
    for name, counts in rows.items():
        table.add_row(*_row(name, counts))
    for groups in (of.by_lang, of.by_bucket):
        table.add_section()
        if groups.keys() - {"?"}:
            table.add_row("by language" if groups is of.by_lang else "by bucket", style="dim")
        for name, counts in groups.items():
            table.add_row(*_row(f"  {sanitize(name)}", counts))
    return table


def _row(name: str, of: Counts) -> Iterator[Text | str]:
    """Yield the cells of a row; a rate of no items is a dash."""
    yield Text(name)
    yield f"{of.precision:.3f}" if of.tp + of.fp else "–"
    yield f"{of.recall_items:.3f}" if of.tp + of.fn else "–"
    yield f"{of.f1:.3f}" if of.tp + of.fp + of.fn else "–"
    yield from (f"{number:,.0f}" if number >= 10 else f"{number:.3g}" for number in (of.tp, of.fp, of.fn))


def _print_events(of: EventFigures) -> None:
    table = new_table(title="events")
    table.show_header = False
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column(style="dim")
    table.add_row("items", str(of.n), "")
    table.add_row("type right", f"{of.type:.3f}", f"{of.sure.type:.3f} of {of.sure.n} sure items")
    table.add_row("direction right", f"{of.polarity:.3f}", f"{of.opposite} opposite")
    table.add_row("severity right", f"{of.severity_exact:.3f}", f"{of.severity_within_1:.3f} within 1")
    table.add_row("urgent", str(of.false_urgent), f"false, {of.missed_urgent} missed")
    table.add_row("background as news", str(of.background_as_news), "")
    for role, counts in of.parties.items():
        table.add_row(role, f"{counts.precision:.3f}", f"precision, {counts.recall_parties:.3f} recall")
    for lang, share in of.by_lang.items():
        table.add_row(f"  {sanitize(lang)}", f"{share.type:.3f}", f"type right, {share.n} items")
    stdout.print(table)
    stdout.print()


def _print_confusions(answers: list[Answer]) -> None:
    counted = confusions(answers).most_common(MOST_CONFUSIONS)
    if not counted:
        return
    table = new_table(title="confusions")
    table.add_column("items", justify="right")
    table.add_column("expected", overflow="fold")
    table.add_column("found")
    for (wanted, found), n in counted:
        table.add_row(str(n), sanitize(wanted), found)
    stdout.print(table)
    stdout.print()


def _print_topic_error(wrong: WrongTopic) -> None:
    topic, answer, verdict = wrong.topic, wrong.answer, wrong.verdict
    style = "red" if wrong.mistake == "false positive" else "yellow"
    head = Text.assemble((f"{topic}: {wrong.mistake}", style))
    head.append(f"  {_place(answer)}")
    head.append(f"  relevance {verdict.relevance[topic]}{_doubt(answer)}", "dim")
    _print_item(head, answer)
    for each in (*verdict.evidence[:3], *verdict.penalties[:2]):
        quote = clip(sanitize(each.quote), LONGEST_QUOTE)
        stdout.print(Text(f"  {each.points:+6.1f}  {each.because}: “{quote}”", "dim"), soft_wrap=True)


def _print_event_error(answer: Answer, label: EventLabel) -> None:
    wrong, parties = faults(answer), wrong_parties(answer)
    head = Text.assemble((f"event: {', '.join((*wrong, *parties))}", "red" if "type" in wrong else "yellow"))
    head.append(f"  {_place(answer)}{_doubt(answer)}")
    _print_item(head, answer)
    stdout.print(
        Text(f"  expected {sanitize(_expected(label))}; found {_found(answer)}", "dim"), soft_wrap=True
    )
    for role, (wanted, found) in parties.items():
        line = f"  {role}: expected {sanitize(wanted) or 'none'}; found {sanitize(found) or 'none'}"
        stdout.print(Text(line, "dim"), soft_wrap=True)


def _print_item(head: Text, answer: Answer) -> None:
    title = answer.item.fields["title"] or answer.item.fields["summary"]
    stdout.print()
    stdout.print(head, soft_wrap=True)
    stdout.print(Text(f"  {clip(sanitize(title), LONGEST_TITLE)}"), soft_wrap=True)


def _place(answer: Answer) -> str:
    return f"{sanitize(answer.item.id)}  {sanitize(answer.item.fields['lang'])}"


def _doubt(answer: Answer) -> str:
    return "  unsure" if answer.item.unsure else ""


def _expected(label: EventLabel) -> str:
    hedged = f" (if hedged {'/'.join(sorted(label.types_if_hedged))})" if label.types_if_hedged else ""
    severity = " severity {}–{}".format(*label.severity) if label.severity else ""
    return f"{expected(label)}{hedged} {'/'.join(sorted(label.polarity))}{severity}".strip()


def _found(answer: Answer) -> str:
    event = answer.event
    if event is None:
        return "none"
    hedged = ", hedged" if event.hedged else ""
    quote = clip(sanitize(event.quote), LONGEST_QUOTE)
    return f"{type_of(event)} {event.polarity} severity {event.severity} ({event.status}{hedged}) “{quote}”"
