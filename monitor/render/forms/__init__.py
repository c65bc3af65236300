"""Convert a card to the JSON that a chat service accepts; one file for each service.

All services show the text of the templates ``alert.card.j2``, ``digest.card.j2`` and ``health.card.j2``. To
add a form, write a file here with ``lay_out(card) -> dict``, which keeps to the service's limits, add it to
`CARD_FORMS`, and write its channel in ``channels/``.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from monitor.model import Alert, Digest, HealthReport, Message, MessageForm
from monitor.render.card import Block, Card, Run, blocks, plain

from . import apprise, discord, matrix, ntfy, pagerduty, teams, telegram

CARD_FORMS: Mapping[MessageForm, Callable[[Card], dict[str, Any]]] = {
    MessageForm.TEAMS: teams.lay_out,
    MessageForm.DISCORD: discord.lay_out,
    MessageForm.TELEGRAM: telegram.lay_out,
    MessageForm.NTFY: ntfy.lay_out,
    MessageForm.PAGERDUTY: pagerduty.lay_out,
    MessageForm.MATRIX: matrix.lay_out,
    MessageForm.APPRISE: apprise.lay_out,
}


def build_message(form: MessageForm, card: Card) -> Message:
    """Return a card in one of the forms: `data` is what to post, `text` what `outbox show` prints."""
    return Message(subject=card.subject, text=plain(card.blocks) + "\n", data=CARD_FORMS[form](card))


def build_card(kind: str, rendered: str, context: Mapping[str, Any]) -> Card:
    """Return the card of a rendered template and its context."""
    subject = str(context["subject"])
    content = blocks(rendered)
    if not plain(content):  # the template is wrong, as `check` says, but the subject is still news
        content = (Block("header", ((Run(subject),),)),)
    card = partial(Card, subject=subject, blocks=content, kind=kind)
    match context:
        case {"alert": Alert() as alert, "id": str(id)}:
            return card(
                id=id,
                key=alert.story or id,
                at=alert.raised_at,
                url=alert.item.url,
                severity=alert.verdict.severity,
            )
        case {"report": HealthReport() as report, "id": str(id)}:
            return card(id=id, key="health", at=report.at, severity=3, over=not report.still_open)
        case {"digest": Digest() as digest, "layout": layout}:
            severity = max((severity for severity, _ in layout.severities), default=0)
            return card(id=digest.id, key=digest.id, at=digest.planned_at, severity=severity)
    raise ValueError(f"no card is made of {', '.join(context)}")
