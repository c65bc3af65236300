"""The worker process: parse documents that arrive on a connection and write the results to it.

`template` forks it; it ends when its connection ends.
"""

import json
import os
import pickle
import resource
import socket
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, BinaryIO

from monitor.errors import FeedError
from monitor.feeds.articles.extract import read_article
from monitor.feeds.articles.robots import is_allowed
from monitor.model import Item

from .document import parse_document
from .wire_format import LENGTH

_ITEM = ("guid", "url", "title", "summary", "lang", "body", "categories")


def serve(connection: socket.socket, cpu_s: int, memory_bytes: int) -> None:
    """Answer requests until the connection ends, within these limits per document.

    An exception ends the process; the name of its class is the last answer.
    """
    requests, answers = connection.makefile("rb"), connection.makefile("wb")
    sys.excepthook = lambda kind, error, trace: _report_exception(answers, kind, error, trace)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, memory_bytes)
    _write_answer(answers, {})
    while begun := requests.read(LENGTH.size):
        request = requests.read(LENGTH.unpack(begun)[0])
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_s)
        _write_answer(answers, _answer(request))


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _answer(request: bytes) -> dict[str, Any]:
    kind, given = pickle.loads(request)  # noqa: S301  written by the parent; foreign data is bytes inside
    try:
        return _REQUESTS[kind](*given)
    except FeedError as error:
        return {"refused": str(error), "health": error.health}


def _parse_document(*given: Any) -> dict[str, Any]:
    document = parse_document(*given)
    return {
        "items": [_item_fields(item) for item in document.items],
        "complete": document.complete,
        "seen": document.seen,
        "known_spans": document.known_spans,
        "hint_s": document.hint.total_seconds() if document.hint else None,
        "identity": document.identity,
        "wordless": document.wordless,
        "unread_dates": (document.unread_dates.count, document.unread_dates.example),
    }


def _read_article(body: bytes, content_type: str) -> dict[str, Any]:
    return {"text": read_article(body, content_type)}


def _is_allowed(robots: str, agent: str, url: str) -> dict[str, Any]:
    return {"admits": is_allowed(robots, agent, url)}


#: The requests, by name.
_REQUESTS: dict[str, Callable[..., dict[str, Any]]] = {
    "feed": _parse_document,
    "article": _read_article,
    "robots": _is_allowed,
}


def _item_fields(item: Item) -> dict[str, Any]:
    published = item.published_at.isoformat() if item.published_at else None
    return {name: getattr(item, name) for name in _ITEM} | {"published_at": published}


def _write_answer(answers: BinaryIO, answer: dict[str, Any]) -> None:
    text = json.dumps(answer).encode()
    answers.write(LENGTH.pack(len(text)) + text)
    answers.flush()


def _report_exception(
    answers: BinaryIO, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Report the exception that ends this process, by its name only: its text may be foreign.

    If the connection is broken, the parent is dead or gave up, and nobody is left to report to.
    """
    if issubclass(kind, ConnectionError):
        os._exit(0)
    _write_answer(answers, {"broke": kind.__name__})
    os._exit(1)
