"""Render each digest once for all recipients of the same content, and build their deliveries. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model import ChannelTarget, Delivery, DeliveryKind, Digest, Message, MessageForm, key_of

from .overdue import MissedContent

#: The name that a personal subscription has in its messages.
OWN = "your own"


class DigestRenderer(Protocol):
    """Renders digests to messages."""

    def digest(self, digest: Digest, form: MessageForm) -> tuple[Message, ...]:
        """Return the messages of a digest in the form that a channel takes, in order."""


class Wording:
    """Renders each digest once for all recipients who get the same content in the same form."""

    def __init__(self, renderer: DigestRenderer) -> None:
        self._renderer = renderer
        self._messages: dict[tuple[str, str, bool, MissedContent], tuple[Message, ...]] = {}

    def __call__(self, digest: Digest, target: ChannelTarget, missed: MissedContent) -> tuple[Message, ...]:
        """Return the messages of a digest in the form of a channel, for a recipient who `missed` content."""
        wording = wording_of(digest)
        key = (wording.id, target.form, target.plain, missed)
        if key not in self._messages:
            messages = self._renderer.digest(wording, target.form)
            self._messages[key] = tuple(map(target.taken, messages))
        return self._messages[key]


def wording_of(digest: Digest) -> Digest:
    """Return the digest to render; personal subscriptions with the same content share one.

    The id of a shared digest is a hash of its content.
    """
    if not digest.subscription.recipient:
        return digest
    sub = replace(digest.subscription, name=OWN, recipient=None)
    seqs = ",".join(str(alert.seq) for alert in digest.alerts)
    window = f"{digest.since} {digest.planned_at} {digest.from_seq} {digest.to_seq}"
    return replace(
        digest,
        id=key_of("edition", repr(sub), digest.occasion.key, window, seqs, *filter(None, [sub.language])),
        subscription=sub,
        occasion=replace(digest.occasion, subscription=OWN),
    )


def deliveries_of_digest(
    digest: Digest, target: ChannelTarget, messages: Sequence[Message], now: datetime
) -> Iterator[Delivery]:
    """Yield a delivery for each recipient and part; parts are due 1 ms apart, so that they leave in order."""
    for recipient in target.recipients:
        for part, message in enumerate(messages):
            yield Delivery(
                id=key_of("digest", digest.id, target.name, recipient, str(part)),
                kind=DeliveryKind.DIGEST,
                ref=digest.id,
                channel=target.name,
                recipient=recipient,
                message=message,
                created_at=now,
                due_at=now - timedelta(milliseconds=len(messages) - 1 - part),
            )
