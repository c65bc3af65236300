"""Shared fakes: a clock that tests move, and builders with boring defaults."""

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from monitor.model import (
    Alert,
    Credibility,
    Decision,
    Delivery,
    Event,
    Evidence,
    Item,
    Mention,
    Message,
    Placement,
    Verdict,
)

TESTS = Path(__file__).parent
ROOT = TESTS.parent
CACHE = ROOT / ".pytest_cache"

# Programs under test keep their engines here and not in the home of whoever runs the tests.
os.environ["XDG_CACHE_HOME"] = str(CACHE / "home")
os.environ.pop("CACHE_DIRECTORY", None)

# Compiled modules are kept, also where the environment forbids them: else every program that a test starts
# would compile the whole product again, and every run would compile all tests again. They stay where Python
# looks for them: what was compiled when the packages were installed is not compiled for tests once more.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


# How long an example takes says nothing on a busy machine. An example that fails is printed; to keep all that
# were tried takes a fifth of the time.
settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")


class FakeClock:
    """A clock that stands still until `advance`."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def item(**changes: Any) -> Item:
    plain: dict[str, Any] = {
        "feed": "wire",
        "guid": "1",
        "url": "https://news.example/1",
        "title": "Ministry orders 12 howitzers",
        "summary": "The contract is worth $80 million.",
        "first_seen_at": NOW,
        "published_at": NOW - timedelta(minutes=20),
        "lang": "en",
    }
    return Item(**plain | changes)


def event(**changes: Any) -> Event:
    plain: dict[str, Any] = {
        "topic": "arms",
        "type": "contract",
        "stage": "contract",
        "polarity": "acquire",
        "severity": 4,
        "field": "title",
        "start": 9,
        "stop": 28,
        "quote": "orders 12 howitzers",
    }
    return Event(**plain | changes)


def verdict(**changes: Any) -> Verdict:
    plain: dict[str, Any] = {
        "topics": ("arms",),
        "relevance": {"sanctions": 0, "arms": 75},
        "event": event(),
        "background": (),
        "entities": (Mention(id="weapon:howitzer", name="howitzer", kind="weapon", quote="howitzers"),),
        "evidence": (
            Evidence(
                field="title",
                start=9,
                stop=28,
                quote="orders 12 howitzers",
                because="rule:weapon-bought",
                points=60,
            ),
        ),
        "penalties": (),
        "credibility": Credibility("B", 80, ("wire or major paper",)),
        "rules": ("weapon-bought",),
        "would_change": ("an official notice raises credibility to A",),
        "versions": {"rules": "r1", "lexicon": "l1", "lists": ""},
    }
    return Verdict(**plain | changes)


def alert(**changes: Any) -> Alert:
    plain: dict[str, Any] = {
        "item": item(),
        "verdict": verdict(),
        "decision": Decision(Placement.NOW, "severity 4, credibility B"),
        "story": "s1",
        "raised_at": NOW,
        "source": "A wire",
    }
    return Alert(**plain | changes)


def delivery(**changes: Any) -> Delivery:
    plain: dict[str, Any] = {
        "id": "0123456789abcdef0123",
        "kind": "alert",
        "ref": "a1",
        "channel": "desk",
        "recipient": "",
        "message": Message(
            subject="A subject", text="Some text\n", html="<p>Some text</p>", blocks=(), data={"a": 1}
        ),
        "created_at": NOW,
        "due_at": NOW,
    }
    return Delivery(**plain | changes)


def import_from(part: int, parts: int) -> None:
    """Import all tests, beginning with a part of them.

    pytest compiles each file of tests when it is imported first. Workers that begin with different parts
    leave most of the work to one of them each, instead of doing all of it at the same time.
    """
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(TESTS.rglob("test_*.py"))
    ]
    first = len(names) * part // parts
    for name in names[first:] + names[:first]:
        # What is wrong with a file pytest itself says, where it collects the file.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(name)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Collect no garbage while tests are collected, nor look at what was made then: all of it stays.

    Tests keep engines for each other, which a collection visits, too: it is rarer than in a program.
    """
    gc.disable()
    worker, workers = os.environ.get("PYTEST_XDIST_WORKER"), os.environ.get("PYTEST_XDIST_WORKER_COUNT")
    if worker and workers and session.config.args == session.config.getini("testpaths"):
        import_from(int(worker.removeprefix("gw")), int(workers))
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-golden", action="store_true", help="rewrite the golden messages of tests/alerts/golden"
    )
    parser.addoption("--screenshots", metavar="FOLDER", help="keep pictures of the HTML mails here")
