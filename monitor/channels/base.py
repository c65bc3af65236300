"""What every channel is, in the words of those who send."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from monitor.model import Delivery

Mark = Callable[[str], Awaitable[None]]


class Channel(Protocol):
    """One way to reach people."""

    async def send(self, delivery: Delivery, mark: Mark) -> str:
        """Hand over one message and return the other side's answer in a few words, or raise.

        Awaits `mark("data")` just before the message itself leaves, unless a repeat does no harm: an attempt
        that ends without an answer after that may have arrived. May be called again with the same
        `delivery.id`, and passes the id on where the other side can use it to drop duplicates.

        Raises:
            ChannelError: not accepted, and no other message would be.
            DeliveryError: not accepted, or nobody knows; says whether trying again can help.
        """
