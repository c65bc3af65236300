"""Mail by SMTP, to a real server on loopback."""

import asyncio
import threading
from email import message_from_bytes

import httpx
import pytest

from monitor.channels import EmailSettings, Tools
from monitor.channels.smtp.submission import own_name
from monitor.errors import ChannelError, DeliveryError
from monitor.feeds.http.authorities import trusted_authorities
from monitor.model import Attachment, Message
from tests.conftest import delivery
from tests.support.servers_mail import PASSWORD, USER, MailServer


@pytest.fixture
def server():
    with MailServer() as server:
        yield server


def settings(server, tmp_path, **changes):
    ca = tmp_path / "ca.pem"
    server.authority.cert_pem.write_to_path(str(ca))
    plain = {
        "host": "localhost",
        "port": server.port,
        "sender": "Radar <radar@news.example>",
        "to": ("desk@desk.example", "legal@desk.example"),
        "user": USER,
        "password": PASSWORD,
        "ca_file": ca,
    }
    return EmailSettings(**plain | changes)


async def nothing(phase):
    pass


async def send(settings, phases=None, **changes):
    phases = [] if phases is None else phases

    async def on_phase(phase):
        phases.append(phase)

    async with httpx.AsyncClient(verify=trusted_authorities()) as http:
        channel = settings.build(Tools(http=http))
        return await channel.send(delivery(**{"recipient": "desk@desk.example"} | changes), on_phase)


async def refusal(settings, phases=None, **changes):
    with pytest.raises(DeliveryError) as caught:
        await send(settings, phases, **changes)
    return caught.value


def facts(error):
    return isinstance(error, ChannelError), error.permanent, error.uncertain, error.code


async def test_a_mail_goes_over_tls_after_signing_in_to_one_recipient(server, tmp_path):
    phases = []
    assert await send(settings(server, tmp_path), phases) == "250 2.0.0 queued as 4X"
    (mail,) = server.mails
    assert (mail.sender, mail.to, mail.tls, mail.user) == (
        "radar@news.example",
        ("desk@desk.example",),
        True,
        USER,
    )
    assert phases == ["data"]


async def test_tls_from_the_first_byte(tmp_path):
    with MailServer(tls="implicit") as server:
        await send(settings(server, tmp_path, tls="implicit", user="", password=None))
    assert server.mails[0].tls


async def test_a_server_on_this_machine_may_do_without_tls(tmp_path):
    with MailServer(tls="none") as server:
        await send(
            settings(server, tmp_path, host="127.0.0.1", tls="none", user="", password=None, ca_file=None)
        )
    assert not server.mails[0].tls


async def test_lines_that_begin_with_a_dot_arrive_whole(server, tmp_path):
    message = Message(subject="s", text="..\n.\n.x\n" + "a" * 75 + ".b\n")
    await send(settings(server, tmp_path), message=message)
    assert b"\r\n..\r\n.\r\n.x\r\n" in server.mails[0].content


async def test_every_attempt_sends_the_same_bytes(server, tmp_path):
    for _ in range(2):
        await send(settings(server, tmp_path))
    first, second = server.mails
    assert first.content == second.content


async def test_without_starttls_nothing_is_said_in_clear(tmp_path):
    phases = []
    with MailServer(tls="none") as server:
        error = await refusal(settings(server, tmp_path), phases)
    assert facts(error) == (True, True, False, "")
    assert "does not offer STARTTLS" in str(error)
    assert server.verbs == ["EHLO"]
    assert phases == []


async def test_a_certificate_of_an_unknown_authority_is_refused(server, tmp_path):
    error = await refusal(settings(server, tmp_path, ca_file=None))
    assert facts(error) == (True, True, False, "")
    assert "certificate" in str(error)
    assert "AUTH" not in server.verbs


async def test_a_certificate_for_another_name_is_refused(server, tmp_path):
    error = await refusal(settings(server, tmp_path, host="127.0.0.1"))
    assert error.permanent
    assert "certificate" in str(error)


