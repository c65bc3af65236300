"""Refusals of a real Postfix with its default, `smtpd_delay_reject`: client and sender are refused at RCPT."""

from collections.abc import Iterator

import pytest

from monitor.channels import EmailSettings, Tools
from monitor.errors import ChannelError, DeliveryError
from monitor.model import Attachment, Message
from tests.conftest import delivery
from tests.support.postfix import missing, postfix

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing())]

REJECT_SENDER = "check_sender_access inline:{radar@news.example=REJECT}"
RECIPIENT = "check_recipient_access inline:{{ full@desk.example = %s }}, permit"

#: Parameters by port; the texts in `REFUSALS` are Postfix's own.
PORTS: dict[str, dict[str, str]] = {
    "plain": {},
    "relay": {"smtpd_relay_restrictions": "reject_unauth_destination"},
    "client": {"smtpd_client_restrictions": "check_client_access inline:{127.0.0.1=REJECT}"},
    "helo": {"smtpd_helo_restrictions": "reject"},
    "sender": {"smtpd_sender_restrictions": REJECT_SENDER},
    "unlisted": {"smtpd_reject_unlisted_sender": "yes"},
    "quota": {"smtpd_recipient_restrictions": RECIPIENT % "552 5.2.2 Mailbox full"},
    "greylist": {"smtpd_recipient_restrictions": RECIPIENT % "450 4.7.1 Greylisted"},
    "data": {"smtpd_data_restrictions": "reject"},
    "size": {"message_size_limit": "1500"},
    "tiny": {"message_size_limit": "100"},
    "busy": {"smtpd_recipient_restrictions": "check_client_access inline:{127.0.0.1=DEFER}"},
}

#: Port, recipient, whether the channel is at fault, whether for good, the code, words of the reply.
REFUSALS = [
    ("plain", "someone@elsewhere.example", True, False, "454 4.7.1", "Relay access denied' at rcpt"),
    ("relay", "someone@elsewhere.example", True, True, "554 5.7.1", "Relay access denied' at rcpt"),
    ("plain", "nobody@desk.example", False, True, "550 5.1.1", "User unknown"),
    ("client", "desk@desk.example", True, True, "554 5.7.1", "Client host rejected"),
    ("client", "nobody@desk.example", True, True, "554 5.7.1", "Client host rejected"),
    ("helo", "desk@desk.example", True, True, "554 5.7.1", "Helo command rejected"),
    ("sender", "desk@desk.example", True, True, "554 5.7.1", "Sender address rejected"),
    ("unlisted", "desk@desk.example", True, True, "550 5.1.0", "Sender address rejected: User unknown"),
    ("quota", "full@desk.example", False, False, "552 5.2.2", "Mailbox full"),
    ("greylist", "full@desk.example", False, False, "450 4.7.1", "Greylisted"),
    ("data", "desk@desk.example", True, True, "554 5.7.1", "Data command rejected: Access denied' at data"),
    ("tiny", "desk@desk.example", False, True, "552 5.3.4", "at mail"),
    ("busy", "desk@desk.example", True, False, "450 4.7.1", "Client host rejected"),
]


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with postfix(PORTS) as ports:
        yield ports


async def attempt(port: int, recipient: str) -> str:
    settings = EmailSettings(
        host="127.0.0.1", port=port, tls="none", sender="Radar <radar@news.example>", to=(recipient,)
    )
    message = Message(subject="s", text="Text\n", attachments=(Attachment("a.csv", "text/csv", "x" * 2000),))
    return await settings.build(Tools(http=None)).send(
        delivery(recipient=recipient, message=message), nothing
    )


async def nothing(phase: object) -> None:
    pass


@pytest.mark.parametrize(("port", "recipient", "channel", "permanent", "code", "words"), REFUSALS)
async def test_a_refusal_of_postfix_is_judged_by_what_it_says(
    ports: dict[str, int], port: str, recipient: str, channel: bool, permanent: bool, code: str, words: str
) -> None:
    with pytest.raises(DeliveryError) as caught:
        await attempt(ports[port], recipient)
    error = caught.value
    assert (isinstance(error, ChannelError), error.permanent, error.code) == (channel, permanent, code)
    assert words in str(error)


async def test_postfix_takes_a_mail(ports: dict[str, int]) -> None:
    assert (await attempt(ports["plain"], "desk@desk.example")).startswith("250 2.0.0 Ok: queued as")


async def test_a_mail_too_big_for_postfix_goes_without_its_attachment(ports: dict[str, int]) -> None:
    assert "without what was attached" in await attempt(ports["size"], "desk@desk.example")
