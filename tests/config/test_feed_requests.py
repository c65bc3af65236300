"""Cookies and certificates in the table of a feed."""

from pathlib import Path

import pytest
import trustme

from monitor.config import load
from monitor.config.feeds import feed_table
from monitor.errors import ConfigError

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
