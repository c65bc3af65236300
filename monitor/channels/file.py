"""Write messages as files."""

import asyncio
import os
from pathlib import Path
from typing import ClassVar, Literal

from monitor.channels.smtp.mime import Heading, compose, tame_name
from monitor.errors import ChannelError
from monitor.model import Delivery, MessageForm
from monitor.resources import make_private_folder, private
from monitor.text import words

from .base import Channel, OnPhase
from .settings import ChannelSettings, Tools
from .webhook import canonical

SENDER = "Sanctions Monitor <monitor@localhost>"
_SLUG = 48


class FileSettings(ChannelSettings):
    """`path` is a folder; it is created when missing. Only the owner can read it and its files."""

    form: ClassVar[MessageForm] = MessageForm.FILES

    type: Literal["file"] = "file"
    path: Path = Path("var/outbox")

    def build(self, tools: Tools) -> Channel:
        return Files(self.path)


class Files:
    """Writes each message as .txt, .html, .eml and .json of one name, and each attachment as a file.

    A repeat writes the same files again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        try:
            await asyncio.to_thread(self._write, delivery)
        except OSError as error:
            raise ChannelError(f"{self._path} cannot be written: {error.strerror}") from error
        return f"{self._path / stem(delivery)}.*"

    def _write(self, delivery: Delivery) -> None:
        make_private_folder(self._path)
        for ending, content in contents(delivery).items():
            _put(self._path / f"{stem(delivery)}.{ending}", content)


def stem(delivery: Delivery) -> str:
    """Return the files' common name: ``<time>-<kind>-<slug>-<id>``, so that a folder sorts by time."""
    time = f"{delivery.created_at:%Y%m%dT%H%M%SZ}"
    slug = "-".join(word for word in words(delivery.message.subject) if word.isascii() and word.isalnum())
    parts = (time, delivery.kind, slug[:_SLUG].strip("-"), delivery.id[:8])
    return "-".join(part for part in parts if part)


def contents(delivery: Delivery) -> dict[str, bytes]:
    """Return the contents by file ending, without forms that the message lacks."""
    message = delivery.message
    forms = {
        "txt": message.text.encode("utf-8", "replace"),
        "html": message.html.encode("utf-8", "replace"),
        "eml": compose(delivery, Heading(SENDER)),
        "json": canonical(message.data) if message.data else b"",
    }
    attached = {tame_name(each.name): each.text.encode("utf-8", "replace") for each in message.attachments}
    return {ending: content for ending, content in (forms | attached).items() if content}


def _put(path: Path, content: bytes) -> None:
    """Write a file atomically and durably: no partial file, and none lost after it was reported."""
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb", opener=private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
