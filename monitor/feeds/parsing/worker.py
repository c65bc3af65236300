"""What runs in a worker process: documents come in by one pipe, what they say goes out by another.

It is started by `workers` and ends when its pipe does. It never hears signals meant for the program as a
whole: what is being read then is read to its end.
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
from monitor.feeds.articles.robots import admits
from monitor.model import Item

from .document import read

LENGTH = struct.Struct("!Q")

_ITEM = ("guid", "url", "title", "summary", "lang")
_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


def main() -> None:
    """Answer requests until the pipe ends; the last arguments are seconds of processor time and bytes."""
    cpu_s, profile = map(int, sys.argv[-2:])
    answers = _alone()
    sys.excepthook = lambda kind, error, trace: _last_words(answers, kind, error, trace)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, profile)
    _send(answers, {})
    requests = sys.stdin.buffer
    while begun := requests.read(LENGTH.size):
        request = requests.read(LENGTH.unpack(begun)[0])
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_s)
        _send(answers, _answer(request))


def _alone() -> BinaryIO:
    """Stand apart from the parent's terminal and signals, yet die with it; return where answers go."""
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
    kind, given = pickle.loads(request)  # noqa: S301  the parent's own words, a stranger's are bytes in it
    try:
        return _KINDS[kind](*given)
    except FeedError as error:
        return {"refused": str(error), "health": error.health}


def _feed(*given: Any) -> dict[str, Any]:
    reading = read(*given)
    return {
        "items": [_plain(item) for item in reading.items],
        "complete": reading.complete,
        "seen": reading.seen,
        "known": reading.known,
        "hint_s": reading.hint.total_seconds() if reading.hint else None,
        "identity": reading.identity,
    }


def _article(body: bytes, content_type: str) -> dict[str, Any]:
    return {"text": read_article(body, content_type)}


def _robots(robots: str, agent: str, url: str) -> dict[str, Any]:
    return {"admits": admits(robots, agent, url)}


#: What may be asked for, by name.
_KINDS: dict[str, Callable[..., dict[str, Any]]] = {"feed": _feed, "article": _article, "robots": _robots}


def _plain(item: Item) -> dict[str, Any]:
    published = item.published_at.isoformat() if item.published_at else None
    return {name: getattr(item, name) for name in _ITEM} | {"published_at": published}


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    text = json.dumps(answer).encode()
    answers.write(LENGTH.pack(len(text)) + text)
    answers.flush()


def _last_words(
    answers: BinaryIO, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say what this process dies of: only the error's name, its text may be a stranger's."""
    _send(answers, {"broke": kind.__name__})
