"""apprise, posting JSON to a real receiver on loopback; it reports success or failure only."""

import json
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.channels import AppriseSettings
from monitor.channels.apprise import AppriseChannel, _ready
from monitor.errors import ChannelError, DeliveryError
from monitor.model import Message
from tests.channels.conftest import Sender
from tests.conftest import delivery
from tests.support.receivers import Receiver, Reply

PLAIN = pytest.mark.parametrize("sender", ["aiohttp"], indirect=True)
HOSTILE = "Orders <!channel> ${USER} {{ title }} \\n [x](https://evil.example)"
MESSAGE = Message(subject=HOSTILE, text="t", data={"title": HOSTILE, "body": f"Words\n{HOSTILE}"})


def settings(receiver: Receiver) -> AppriseSettings:
    return AppriseSettings(url=f"{receiver.url.replace('http', 'json')}/tok3nTok3n")


@PLAIN
async def test_title_and_text_arrive_as_they_are(sender: Sender) -> None:
    with Receiver(Reply(200, b"fine")) as receiver:
        answer = await sender(settings(receiver), message=MESSAGE)
    sent: dict[str, Any] = json.loads(receiver.got[0].body)
    assert (sent["title"], sent["message"]) == (MESSAGE.data["title"], MESSAGE.data["body"])
    assert answer == "apprise reports success, which is all it knows"
    assert sender.phases == ["data"]


@PLAIN
@pytest.mark.parametrize("reply", [Reply(500), Reply(404), Reply(429), Reply(drop=True), Reply(reset=True)])
async def test_a_no_is_tried_a_few_times_and_gives_nothing_away(sender: Sender, reply: Reply) -> None:
    with Receiver(usual=reply) as receiver:
        error = await sender.refusal(settings(receiver), message=MESSAGE)
    assert (error.permanent, error.uncertain, error.tries) == (False, False, 4)
    assert not isinstance(error, ChannelError)
    assert "tok3n" not in str(error)


@PLAIN
async def test_a_service_that_does_not_answer_in_time_is_uncertain(sender: Sender) -> None:
    with Receiver(Reply(hang=True)) as receiver:
        address = settings(receiver).url.get_secret_value()
        with pytest.raises(DeliveryError, match=r"no end within 0\.2 s") as caught:
            await AppriseChannel(_ready(address), 0.2).send(delivery(message=MESSAGE), sender.on_phase)
    assert caught.value.uncertain


def test_it_needs_its_extra_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ValidationError, match=r"pip install 'sanctions-monitor\[apprise\]'"):
        AppriseSettings(url="json://hooks.example/x")


def test_the_address_is_a_secret() -> None:
    assert "tok3n" not in repr(AppriseSettings(url="json://hooks.example/tok3nTok3n"))
