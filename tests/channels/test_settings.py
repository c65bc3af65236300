"""Settings as an operator writes them: strict, with secrets in files, and silent about secrets."""

from pathlib import Path

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError

from monitor.channels import (
    AnyChannel,
    AppriseSettings,
    ConsoleSettings,
    DiscordSettings,
    EmailSettings,
    FileSettings,
    MatrixSettings,
    NtfySettings,
    PagerDutySettings,
    SlackBotSettings,
    SlackSettings,
    TeamsSettings,
    TelegramSettings,
    WebhookSettings,
)
from monitor.channels.settings import ChannelSettings, Tools, is_loopback

ANY: TypeAdapter[AnyChannel] = TypeAdapter(AnyChannel, config=ConfigDict(hide_input_in_errors=True))
MAIL = {"type": "email", "host": "mail.example", "sender": "radar@news.example", "to": ["desk@desk.example"]}
BOT = {"type": "telegram", "token": "12:tok3n", "chat_id": -100}
ROOM = {"type": "matrix", "url": "https://matrix.example", "token": "tok3n", "room": "!abc:matrix.example"}
KINDS = [
    ({"type": "console"}, ConsoleSettings, "text"),
    (MAIL, EmailSettings, "mail"),
    ({"type": "file"}, FileSettings, "files"),
    ({"type": "slack", "url": "https://hooks.example/x"}, SlackSettings, "slack"),
    ({"type": "webhook", "url": "https://hooks.example/x"}, WebhookSettings, "json"),
    ({"type": "teams", "url": "https://flows.example/x"}, TeamsSettings, "teams"),
    ({"type": "discord", "url": "https://discord.example/x"}, DiscordSettings, "discord"),
    (BOT, TelegramSettings, "telegram"),
    ({"type": "ntfy", "url": "https://ntfy.example/topic"}, NtfySettings, "ntfy"),
    ({"type": "pagerduty", "routing_key": "k" * 32}, PagerDutySettings, "pagerduty"),
    (ROOM, MatrixSettings, "matrix"),
    ({"type": "apprise", "url": "json://hooks.example/x"}, AppriseSettings, "apprise"),
    ({"type": "slack-bot", "token": "xoxb-1", "to": "C0123"}, SlackBotSettings, "slack"),
]


@pytest.mark.parametrize(("given", "kind", "form"), KINDS)
def test_the_type_chooses_the_channel(given, kind, form):
    settings = ANY.validate_python(given)
    assert isinstance(settings, kind)
    assert settings.form == form


@pytest.mark.parametrize(("given", "kind", "form"), KINDS)
def test_unknown_keys_are_mistakes(given, kind, form):
    with pytest.raises(ValidationError, match="colour"):
        ANY.validate_python(given | {"colour": "red"})


def test_a_wrong_type_is_answered_with_those_there_are():
    with pytest.raises(ValidationError, match="'apprise', 'console', 'discord', 'email', 'file', 'matrix',"):
        ANY.validate_python({"type": "pigeon"})


SECRETS = [
    (MAIL | {"user": "u"}, "password"),
    (KINDS[3][0], "url"),
    (KINDS[4][0], "url"),
    (KINDS[4][0], "secret"),
    (KINDS[5][0], "url"),
    (KINDS[6][0], "url"),
    (ROOM, "token"),
    (KINDS[8][0], "token"),
]


@pytest.mark.parametrize(("given", "key"), SECRETS)
def test_a_secret_may_be_in_a_file(given, key, tmp_path):
    file = tmp_path / "secret"
    file.write_text("  https://hooks.example/tok3n \n")
    without = {name: value for name, value in given.items() if name != key}
    settings = ANY.validate_python(without | {f"{key}_file": str(file)})
    assert getattr(settings, key).get_secret_value() == "https://hooks.example/tok3n"
    assert "tok3n" not in repr(settings)
    assert "tok3n" not in settings.model_dump_json()


@pytest.mark.parametrize(("given", "key"), SECRETS)
def test_a_secret_is_in_one_place_only(given, key, tmp_path):
    file = tmp_path / "secret"
    file.write_text("https://hooks.example/tok3n")
    with pytest.raises(ValidationError, match=f"{key} and {key}_file are both set") as caught:
        ANY.validate_python(given | {key: "https://hooks.example/other", f"{key}_file": str(file)})
    assert "tok3n" not in str(caught.value)
    assert "other" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read: No such file"), (b" \n", "is empty"), (b"\xfftok3n", "UTF-8")],
)
def test_a_secret_file_that_is_no_use_is_named_and_not_shown(content, words, tmp_path):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValidationError, match=words) as caught:
        ANY.validate_python(MAIL | {"user": "u", "password_file": str(file)})
    assert f"password_file: {file}" in str(caught.value)
    assert "tok3n" not in str(caught.value)


