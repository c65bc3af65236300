"""Define the protocol that every channel implements."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from monitor.model import AttemptPhase, Delivery

#: Records that an attempt has reached a phase (``data``: the message is leaving).
OnPhase = Callable[[AttemptPhase], Awaitable[None]]


async def ignore_phase(phase: AttemptPhase) -> None:
    """Do nothing: for requests with which no message leaves, and for messages without stored attempts."""


class Channel(Protocol):
    """One way to reach people."""

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        """Send one message and return the other side's answer in a few words.

        Awaits `on_phase(AttemptPhase.DATA)` just before the message leaves, unless a repeat does no harm:
        without an answer after that, the message may have arrived. May be called again with the same
        `delivery.id`, and passes the id on where the other side can use it to drop duplicates.

        Raises:
            ChannelError: not accepted, and no other message would be.
            DeliveryError: not accepted, or the outcome is unknown; says whether a retry can help.
        """
