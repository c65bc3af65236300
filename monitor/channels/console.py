"""Print messages where the program runs."""

import asyncio
from typing import ClassVar, Literal, TextIO

from monitor.errors import ChannelError
from monitor.model import Delivery

from .base import Channel, Mark
from .settings import ChannelSettings, Tools


class ConsoleSettings(ChannelSettings):
    """Standard output, unless the program says otherwise."""

    form: ClassVar[str] = "text"

    type: Literal["console"] = "console"

    def build(self, tools: Tools) -> Channel:
        return Console(tools.stream)


class Console:
    """Prints the text form, with a blank line after it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, delivery: Delivery, mark: Mark) -> str:
        try:
            await asyncio.to_thread(self._print, printable(delivery.message.text))
        except (OSError, ValueError) as error:
            raise ChannelError(f"the console cannot be written: {error}") from error
        return "printed"

    def _print(self, text: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(f"{text.rstrip().encode(encoding, 'replace').decode(encoding)}\n\n")
        self._stream.flush()


def printable(text: str) -> str:
    """Drop what steers a terminal: a headline may hold escape codes and marks that turn the writing round."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t\u200c\u200d")
