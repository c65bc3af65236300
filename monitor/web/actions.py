"""What a recipient can do through a signed link: acknowledge, give feedback, silence a story, unsubscribe.

Every action is idempotent: following the same link twice changes nothing more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.signed_links import ActionRequest, LinkError
from monitor.model import ACTIONS, Action, ActionKind, Alert, Delivery, Silence, Unsubscription, key_of
from monitor.store import Store

#: How long a story is silenced for the recipient who asked for it.
SILENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An action request with its context: alert, recipient, and the actions taken before.

    `alert` is None when a digest is unsubscribed from; `gone`: the recipient has unsubscribed.
    """

    request: ActionRequest
    alert: Alert | None
    channel: str
    recipient: str
    actions: tuple[Action, ...] = ()
    gone: bool = False

    @property
    def allowed(self) -> tuple[str, ...]:
        """The actions that the link allows; a channel without recipients cannot be unsubscribed from."""
        wanted = ACTIONS[:-1] if self.request.action == ActionKind.ANSWER else (self.request.action,)
        return tuple(action for action in wanted if self.recipient or action != ActionKind.UNSUBSCRIBE)

    @property
    def mine(self) -> tuple[str, ...]:
        """The actions that this recipient took before."""
        return tuple(each.kind for each in self.actions if each.recipient == self.recipient)


def question_of(store: Store, request: ActionRequest) -> Question:
    """Load the context of an action request.

    Raises:
        LinkError: the message or the alert has been deleted.
    """
    found, alert = store.delivery(request.delivery), store.alert(request.ref)
    if found is None or (alert is None and request.action != ActionKind.UNSUBSCRIBE):
        raise LinkError("The message this link came with is no longer kept here.", gone=True)
    delivery: Delivery = found[0]
    target = (delivery.channel, delivery.recipient)
    return Question(
        request=request,
        alert=alert,
        channel=delivery.channel,
        recipient=delivery.recipient,
        actions=store.actions(alert.id) if alert else (),
        gone=any((each.channel, each.recipient) == target for each in store.unsubscriptions()),
    )


def carry_out(store: Store, question: Question, action: str, now: datetime) -> None:
    """Perform an action and record it.

    Raises:
        LinkError: the link does not allow this action.
    """
    if action not in question.allowed:
        raise LinkError("This link does not allow that.")
    kind = ActionKind(action)
    if kind is ActionKind.UNSUBSCRIBE:
        store.unsubscribe(Unsubscription(question.channel, question.recipient, now, "by a link in a message"))
    elif question.alert:
        if kind is ActionKind.SILENCE:
            store.add_silence(_silence(question, question.alert, now))
        store.add_action(Action(question.alert.id, kind, question.channel, question.recipient, now))


def _silence(question: Question, alert: Alert, now: datetime) -> Silence:
    """Return the silence for one recipient; its id is fixed, so a second click does not prolong it."""
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