async def test_implicit_tls_verifies_the_certificate_too(tmp_path):
    with MailServer(tls="implicit") as server:
        error = await refusal(settings(server, tmp_path, tls="implicit", ca_file=None))
    assert facts(error) == (True, True, False, "")


async def test_a_wrong_password_is_tried_once_and_never_shown(server, tmp_path):
    error = await refusal(settings(server, tmp_path, password="wrong horse"))
    assert facts(error) == (True, True, False, "535 5.7.8")
    assert server.verbs.count("AUTH") == 1
    assert "wrong horse" not in str(error)


async def test_a_channel_signs_in_by_the_mechanism_that_the_server_offers(server, tmp_path):
    server.ways = ("LOGIN",)
    await send(settings(server, tmp_path))
    assert server.mails[0].user == USER


async def test_a_server_without_a_known_mechanism_gets_no_password(server, tmp_path):
    server.ways = ()
    error = await refusal(settings(server, tmp_path))
    assert facts(error) == (True, True, False, "")
    assert "AUTH" not in server.verbs


REPLIES = [
    ("RCPT", "550 5.1.1 no such user", (False, True, "550 5.1.1")),
    ("RCPT", "450 4.2.2 mailbox full", (False, False, "450 4.2.2")),
    ("RCPT", "421 4.3.2 shutting down", (True, False, "421 4.3.2")),
    ("MAIL", "550 5.7.1 not your address", (True, True, "550 5.7.1")),
    ("MAIL", "452 4.3.1 no space", (True, False, "452 4.3.1")),
    ("AUTH", "454 4.7.0 try later", (True, False, "454 4.7.0")),
    ("EHLO", "554 5.5.0 not you", (True, True, "554 5.5.0")),
    ("DATA", "451 4.3.0 later", (False, False, "451 4.3.0")),
    ("END", "554 5.7.1 looks like spam", (False, True, "554 5.7.1")),
    ("END", "552 5.3.4 too big", (False, True, "552 5.3.4")),
    ("END", "451 4.3.0 later", (False, False, "451 4.3.0")),
]


@pytest.mark.parametrize(("verb", "reply", "expected"), REPLIES)
async def test_a_refusal_says_whether_to_try_again_and_whose_fault_it_is(
    server, tmp_path, verb, reply, expected
):
    server.replies[verb] = reply
    error = await refusal(settings(server, tmp_path))
    assert (isinstance(error, ChannelError), error.permanent, error.code) == expected
    assert not error.uncertain
    assert reply in str(error)


async def test_what_is_too_big_for_the_server_goes_without_what_was_attached(tmp_path):
    attached = Attachment("items.csv", "text/csv", "x" * 9000)
    message = Message(subject="s", text="Text\n", html="<p>Text</p>", attachments=(attached,))
    phases = []
    with MailServer(most=6000) as server:
        answer = await send(settings(server, tmp_path), phases, message=message)
    (mail,) = server.mails
    assert answer == "250 2.0.0 queued as 4X; without what was attached, which was too big"
    assert b"items.csv" not in mail.content
    assert b"was left out" in mail.content
    assert b"Message-ID: <0123456789abcdef0123@news.example>" in mail.content
    assert phases == ["data"]


async def test_what_is_too_big_in_any_form_is_given_up(tmp_path):
    with MailServer(most=100) as server:
        error = await refusal(settings(server, tmp_path))
    assert (error.permanent, error.code[:3], server.mails) == (True, "552", [])
    assert server.verbs.count("MAIL") == 2


async def test_each_recipient_gets_a_link_of_their_own(server, tmp_path):
    def leave(channel, recipient):
        return f"https://monitor.example/leave/{channel}/{recipient}"

    async with httpx.AsyncClient(verify=trusted_authorities()) as http:
        channel = settings(server, tmp_path).build(Tools(http=http, unsubscribe_link=leave))
        for recipient in ("desk@desk.example", "legal@desk.example"):
            await channel.send(delivery(recipient=recipient), nothing)
    ways = [message_from_bytes(mail.content)["List-Unsubscribe"] for mail in server.mails]
    assert ways == [f"<https://monitor.example/leave/desk/{name}@desk.example>" for name in ("desk", "legal")]


