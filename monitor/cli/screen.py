"""Show what the service does on a terminal: alerts in colour, warnings, and one line of state at the foot."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

#: Colours of severities, by the word that an alert on a terminal begins with.
_COLORS = {
    "CRITICAL": "bold red",
    "HIGH": "bold yellow",
    "MEDIUM": "bold cyan",
    "LOW": "bold",
    "MINOR": "bold",
}
_LEVELS = {"warning": "yellow", "error": "red", "critical": "bold red"}

#: Facts of a log line that a person does not need beside its sentence.
_HIDDEN = frozenset({"event", "level", "timestamp", "logger", "exception", "exc_info"})
CONTINUATION = "    "


@dataclass(kw_only=True)
class State:
    """What has happened since the start."""

    feeds: int = 0
    polled: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    items: int = 0
    alerts: int = 0
    digests: int = 0
    is_first_round_over: bool = False

    def line(self) -> str:
        """Return the state in one line."""
        answering = len(self.polled - self.failing)
        words = [
            f"{answering} of {self.feeds} feeds answering",
            f"{self.items} items read",
            f"{self.alerts} {'alert' if self.alerts == 1 else 'alerts'}",
        ]
        if unread := self.feeds - len(self.polled):
            words.insert(1, f"{unread} not yet read")
        return " · ".join(words)


class Screen:
    """Prints alerts and warnings above a line of state; takes log events and the text of the console channel.

    `places` are sentences printed after the first round: where digests and the log are.
    """

    def __init__(self, console: Console, places: tuple[str, ...] = ()) -> None:
        self.console = console
        self.state = State()
        self.stream: TextIO = _Stream(self)
        self._places = places
        self._page = ""
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> "Screen":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        self.console.print(Text(self.state.line(), "dim"))

    def show_message(self, message: str) -> None:
        """Print an alert or a digest at the width of the terminal, its severity in colour."""
        for number, line in enumerate(unwrapped(message)):
            text = Text(line)
            word = line.partition(" ")[0]
            if number == 0 and word in _COLORS:
                text.stylize(_COLORS[word], 0, len(word))
                text.stylize("bold", len(word))
            elif line.lstrip().startswith(("http://", "https://")):
                text.stylize("dim")
            indent = len(line) - len(line.lstrip())
            self.console.print(Padding(text[indent:] if indent else text, (0, 0, 0, indent), expand=False))
        self.console.print()

    def observe(self, event: Mapping[str, Any]) -> None:
        """Take a log event: count it, and print it if it is a warning."""
        name, state = event.get("event"), self.state
        if name == "service_started":
            state.feeds = int(event.get("feeds", 0))
        elif name in {"feed_polled", "feed_failed", "feed_crashed"}:
            self._count_poll(str(event.get("feed", "")), event, failed=name != "feed_polled")
        elif name == "web_started":
            self._page = str(event.get("url", ""))
        elif name == "digest_planned" and not event.get("skipped"):
            state.digests += 1
        if event.get("level") in _LEVELS:
            self.console.print(warning_of(event))
        self._live.update(Text(state.line(), "dim"), refresh=True)

    def _count_poll(self, feed: str, event: Mapping[str, Any], *, failed: bool) -> None:
        state = self.state
        state.polled.add(feed)
        (state.failing.add if failed else state.failing.discard)(feed)
        state.items += int(event.get("items", 0))
        state.alerts += int(event.get("alerts", 0))
        if not state.is_first_round_over and state.feeds and len(state.polled) >= state.feeds:
            state.is_first_round_over = True
            self.console.print(Text(f"First round: {state.line()}.", "bold"))
            for place in (*self._places, *([f"Page: {self._page}"] if self._page else [])):
                self.console.print(Text(place))
            self.console.print()


def warning_of(event: Mapping[str, Any]) -> Text:
    """Return a warning as a sentence: what happened, and the facts beside it."""
    facts = {key: value for key, value in event.items() if key not in _HIDDEN and value not in {"", None}}
    reason = facts.pop("reason", "")
    said = str(event.get("event", "")).replace("_", " ")
    named = ", ".join(f"{key} {value}" for key, value in facts.items())
    text = Text(f"{event.get('level')}: ", _LEVELS[str(event.get("level"))])
    return text.append(" · ".join(part for part in (said, named, str(reason)) if part), "default")


def unwrapped(message: str) -> list[str]:
    """Return the lines of a message; a line that continues another is joined to it."""
    lines: list[str] = []
    for line in message.rstrip().splitlines():
        if lines and line.startswith(CONTINUATION) and not line.strip().startswith(("http://", "https://")):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


class _Stream(io.StringIO):
    """The stream of the console channel: each message is shown on the screen."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def write(self, text: str) -> int:
        self._screen.show_message(text)
        return len(text)
