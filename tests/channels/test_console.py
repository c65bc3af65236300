"""Messages on the program's output."""

import io

import pytest

from monitor.channels import ConsoleSettings, Tools
from monitor.channels.console import printable
from monitor.errors import ChannelError
from monitor.model import Message
from tests.conftest import delivery


async def send(stream, text):
    async def on_phase(phase):
        raise AssertionError("nothing need be marked")

    channel = ConsoleSettings().build(Tools(http=None, stream=stream))
    return await channel.send(delivery(message=Message(subject="s", text=text)), on_phase)


async def test_the_text_is_printed_with_a_blank_line_after_it():
    stream = io.StringIO()
    assert await send(stream, "Türkiye\n\n") == "printed"
    assert stream.getvalue() == "Türkiye\n\n"


async def test_standard_output_is_the_default(capsys):
    channel = ConsoleSettings().build(Tools(http=None))
    await channel.send(delivery(), None)
    assert capsys.readouterr().out == "Some text\n\n"


async def test_a_terminal_with_few_letters_shows_those_it_has():
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        await send(stream, "Türkiye")
        assert raw.getvalue() == b"T?rkiye\n\n"


async def test_a_closed_terminal_is_tried_again():
    stream = io.StringIO()
    stream.close()
    with pytest.raises(ChannelError, match="console") as caught:
        await send(stream, "t")
    assert not caught.value.permanent


CODES = [
    ("\x1b[2Jgone\x1b]0;title\x07", "[2Jgone]0;title"),
    ("a\rb\x08c", "abc"),
    ("turn\u202eround", "turnround"),
    ("tab\tand\nline", "tab\tand\nline"),
    ("می‌خواهد", "می‌خواهد"),
]


@pytest.mark.parametrize(("text", "shown"), CODES)
def test_a_headline_cannot_steer_the_terminal(text, shown):
    assert printable(text) == shown
