"""Log requests that are no valid HTTP in one line, without a traceback."""

import logging

import structlog
from aiohttp import web
from aiohttp.http import HttpProcessingError

log = structlog.get_logger()

#: Errors of a client's request, raised while aiohttp reads it.
CLIENT_ERRORS = (HttpProcessingError, web.RequestPayloadError)


class _OneLine(logging.Filter):
    """Replaces the record of a client's error by one event; passes all other records on."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, CLIENT_ERRORS):
            return True
        log.warning("web_request_refused", reason=" ".join(str(error).split())[:200])
        return False


def request_logger() -> logging.Logger:
    """Return the logger for aiohttp's server."""
    logger = logging.getLogger("monitor.web.http")
    logger.filters = [_OneLine()]
    return logger
