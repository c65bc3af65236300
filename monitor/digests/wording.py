"""What digests say, worded once for all who are told the same. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model import ChannelTarget, Delivery, Digest, Message, key_of

from .overdue import Behind

#: How a reader's own subscription is called in what they are told.
OWN = "your own"


class DigestRenderer(Protocol):
    """Whoever words a digest."""

    def digest(self, digest: Digest, form: str) -> tuple[Message, ...]:
        """Return the messages of a digest in the form that a channel takes, in order."""


class Wording:
    """Words digests, once for all who are told the same in the same form."""

    def __init__(self, render: DigestRenderer) -> None:
        self._render = render
        self._said: dict[tuple[str, str, bool, Behind], tuple[Message, ...]] = {}

    def __call__(self, digest: Digest, target: ChannelTarget, behind: Behind) -> tuple[Message, ...]:
        """Return the messages of a digest as a channel takes them, for those who are so far `behind`."""
        edition = edition_of(digest)
        key = (edition.id, target.form, target.plain, behind)
        if key not in self._said:
            messages = self._render.digest(edition, target.form)
            self._said[key] = tuple(map(target.taken, messages))
        return self._said[key]


def edition_of(digest: Digest) -> Digest:
    """Return what a digest says: that of a reader of their own is the same for all who asked for the same.

    Its id is then the edition's.
    """
    if not digest.subscription.reader:
        return digest
    sub = replace(digest.subscription, name=OWN, reader=None)
    seqs = ",".join(str(alert.seq) for alert in digest.alerts)
    window = f"{digest.since} {digest.planned_at} {digest.from_seq} {digest.to_seq}"
    return replace(
        digest,
        id=key_of("edition", repr(sub), digest.occasion.key, window, seqs),
        subscription=sub,
        occasion=replace(digest.occasion, subscription=OWN),
    )


def deliveries_of_digest(
    digest: Digest, target: ChannelTarget, messages: Sequence[Message], now: datetime
) -> Iterator[Delivery]:
    """Yield a delivery for each recipient and part; parts are due a moment apart, to leave in order."""
    for recipient in target.recipients:
        for part, message in enumerate(messages):
            yield Delivery(
                id=key_of("digest", digest.id, target.name, recipient, str(part)),
                kind="digest",
                ref=digest.id,
                channel=target.name,
                recipient=recipient,
                message=message,
                created_at=now,
                due_at=now - timedelta(milliseconds=len(messages) - 1 - part),
            )
