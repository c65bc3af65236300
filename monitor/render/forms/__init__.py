"""The forms of chat services: one file each, from a card to the JSON that is posted.

To add a form: a file here with ``laid_out(card) -> dict``, which keeps to the service's limits; a line in
`LAYOUTS`; a row in `deliver.HABITS`; its channel in ``channels/``. The words are the same in all of them: the
templates ``alert.card.j2``, ``digest.card.j2`` and ``health.card.j2``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from monitor.model import Alert, Digest, HealthReport, Message
from monitor.render.card import Block, Card, Run, blocks, plain

from . import apprise, discord, matrix, ntfy, pagerduty, teams, telegram

CARD_FORMS: Mapping[str, Callable[[Card], dict[str, Any]]] = {
    "teams": teams.lay_out,
    "discord": discord.lay_out,
    "telegram": telegram.lay_out,
    "ntfy": ntfy.lay_out,
    "pagerduty": pagerduty.lay_out,
    "matrix": matrix.lay_out,
    "apprise": apprise.lay_out,
}


def build_message(form: str, card: Card) -> Message:
    """Return a card in one of the forms: `data` is what to post, `text` the words for those who look."""
    return Message(card.subject, plain(card.blocks) + "\n", data=CARD_FORMS[form](card))


def build_card(kind: str, rendered: str, context: Mapping[str, Any]) -> Card:
    """Return the card that a rendered template and the values it was rendered with make."""
    subject = str(context["subject"])
    content = blocks(rendered)
    if not plain(
        content
    ):  # a template that says nothing is a mistake that `check` tells; the subject still is news
        content = (Block("header", ((Run(subject),),)),)
    match context:
        case {"alert": Alert() as alert, "id": str(id)}:
            severity = alert.verdict.severity
            return Card(
                subject, content, kind, id, alert.story or id, alert.raised_at, alert.item.url, severity
            )
        case {"report": HealthReport() as report, "id": str(id)}:
            over = not report.still_open
            return Card(subject, content, kind, id, "health", report.at, severity=3, over=over)
        case {"digest": Digest() as digest, "layout": layout}:
            severity = max((severity for severity, _ in layout.severities), default=0)
            return Card(subject, content, kind, digest.id, digest.id, digest.planned_at, severity=severity)
    raise ValueError(f"no card is made of {', '.join(context)}")
