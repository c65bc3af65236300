"""Print messages on the program's output."""

import asyncio
import os
import select
from typing import ClassVar, Literal, TextIO

from monitor.errors import ChannelError
from monitor.model import Delivery, MessageForm

from .base import Channel, OnPhase
from .settings import ChannelSettings, Tools


class ConsoleSettings(ChannelSettings):
    """Standard output, or the stream that the program passes."""

    form: ClassVar[MessageForm] = MessageForm.TEXT

    type: Literal["console"] = "console"

    def build(self, tools: Tools) -> Channel:
        return Console(tools.stream)


class Console:
    """Prints the text form, with a blank line after it.

    Waiting for a blocked terminal needs no thread, so that a cancelled attempt leaves nothing behind.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        try:
            await self._print(printable(delivery.message.text))
        except (OSError, ValueError) as error:
            raise ChannelError(f"the console cannot be written: {error}") from error
        return "printed"

    async def _print(self, text: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        said = f"{text.rstrip()}\n\n".encode(encoding, "replace")
        try:
            handle = self._stream.fileno()
        except OSError:  # a stream in memory
            self._stream.write(said.decode(encoding))
            self._stream.flush()
            return
        self._stream.flush()
        while said:
            await _writable(handle)
            said = said[os.write(handle, said[:_WRITE_BYTES]) :]


#: A writable pipe takes this many bytes without blocking (POSIX: PIPE_BUF is at least 512).
_WRITE_BYTES = 512

_POLL_INTERVAL_S = 0.05


async def _writable(handle: int) -> None:
    poll = select.poll()
    poll.register(handle, select.POLLOUT)
    while not poll.poll(0):
        await asyncio.sleep(_POLL_INTERVAL_S)


def printable(text: str) -> str:
    """Drop control characters: a headline may hold escape codes or marks that reverse the text."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t\u200c\u200d")
