"""What an operator reads, and what no log may hold; each test captures the stream itself."""

import json
import logging
import warnings
from collections.abc import Iterator
from io import StringIO
from typing import Any, Literal

import pytest
import structlog
from pydantic import SecretStr

from monitor.app import log
from tests.support.commands import own_logging

Format = Literal["console", "json"]


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def others_logging() -> Iterator[None]:
    with own_logging():
        yield


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def said(format: Format, **facts: Any) -> str:
    """Return the line of one event."""
    stream = StringIO()
    log.configure_logging(format, "info", stream)
    structlog.get_logger().info("feed_polled", **facts)
    return stream.getvalue()


def test_json_is_one_object_a_line_with_context_level_and_utc_time() -> None:
    stream = StringIO()
    log.configure_logging("json", "info", stream)
    with structlog.contextvars.bound_contextvars(feed="wire"):
        structlog.get_logger().info("feed_polled", items=3, title="Türkiye\nand S-400")
    structlog.get_logger().error("feed_failed")
    first, second = lines(stream)
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "feed_polled",
        "feed": "wire",
        "items": 3,
        "level": "info",
        "title": "Türkiye\nand S-400",
    }
    assert "Türkiye" in stream.getvalue()
    assert second["level"] == "error"


def test_the_console_log_has_no_colours_outside_a_terminal() -> None:
    line = said("console", feed="wire", items=3)
    assert "feed_polled" in line
    assert "feed=wire items=3" in line
    assert "\x1b" not in line


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_console_is_coloured_only_on_a_terminal_that_may(
    monkeypatch: pytest.MonkeyPatch, no_color: str, coloured: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    stream = Terminal()
    log.configure_logging("console", "info", stream)
    structlog.get_logger().info("feed_polled")
    assert ("\x1b[" in stream.getvalue()) is coloured


@pytest.mark.parametrize(("level", "kept"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_what_is_below_the_level_is_not_said(level: str, kept: int) -> None:
    stream = StringIO()
    log.configure_logging("json", level, stream)
    logger = structlog.get_logger()
    for say in (logger.debug, logger.info, logger.warning, logger.error):
        say("feed_polled")
    assert len(lines(stream)) == kept


# ---------------------------------------------------------------- secrets

SECRETS: dict[str, dict[str, Any]] = {
    "password": {"password": "hunter2"},
    "within a longer key": {"smtp_passwd": "hunter2"},
    "token": {"api_token": "hunter2"},
    "api key": {"apikey": "hunter2"},
    "header": {"Authorization": "Bearer hunter2"},
    "in a table": {"channel": {"name": "desk", "client_secret": "hunter2"}},
    "a table of them": {"secrets": {"desk": "hunter2"}},
    "a list of them": {"tokens": ("hunter2",)},
    "userinfo": {"url": "https://monitor:hunter2@feeds.example/rss"},
    "userinfo with an at sign": {"database": "postgresql+psycopg://monitor:p@hunter2@db/monitor"},
    "userinfo in a sentence": {"reason": "cannot reach https://:hunter2@feeds.example/, twice"},
    "userinfo in a list": {"urls": ["https://hunter2@feeds.example/rss"]},
    "userinfo in an error": {"error": ValueError("https://monitor:hunter2@feeds.example")},
    "parameter": {"url": "https://feeds.example/rss?lang=en&access_token=hunter2&page=1"},
    "a value that hides itself": {"value": SecretStr("hunter2")},
}


@pytest.mark.parametrize("format", ["console", "json"])
@pytest.mark.parametrize("facts", SECRETS.values(), ids=SECRETS)
def test_secrets_are_masked(format: Format, facts: dict[str, Any]) -> None:
    line = said(format, **facts)
    assert "feed_polled" in line
    assert "hunter2" not in line


PLAIN: dict[str, dict[str, Any]] = {
    "address": {"url": "https://feeds.example/rss?lang=en#top"},
    "mail address": {"to": "desk@news.example"},
    "address with an at sign in its path": {"url": "https://social.example/@desk"},
    "number": {"tokens": 12},
    "nothing": {"retry_after": None},
}


@pytest.mark.parametrize("facts", PLAIN.values(), ids=PLAIN)
def test_what_is_no_secret_stays_whole(facts: dict[str, Any]) -> None:
    line = json.loads(said("json", **facts))
    assert facts.items() <= line.items()


@pytest.mark.parametrize("format", ["console", "json"])
def test_a_crash_shows_where_but_no_local_variable_and_no_credential(format: Format) -> None:
    stream = StringIO()
    log.configure_logging(format, "info", stream)
    whole_feed = "a local variable " + "that is long"
    try:
        raise ValueError("no answer from https://monitor:hunter2@feeds.example/")
    except ValueError:
        structlog.get_logger().exception("feed_crashed", feed="wire")
    text = stream.getvalue()
    assert "test_log.py" in text
    assert "no answer from https://•••@feeds.example/" in text
    assert "hunter2" not in text
    assert whole_feed not in text
    assert format == "console" or "ValueError" in json.dumps(lines(stream)[0]["exception"])


# ---------------------------------------------------------------- hostile words

HOSTILE = {
    "line": "quiet\n2026-11-23T09:00:00Z [info] service_stopped",
    "escape": "\x1b]0;owned\x07\x1b[31m",
    "c1": "\x9b31m",
    "bidi": "\u202egnp.exe",
    "separator": "one\u2028two",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_words_of_a_feed_neither_forge_a_line_nor_steer_a_terminal(words: str) -> None:
    stream = Terminal()
    log.configure_logging("console", "info", stream)
    logger = structlog.get_logger()
    logger.info("item_seen", title=words)
    assert len(stream.getvalue().splitlines()) == 1
    assert words not in stream.getvalue()
    try:
        raise ValueError(words)
    except ValueError:
        logger.exception("feed_crashed")
    assert not any(each in stream.getvalue() for each in ("\x1b]", "\x9b", "\u202e", "\u2028"))


# ---------------------------------------------------------------- libraries


@pytest.mark.parametrize("format", ["console", "json"])
def test_libraries_speak_from_warning_on_and_are_masked_too(format: Format) -> None:
    stream = StringIO()
    log.configure_logging(format, "debug", stream)
    logging.getLogger("httpx").info("POST https://hooks.example/hunter2")
    logging.getLogger("sqlalchemy.pool").warning("lost %s", "postgresql://monitor:hunter2@db/monitor")
    text = stream.getvalue()
    assert len(text.splitlines()) == 1
    assert "sqlalchemy.pool" in text
    assert "lost postgresql://•••@db/monitor" in text
    assert "hunter2" not in text


def test_libraries_are_as_quiet_as_the_level() -> None:
    stream = StringIO()
    log.configure_logging("json", "error", stream)
    logging.getLogger("aiohttp").warning("something")
    logging.getLogger("aiohttp").error("something worse")
    assert [line["event"] for line in lines(stream)] == ["something worse"]


def test_an_error_of_a_library_comes_with_its_traceback() -> None:
    stream = StringIO()
    log.configure_logging("json", "info", stream)
    try:
        raise OSError("gone")
    except OSError:
        logging.getLogger("asyncio").exception("a task failed")
    assert lines(stream)[0]["exception"][0]["exc_value"] == "gone"


def test_warnings_of_python_become_events() -> None:
    stream = StringIO()
    log.configure_logging("json", "info", stream)
    with warnings.catch_warnings():
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.simplefilter("always")
        warnings.warn("old", UserWarning, stacklevel=1)
        logging.captureWarnings(False)
    (line,) = lines(stream)
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")
    assert "old" in line["event"]


def test_a_tick_left_out_because_the_last_still_runs_is_no_news() -> None:
    stream = StringIO()
    log.configure_logging("json", "info", stream)
    logging.getLogger("apscheduler.scheduler").warning("skipped: maximum number of running instances reached")
    assert stream.getvalue() == ""
