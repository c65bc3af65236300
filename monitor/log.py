"""Logs as facts: one line an event, for people on a terminal or as JSON for programs, secrets masked."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

_SECRET_KEYS = re.compile(r"password|secret|token|authorization|api_?key", re.IGNORECASE)
_USERINFO = re.compile(r"(\w+://)[^/\s@]+@")
MASK = "•••"

Event = MutableMapping[str, Any]


def configure(
    format: Literal["console", "json"] = "console", level: str = "info", stream: TextIO | None = None
) -> None:
    """Set logging up for the whole process, libraries included; they speak from WARNING on."""
    out = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        masked,
    ]
    renderer: Any
    if format == "json":
        shared.append(structlog.processors.dict_tracebacks)
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        plain = structlog.dev.plain_traceback
        renderer = structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=plain)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def masked(_logger: object, _name: str, event: Event) -> Event:
    """Mask what must not be kept: values of secret keys, and credentials within addresses."""
    for key, value in event.items():
        if _SECRET_KEYS.search(key):
            event[key] = MASK
        elif isinstance(value, str):
            event[key] = _USERINFO.sub(rf"\1{MASK}@", value)
    return event