MAIL_MISTAKES = [
    ({"user": "u"}, "user and password"),
    ({"password": "p4ssw0rd"}, "user and password"),
    ({"tls": "none"}, "on this machine only"),
    ({"tls": "none", "host": "127.0.0.1", "user": "u", "password": "p4ssw0rd"}, "in clear"),
    ({"tls": "maybe"}, "tls"),
    ({"to": []}, "to"),
    ({"to": ["desk"]}, "not a mail address"),
    ({"sender": "x@y.example\r\nBcc: z@y.example"}, "not a mail address"),
    ({"host": "mail.example\r\nX"}, "host"),
    ({"host": ""}, "host"),
    ({"timeout_s": 61}, "timeout_s"),
    ({"end_timeout_s": 601}, "end_timeout_s"),
    ({"ca_file": "/no/such.pem"}, "ca_file: /no/such.pem cannot be used"),
    ({"unsubscribe": "javascript:alert(1)"}, "unsubscribe"),
    ({"unsubscribe": "https://a.example/\r\nBcc: b"}, "unsubscribe"),
    ({"unsubscribe": "https://a.example/>, <https://b.example"}, "unsubscribe"),
]


@pytest.mark.parametrize(("changes", "words"), MAIL_MISTAKES)
def test_mail_settings_that_cannot_work_or_are_not_safe_are_refused(changes, words):
    with pytest.raises(ValidationError, match=words) as caught:
        ANY.validate_python(MAIL | changes)
    assert "p4ssw0rd" not in str(caught.value)


CHAT_MISTAKES = [
    ({"type": "teams", "url": "https://example.webhook.office.com/tok3n"}, "add the workflow"),
    ({"type": "teams", "url": "http://flows.example/tok3n"}, "https://"),
    ({"type": "discord", "url": "http://discord.example/tok3n"}, "https://"),
    (BOT | {"token": "tok3n"}, "@BotFather"),
    (BOT | {"token": "12:tok3n/../x"}, "@BotFather"),
    (BOT | {"chat_id": "desk"}, "chat_id is a number"),
    (BOT | {"url": "http://bots.example"}, "https://"),
    ({"type": "ntfy", "url": "https://ntfy.example/"}, "one topic"),
    ({"type": "ntfy", "url": "https://ntfy.example/a/b"}, "one topic"),
    ({"type": "ntfy", "url": "http://ntfy.example/tok3n"}, "https://"),
    ({"type": "ntfy", "url": "https://ntfy.example/a", "user": "u"}, "belong together"),
    (
        {"type": "ntfy", "url": "https://ntfy.example/a", "user": "u", "password": "p", "token": "tok3n"},
        "one",
    ),
    ({"type": "pagerduty", "routing_key": "tok3n"}, "32 letters"),
    ({"type": "pagerduty", "routing_key": "k" * 32, "url": "http://events.example"}, "https://"),
    (ROOM | {"room": "#desk:matrix.example"}, "alias"),
    (ROOM | {"room": "desk"}, "no room's id"),
    (ROOM | {"room": "!a/../b"}, "no room's id"),
    (ROOM | {"url": "http://matrix.example"}, "https://"),
    ({"type": "apprise", "url": "pigeon://tok3n"}, "apprise knows"),
]


@pytest.mark.parametrize(("given", "words"), CHAT_MISTAKES)
def test_chat_settings_that_cannot_work_or_are_not_safe_are_refused(given, words):
    with pytest.raises(ValidationError, match=words) as caught:
        ANY.validate_python(given)
    assert "tok3n" not in str(caught.value)


def test_a_file_that_is_no_certificate_is_refused(tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("not a certificate")
    with pytest.raises(ValidationError, match="ca_file"):
        ANY.validate_python(MAIL | {"ca_file": str(file)})


def test_each_recipient_gets_a_mail_of_their_own():
    settings = ANY.validate_python(MAIL | {"to": ["a@x.example", "B <b@x.example>"]})
    assert settings.recipients() == ("a@x.example", "B <b@x.example>")
    assert ConsoleSettings().recipients() == ("",)


def test_defaults_are_safe():
    settings = ANY.validate_python(MAIL)
    assert (settings.tls, settings.timeout_s, settings.end_timeout_s) == ("starttls", 60, 600)
    assert FileSettings().path == Path("var/outbox")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_names(host, local):
    assert is_loopback(host) is local


def test_settings_without_a_channel_say_so():
    class Nothing(ChannelSettings):
        form = "text"

    with pytest.raises(TypeError, match="Nothing builds no channel"):
        Nothing().build(Tools(http=None))


def test_settings_are_a_table():
    with pytest.raises(ValidationError, match="dictionary"):
        FileSettings.model_validate("var/outbox")
