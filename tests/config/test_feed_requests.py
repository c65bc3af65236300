"""Cookies and certificates in the table of a feed."""

from pathlib import Path

import pytest
import trustme

from monitor.config import load
from monitor.config.configured_feed import feed_of, own_host
from monitor.config.feeds import feed_table
from monitor.errors import ConfigError
from monitor.model import Kind, MailFilter, Request

URL = {"url": "https://a.example/f"}


def test_cookies_are_read_as_secrets() -> None:
    settings = feed_table(URL | {"cookies": {"session": "hunter22", "consent": "yes"}})
    assert settings.request.cookies == (("session", "hunter22"), ("consent", "yes"))
    assert "hunter22" not in f"{settings!r} {settings.request!r} {settings.table()}"


def test_a_cookie_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_FEEDS__WIRE__COOKIES__SESSION", "hunter22")
    path = tmp_path / "config.toml"
    path.write_text('[feeds.wire]\nurl = "https://a.example/f"\n', "utf-8")
    settings = load(path)
    assert settings.feeds["wire"].request.cookies == (("session", "hunter22"),)


def test_a_file_of_certificates_is_read_when_the_configuration_is(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(file)
    assert feed_table(URL | {"ca": str(file)}).request.ca == str(file)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"cookies": {"a b": "hunter22"}}, "'a b' is no name of a cookie"),
        ({"cookies": {"a": "hunter22; b=1"}}, "a: write the value of one cookie"),
        ({"cookies": {"a": "hunter22\r\nX: 1"}}, "a: write the value of one cookie"),
        ({"cookies": {"a": "hunter22"}, "headers": {"cookie": "hunter22"}}, "keep cookies"),
        ({"url": "seed:x", "cookies": {"a": "hunter22"}}, "opened, not asked"),
        ({"ca": "absent.pem"}, "absent.pem cannot be read: No such file or directory"),
        ({"ca": __file__}, "holds no certificate in PEM form"),
    ],
)
def test_cookies_and_certificates_that_cannot_work_are_refused(table: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        feed_table(URL | table)
    assert words in str(caught.value)
    assert "hunter22" not in str(caught.value)


MAILBOX = {"url": "imaps://imap.example/Lists", "kind": "imap", "user": "radar", "password": "hunter22"}


def test_a_mailbox_has_an_account_and_may_have_a_filter() -> None:
    settings = feed_table(MAILBOX | {"mail": {"senders": ["@office.example"], "verified_by": "mx.example"}})
    subject = feed_of("lists", settings)
    assert subject.mail == MailFilter(("@office.example",), "mx.example")
    assert (subject.host, subject.kind, subject.request.user) == ("imap.example", Kind.IMAP, "radar")
    assert "hunter22" not in f"{settings!r} {subject!r} {settings.table()}"
    assert "password" not in settings.table()


def test_a_mailbox_may_be_opened_by_a_token() -> None:
    table = {key: value for key, value in MAILBOX.items() if key != "password"} | {"token": "hunter22"}
    assert feed_table(table).request == Request(auth="Bearer hunter22", user="radar")


def test_a_mail_server_of_the_own_house_is_reached_as_it_is_named() -> None:
    assert own_host("imaps://127.0.0.1/INBOX") == "127.0.0.1:993"
    assert own_host("imap://10.0.0.7/INBOX") == "10.0.0.7:143"
    assert own_host("imaps://imap.example/INBOX") == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "auto"}, 'write kind = "imap"'),
        ({"url": "https://a.example/f"}, "need an address such as imaps://"),
        ({"url": "imaps://radar:hunter22@imap.example/"}, "as keys, not in the address"),
        ({"url": "imaps:INBOX"}, "names no host"),
        ({"user": ""}, "a mailbox needs user, and either password or token"),
        ({"password": None}, "either password or token"),
        ({"token": "hunter22"}, "either password or token"),
        ({"headers": {"X": "hunter22"}}, "nothing else about requests"),
        ({"http2": True}, "nothing else about requests"),
        ({"full_text": True}, "nothing else about requests"),
        ({"mail": {"senders": ["office.example"]}}, "write name@domain, or @domain for all of it"),
        ({"page": {"items": "li"}}, 'needs kind = "page"'),
    ],
)
def test_a_mailbox_that_cannot_work_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        feed_table(MAILBOX | changes)
    assert words in str(caught.value)
    assert "hunter22" not in str(caught.value)
