"""Messages as files in a folder."""

import json
from email import message_from_bytes, policy

import pytest

from monitor.channels import FileSettings, Tools
from monitor.channels.file import stem
from monitor.errors import ChannelError
from monitor.model import Attachment, Message
from tests.conftest import delivery


async def send(path, **changes):
    async def on_phase(phase):
        raise AssertionError("a repeat does no harm, so nothing need be marked")

    return await FileSettings(path=path).build(Tools(http=None)).send(delivery(**changes), on_phase)


async def test_a_message_becomes_one_file_a_form(tmp_path):
    answer = await send(tmp_path / "var" / "outbox")
    name = "20261123T090000Z-alert-a-subject-01234567"
    folder = tmp_path / "var" / "outbox"
    assert answer == f"{folder}/{name}.*"
    assert sorted(file.name for file in folder.iterdir()) == [
        f"{name}.eml",
        f"{name}.html",
        f"{name}.json",
        f"{name}.txt",
    ]
    assert (folder / f"{name}.txt").read_text() == "Some text\n"
    assert json.loads((folder / f"{name}.json").read_text()) == {"a": 1}
    mail = message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=policy.default)
    assert (mail["Subject"], mail["To"]) == ("A subject", None)


async def test_a_form_that_the_message_lacks_is_left_out(tmp_path):
    await send(tmp_path, message=Message(subject="s", text="t"))
    assert {file.suffix for file in tmp_path.iterdir()} == {".txt", ".eml"}


async def test_what_is_attached_stands_beside_the_other_files(tmp_path):
    csv = Attachment("../digest-2026-11-23.csv", "text/csv", "\ufeffid\r\n1\r\n")
    await send(tmp_path, message=Message(subject="s", text="t", attachments=(csv,)))
    (file,) = tmp_path.glob("*.csv")
    assert file.name == "20261123T090000Z-alert-s-01234567.digest-2026-11-23.csv"
    assert file.read_bytes() == csv.text.encode()


async def test_a_repeat_writes_the_same_files(tmp_path):
    await send(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    await send(tmp_path, attempts=3, reason="again", state="leased")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


async def test_a_folder_that_cannot_be_written_is_named_and_tried_again(tmp_path):
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(ChannelError, match="outbox cannot be written: File exists") as caught:
        await send(tmp_path / "outbox")
    assert not caught.value.permanent


NAMES = [
    ("Türkiye, US set up S-400 group", "turkiye-us-set-up-s-400-group"),
    ("../../etc/passwd\0\n", "etc-passwd"),
    ("Санкции против судов", ""),
    ("long " * 40, "long-long-long-long-long-long-long-long-long-lon"),
    ("CON: *?<>|\\/", "con"),
    ("", ""),
]


@pytest.mark.parametrize(("subject", "slug"), NAMES)
def test_a_file_name_is_tame_whatever_the_headline(subject, slug):
    name = stem(delivery(message=Message(subject=subject, text="t"), kind="digest"))
    assert name == "-".join(part for part in ("20261123T090000Z", "digest", slug, "01234567") if part)
