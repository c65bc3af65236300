"""`channel test`: a real message through each channel, to real servers."""

import json
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.end_to_end.story import mail_channel
from tests.support.commands import Cli
from tests.support.receivers import Receiver, Reply
from tests.support.servers_mail import PASSWORD, USER, MailServer


def configure(text: str) -> None:
    Path("config.toml").write_text(text, "utf-8")


def hook(url: str) -> str:
    return f'[channels.hook]\ntype = "webhook"\nurl = "{url}/in/hunter22"\nsecret = "a shared key"\n'


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def desk(server: MailServer, password: str = PASSWORD) -> str:
    Path("ca.pem").write_bytes(server.authority.cert_pem.bytes())
    return mail_channel(server.port, Path("ca.pem"), USER, password)


# ---------------------------------------------------------------- it arrives


def test_a_mail_arrives_and_says_that_it_is_a_test(cli: Cli, mail_server: MailServer) -> None:
    configure(desk(mail_server))
    answer = cli("channel", "test", "desk")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("desk to desk@news.example: 250 ")
    (mail,) = mail_server.mails
    subject = message_from_bytes(mail.content, policy=policy.default)["Subject"]
    assert subject.startswith("[TEST] ")
    assert (mail.tls, mail.user) == (True, USER)


def test_a_webhook_receives_a_signed_test(cli: Cli) -> None:
    with Receiver() as receiver:
        configure(hook(receiver.url))
        answer = cli("channel", "test", "hook")
    assert (answer.code, answer.out) == (0, "hook: HTTP 204\n")
    (received,) = receiver.got
    Webhook(b"a shared key").verify(received.body, received.headers)
    assert json.loads(received.body)["test"] is True


def test_a_chat_service_shows_that_it_is_a_test(cli: Cli) -> None:
    with Receiver(Reply(200, b'{"id": "7"}')) as receiver:
        configure(f'[channels.chat]\ntype = "discord"\nurl = "{receiver.url}/api/webhooks/1/x"\n')
        answer = cli("channel", "test", "chat")
    assert (answer.code, answer.out) == (0, "chat: HTTP 200 message 7\n")
    sent = json.loads(receiver.got[0].body)
    assert "TEST" in sent["embeds"][0]["description"].splitlines()[0]
    assert sent.keys() == {"embeds", "allowed_mentions"}


def test_files_are_written(cli: Cli) -> None:
    configure('[channels.outbox]\ntype = "file"\npath = "out"')
    answer = cli("channel", "test", "outbox")
    assert answer.code == 0
    assert sorted(path.suffix for path in Path("out").iterdir()) == [".eml", ".html", ".json", ".txt"]


def test_the_terminal_shows_it(cli: Cli) -> None:
    configure('[channels.terminal]\ntype = "console"')
    answer = cli("channel", "test", "terminal")
    assert answer.code == 0
    assert answer.out.startswith("[TEST]") or "S-400" in answer.out
    assert answer.out.endswith("terminal: printed\n")


def test_everybody_is_written_to_and_programs_can_read_it(cli: Cli, mail_server: MailServer) -> None:
    configure(
        desk(mail_server).replace('to = ["desk@news.example"]', 'to = ["a@news.example", "b@news.example"]')
    )
    answer = cli("channel", "test", "desk", "--json")
    assert answer.code == 0
    assert [(row["recipient"], row["ok"]) for row in answer.data] == [
        ("a@news.example", True),
        ("b@news.example", True),
    ]
    assert len({row["id"] for row in answer.data}) == 2
    assert [mail.to for mail in mail_server.mails] == [("a@news.example",), ("b@news.example",)]


def test_nothing_of_a_test_is_left_in_the_outbox(cli: Cli) -> None:
    configure('database = "m.db"\n[channels.outbox]\ntype = "file"\npath = "out"')
    cli("channel", "test", "outbox")
    assert not Path("m.db").exists()


# ---------------------------------------------------------------- it does not


def test_a_wrong_password_is_reported_with_the_answer_of_the_server(
    cli: Cli, mail_server: MailServer
) -> None:
    configure(desk(mail_server, "hunter22"))
    answer = cli("channel", "test", "desk")
    assert (answer.code, answer.out) == (1, "")
    assert "localhost answered '535 " in answer.err
    assert " at auth" in answer.err
    assert "hunter22" not in answer.err


def test_a_refused_recipient_does_not_keep_the_others_from_theirs(cli: Cli, mail_server: MailServer) -> None:
    mail_server.once["RCPT"] = "550 5.1.1 no such mailbox"
    configure(
        desk(mail_server).replace('to = ["desk@news.example"]', 'to = ["a@news.example", "b@news.example"]')
    )
    answer = cli("channel", "test", "desk")
    assert answer.code == 1
    assert "desk to a@news.example: localhost answered '550 5.1.1 no such mailbox' at rcpt" in answer.err
    assert "desk to b@news.example: 250 " in answer.out


def test_a_webhook_that_refuses_is_reported_without_its_address(cli: Cli) -> None:
    with Receiver(usual=Reply(500, b"no room for /in/hunter22")) as receiver:
        configure(hook(receiver.url))
        answer = cli("channel", "test", "hook", "--json")
    assert answer.code == 1
    assert answer.data[0]["ok"] is False
    assert answer.data[0]["answer"].startswith("127.0.0.1 answered HTTP 500 'no room for")
    assert "hunter22" not in answer.out


def test_an_unreachable_server_is_reported(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    configure(hook(f"http://127.0.0.1:{port}"))
    answer = cli("channel", "test", "hook")
    assert answer.code == 1
    assert "127.0.0.1: no connection" in answer.err


def test_a_folder_that_cannot_be_made_is_named(cli: Cli) -> None:
    Path("in-the-way").write_text("a file")
    configure('[channels.outbox]\ntype = "file"\npath = "in-the-way/out"')
    answer = cli("channel", "test", "outbox")
    assert answer.code == 1
    assert "outbox: in-the-way/out cannot be written: Not a directory" in answer.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "config.toml: no channel 'team'; there are none yet"),
        (hook("https://hooks.example.org"), "config.toml: no channel 'team'; there are hook"),
    ],
)
def test_a_channel_that_is_not_there_is_a_mistake_of_usage(text: str, said: str, cli: Cli) -> None:
    configure(text)
    answer = cli("channel", "test", "team")
    assert (answer.code, answer.err) == (2, f"{said}\n")
