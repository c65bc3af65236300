"""What every channel is, and the one way to read an HTTP answer."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Protocol

import httpx
from pydantic import BaseModel, ConfigDict

from monitor.model import Delivery

Mark = Callable[[str], Awaitable[None]]


class Channel(Protocol):
    async def send(self, delivery: Delivery, mark: Mark) -> str:
        """Hand over one message and return the other side's answer in a few words, or raise.

        Awaits `mark("data")` just before the message itself leaves: an attempt that ends without an answer
        after that may have arrived. May be called again with the same `delivery.id`, and passes the id on
        where the other side can use it to drop duplicates.

        Raises:
            DeliveryError: not accepted, or nobody knows; says whether trying again can help.
        """


class ChannelSettings(BaseModel):
    """One ``[channels.<name>]`` table; unknown keys are mistakes.

    `form` is the form of message the channel takes: ``mail``, ``slack``, ``json``, ``files`` or ``text``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    form: ClassVar[str]

    def recipients(self) -> tuple[str, ...]:
        """Return whom the channel reaches: each gets a delivery of their own."""
        return ("",)

    def build(self, http: httpx.AsyncClient) -> Channel:
        """Make the channel; `http` is shared and never follows redirects."""
        raise TypeError(f"{type(self).__name__} builds no channel")
