"""The worker process: parse documents that arrive on one pipe and write the results to another.

`worker_pool` starts it; it ends when its pipe ends. It ignores the signals that stop the program, so the
document in hand is parsed to its end.
"""

import ctypes
import json
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, BinaryIO

from monitor.errors import FeedError
from monitor.feeds.articles.extract import read_article
from monitor.feeds.articles.robots import is_allowed
from monitor.model import Item

from .document import parse_document

LENGTH = struct.Struct("!Q")

_ITEM = ("guid", "url", "title", "summary", "lang", "body")
_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


def main() -> None:
    """Answer requests until the pipe ends; the last arguments are seconds of processor time and bytes."""
    cpu_s, memory_bytes = map(int, sys.argv[-2:])
    answers = _isolate()
    sys.excepthook = lambda kind, error, trace: _report_exception(answers, kind, error, trace)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, memory_bytes)
    _write_frame(answers, {})
    requests = sys.stdin.buffer
    while begun := requests.read(LENGTH.size):
        request = requests.read(LENGTH.unpack(begun)[0])
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_s)
        _write_frame(answers, _answer(request))


def _isolate() -> BinaryIO:
    """Ignore the parent's signals but die with the parent; return the stream for answers."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not answer
    return answers


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


def _write_frame(answers: BinaryIO, answer: dict[str, Any]) -> None:
    text = json.dumps(answer).encode()
    answers.write(LENGTH.pack(len(text)) + text)
    answers.flush()


def _report_exception(
    answers: BinaryIO, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Report the exception that ends this process, by its name only: its text may be foreign.

    If the pipe is broken, the parent is dead and nobody is left to report to.
    """
    if issubclass(kind, BrokenPipeError):
        os._exit(0)
    _write_frame(answers, {"broke": kind.__name__})
