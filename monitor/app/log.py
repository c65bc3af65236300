"""Logs as facts: one line an event, for people on a terminal or as JSON for programs, secrets masked."""

import logging
import os
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Literal, TextIO

import structlog
from structlog.processors import ExceptionRenderer, format_exc_info
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

from monitor.text.secrets import MASK, SECRET_NAMES, without_secrets

Event = MutableMapping[str, Any]

_SECRET_KEY = re.compile(SECRET_NAMES, re.IGNORECASE)

#: Terminal escapes, line breaks, and the marks that turn the direction of writing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


#: Called with each event that is logged, masked already.
Observer = Callable[[Mapping[str, Any]], None]


def configure_logging(
    format: Literal["console", "json"] = "console",
    level: str = "info",
    stream: TextIO | None = None,
    observer: Observer | None = None,
) -> None:
    """Set up logging for the whole process; libraries and Python's warnings are logged from WARNING on.

    `stream` is standard error unless given; colour only where it is a terminal and ``NO_COLOR`` is not set.
    """
    out = stream or sys.stderr
    finish: list[Processor] = (
        [_exception_as_json, masked] if format == "json" else [format_exc_info, masked, one_line]
    )
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *finish,
    ]
    renderer = _renderer(format, out)
    structlog.configure(
        processors=[*before, *_observing(observer), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    foreign = [structlog.stdlib.add_logger_name, *before]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=foreign, processor=renderer))
    # Not below WARNING at any level: httpx logs whole addresses, and that of a webhook is a secret.
    library_level = max(logging.WARNING, logging.getLevelName(level.upper()))
    logging.basicConfig(handlers=[handler], level=library_level, force=True)
    # Its one warning says that a tick still runs and the next was left out: as the engine promises.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    logging.captureWarnings(True)


def _observing(observer: Observer | None) -> list[Processor]:
    """Return the processor that hands each event to an observer."""
    if observer is None:
        return []

    def observe(_logger: object, _name: str, event: Event) -> Event:
        observer(dict(event))
        return event

    return [observe]


def _renderer(format: Literal["console", "json"], out: TextIO) -> Processor:
    if format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    colors = out.isatty() and not os.environ.get("NO_COLOR")
    return structlog.dev.ConsoleRenderer(
        colors=colors, exception_formatter=structlog.dev.plain_traceback, sort_keys=False
    )


#: Without local variables: they hold passwords and whole feeds.
_exception_as_json = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))


def masked(_logger: object, _name: str, event: Event) -> Event:
    """Mask what must not be kept: values of secret keys, and credentials within addresses, at any depth."""
    return {key: _masked(key, value) for key, value in event.items()}


def _masked(key: object, value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    if _SECRET_KEY.search(str(key)):
        return MASK
    if isinstance(value, dict):
        return {name: _masked(name, each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", each) for each in value]
    return without_secrets(str(value))


def one_line(_logger: object, _name: str, event: Event) -> Event:
    """Make control characters visible: a feed's words neither forge a line nor steer a terminal."""
    return {
        key: "\n".join(map(_visible, value.split("\n"))) if key == "exception" else _visible(value)
        for key, value in event.items()
    }


def _visible(value: Any) -> Any:
    return _CONTROL.sub(_picture, value.rstrip("\n")) if isinstance(value, str) else value


def _picture(found: re.Match[str]) -> str:
    return chr(0x2400 + ord(found[0])) if found[0] < " " else "�"
