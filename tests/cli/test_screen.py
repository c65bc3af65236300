"""What `run` shows on a terminal."""

from io import StringIO

from rich.console import Console

from monitor.cli.screen import Screen, unwrapped, warning_of

ALERT = "\n".join(
    [
        "HIGH · United States designates 14 companies",
        "  A headline that is so long that the template had to break it after the",
        "    seventy-eighth column",
        "  https://news.example/1",
    ]
)


def screen(width: int = 100) -> tuple[Screen, StringIO]:
    """Return a screen of this width, and what it has printed."""
    out = StringIO()
    return Screen(Console(file=out, width=width, force_terminal=False), ("Log: monitor.log",)), out


def test_an_alert_is_printed_at_the_width_of_the_terminal() -> None:
    wide, out = screen(120)
    wide.stream.write(ALERT)
    assert "after the seventy-eighth column\n" in out.getvalue()
    narrow, out = screen(40)
    narrow.stream.write(ALERT)
    assert all(len(line.rstrip()) <= 40 for line in out.getvalue().splitlines())
    assert "  seventy-eighth column" in out.getvalue()


def test_an_address_keeps_its_line() -> None:
    assert unwrapped(ALERT)[-1] == "  https://news.example/1"


def test_a_severity_has_a_colour_on_a_terminal_with_colours() -> None:
    out = StringIO()
    Screen(Console(file=out, width=80, force_terminal=True, color_system="standard")).stream.write(ALERT)
    assert "\x1b[1;33mHIGH\x1b[0m" in out.getvalue()


def test_the_first_round_ends_with_alerts_and_where_things_are() -> None:
    shown, out = screen()
    shown.observe({"event": "service_started", "level": "info", "feeds": 2})
    shown.observe({"event": "web_started", "level": "info", "url": "http://127.0.0.1:8080"})
    shown.observe({"event": "feed_polled", "level": "info", "feed": "a", "items": 5, "alerts": 2})
    assert "First round" not in out.getvalue()
    shown.observe({"event": "feed_failed", "level": "warning", "feed": "b", "reason": "HTTP 503"})
    said = out.getvalue()
    assert "warning: feed failed · feed b · HTTP 503" in said
    assert "First round: 1 of 2 feeds answering · 5 items read · 2 alerts." in said
    assert "Log: monitor.log\nPage: http://127.0.0.1:8080\n" in said
    shown.observe({"event": "feed_polled", "level": "info", "feed": "a", "items": 1, "alerts": 0})
    assert out.getvalue().count("First round") == 1


def test_a_feed_that_answers_again_is_no_longer_failing() -> None:
    shown, _ = screen()
    shown.observe({"event": "service_started", "level": "info", "feeds": 1})
    shown.observe({"event": "feed_failed", "level": "warning", "feed": "a"})
    assert shown.state.line().startswith("0 of 1 feeds answering")
    shown.observe({"event": "feed_polled", "level": "info", "feed": "a", "items": 3, "alerts": 1})
    assert shown.state.line() == "1 of 1 feeds answering · 3 items read · 1 alert"


def test_what_is_no_warning_is_not_printed() -> None:
    shown, out = screen()
    shown.observe({"event": "delivery_sent", "level": "info", "channel": "desk"})
    assert out.getvalue() == ""


def test_a_warning_is_a_sentence_with_its_facts() -> None:
    event = {"event": "channel_missing", "level": "error", "channel": "desk", "timestamp": "now", "empty": ""}
    assert warning_of(event).plain == "error: channel missing · channel desk"
