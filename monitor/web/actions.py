"""What a reader may do by a link, and what that comes to: one act, once, however often it is asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.signed_links import LinkError, Order
from monitor.model import ACTIONS, Action, Alert, Delivery, Silence, Unsubscription, key_of

from .base import WebStore

#: How long a story is silent for the reader who asked for that.
SILENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Question:
    """An order with what it is about: the alert, if any, whose it is, and what was done before."""

    order: Order
    alert: Alert | None
    channel: str
    recipient: str
    actions: tuple[Action, ...] = ()
    gone: bool = False

    @property
    def allowed(self) -> tuple[str, ...]:
        """What may be done: a channel without recipients is nobody's to unsubscribe."""
        wanted = ACTIONS[:-1] if self.order.act == "answer" else (self.order.act,)
        return tuple(act for act in wanted if self.recipient or act != "unsubscribe")

    @property
    def mine(self) -> tuple[str, ...]:
        """What this reader did before."""
        return tuple(each.kind for each in self.actions if each.recipient == self.recipient)


def question_of(store: WebStore, order: Order) -> Question:
    """Look up what an order is about.

    Raises:
        LinkError: the message or the alert is no longer known.
    """
    found, alert = store.delivery(order.delivery), store.alert(order.ref)
    if found is None or (alert is None and order.act != "unsubscribe"):
        raise LinkError("The message this link came with is no longer kept here.", gone=True)
    delivery: Delivery = found[0]
    gone = any(
        (each.channel, each.recipient) == (delivery.channel, delivery.recipient)
        for each in store.unsubscriptions()
    )
    actions = store.actions(alert.id) if alert else ()
    return Question(order, alert, delivery.channel, delivery.recipient, actions, gone)


def carry_out(store: WebStore, question: Question, act: str, now: datetime) -> None:
    """Do what a reader asks for.

    Raises:
        LinkError: this link does not allow that.
    """
    if act not in question.allowed:
        raise LinkError("This link does not allow that.")
    if act == "unsubscribe":
        store.unsubscribe(Unsubscription(question.channel, question.recipient, now, "by a link in a message"))
    elif question.alert:
        if act == "silence":
            store.silence(_silence(question, question.alert, now))
        store.add_action(Action(question.alert.id, act, question.channel, question.recipient, now))


def _silence(question: Question, alert: Alert, now: datetime) -> Silence:
    """Return the silence of one reader, the same for the same link: a second click does not prolong it."""
    who = question.recipient or question.channel
    return Silence(
        id=key_of("silence", alert.id, question.channel, question.recipient),
        who=who,
        reason=f"asked for by {who} in answer to alert {alert.id}",
        created_at=now,
        expires_at=now + SILENCE,
        story=alert.story,
        channel=question.channel,
        recipient=question.recipient,
    )