async def test_a_greylisted_mail_goes_through_the_second_time(server, tmp_path):
    server.once["RCPT"] = "451 4.7.1 greylisted"
    assert not (await refusal(settings(server, tmp_path))).permanent
    await send(settings(server, tmp_path))
    assert len(server.mails) == 1


async def test_a_server_that_hangs_up_after_the_dot_leaves_it_uncertain(server, tmp_path):
    server.drop = True
    phases = []
    error = await refusal(settings(server, tmp_path), phases)
    assert facts(error) == (True, False, True, "")
    assert phases == ["data"]


async def test_a_server_that_is_silent_after_the_dot_leaves_it_uncertain(server, tmp_path):
    server.hang = True
    error = await refusal(settings(server, tmp_path, end_timeout_s=0.05))
    assert facts(error) == (True, False, True, "")
    assert len(server.mails) == 1


async def test_a_connection_lost_before_the_message_left_is_no_doubt(server, tmp_path):
    channel = settings(server, tmp_path).build(Tools(http=None))

    async def on_phase(phase):
        await asyncio.to_thread(server.hang_up)
        for _ in range(10):
            await asyncio.sleep(0)

    with pytest.raises(ChannelError, match="at data") as caught:
        await channel.send(delivery(recipient="desk@desk.example"), on_phase)
    assert not caught.value.uncertain


@pytest.mark.parametrize(
    ("host", "address", "greeting"),
    [
        ("radar.news.example", "10.0.0.1", "radar.news.example"),
        ("radar", "10.0.0.1", "[10.0.0.1]"),
        ("radar_1.lan", "fe80::1", "[IPv6:fe80::1]"),
    ],
)
def test_it_greets_with_a_name_or_else_an_address(host, address, greeting):
    assert own_name(host, address) == greeting


async def test_a_cancelled_attempt_lets_go_of_the_server(server, tmp_path):
    server.hang = True
    attempt = asyncio.create_task(send(settings(server, tmp_path)))
    await asyncio.to_thread(server.stored.wait, 5)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt


async def test_an_unreachable_server_is_tried_again(server, tmp_path):
    error = await refusal(settings(server, tmp_path, port=1))
    assert facts(error) == (True, False, False, "")
    assert "localhost" in str(error)


async def test_a_mail_to_nobody_is_given_up(server, tmp_path):
    assert (await refusal(settings(server, tmp_path), recipient="")).permanent


def test_the_server_of_these_tests_leaves_no_thread_behind():
    with MailServer():
        pass
    assert "mail-server" not in {thread.name for thread in threading.enumerate()}


async def test_a_domain_outside_ascii_is_encoded(server, tmp_path):
    changes = {"sender": "Radar <radar@bücher.example>", "to": ("desk@испытание.example",)}
    await send(settings(server, tmp_path, **changes), recipient="desk@испытание.example")
    (mail,) = server.mails
    assert (mail.sender, mail.to) == ("radar@xn--bcher-kva.example", ("desk@xn--80akhbyknj4f.example",))


async def test_a_recipient_outside_ascii_gets_mail_where_the_server_offers_smtputf8(tmp_path):
    with MailServer(utf8=True) as server:
        await send(settings(server, tmp_path), recipient="büro@desk.example")
    (mail,) = server.mails
    assert mail.to == ("büro@desk.example",)
    assert "\r\nTo: büro@desk.example\r\n".encode() in mail.content


async def test_a_recipient_outside_ascii_is_refused_alone_where_the_server_does_not(server, tmp_path):
    phases = []
    error = await refusal(settings(server, tmp_path), phases, recipient="büro@desk.example")
    assert facts(error) == (False, True, False, "")
    assert "takes no address outside ASCII such as büro@desk.example (SMTPUTF8)" in str(error)
    assert (phases, "MAIL" in server.verbs) == ([], False)
    await send(settings(server, tmp_path))
    assert len(server.mails) == 1
