"""Every hostile server at once, against the real program: the other feeds are polled on time, nothing grows or hangs."""

import contextlib
import gzip
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

import psutil
import pytest

from tests.end_to_end.story import start
from tests.hazards.program import XML, entry, rss
from tests.support.databases import prepare_database
from tests.support.servers import Reply, Request, Route, Site, redirect

SECONDS, ENOUGH = 45, 5
GOOD = 4
MOST_MEMORY = 1 << 30
ZIPPED = {"Content-Encoding": "gzip", **XML}
FLOOD = "&lt;!--" * 100_000
LAUGHS = '<!ENTITY a "' + "A" * 60_000 + '">'
INTERNAL = ("http://127.0.0.1:9/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest", "http://2130706433/", "http://0x7f000001/", "http://[64:ff9b::a00:1]/", "http://[2002:7f00:1::]/")  # fmt: skip


def document(inside: str) -> Reply:
    return Reply(
        rss(entry(), f"<item><title>x</title><guid>x</guid><description>{inside}</description></item>"),
        headers=XML,
    )


def bomb(document: bytes) -> bytes:
    """Pack a document of blanks at the least expense: it shrinks to a hundredth of its size nevertheless."""
    return gzip.compress(document, 1)


def hostile() -> dict[str, Route]:
    """Every hostile answer by its name; the bombs take a second to make."""
    return {
        "drips-a-body": Reply(rss(entry()), drip=20),
        "never-answers": Reply(rss(entry()), wait=threading.Event()),
        "gzip-bomb": Reply(bomb(b"<rss>" + b" " * 200_000_000), headers=ZIPPED),
        "gzip-in-gzip-bomb": Reply(bomb(bomb(b" " * 200_000_000)), headers=ZIPPED),
        "endless": Reply(b"<rss>" + b" " * 8_000_000, headers=XML),
        "lying-length": Reply(rss(entry()), length=10_000_000, headers=XML),
        "loop": redirect("/feed"),
        "wrong-charset": Reply(rss(entry()), headers={"Content-Type": "text/xml; charset=punycode"}),
        "entity-flood": Reply(f'<?xml version="1.0"?><!DOCTYPE r [{LAUGHS}]><rss><channel><item><title>{"&a;" * 16_000}</title></item></channel></rss>'),
        "comment-flood": document(FLOOD),
        "nested-flood": document("&lt;b&gt;" * 60_000),
        "item-flood": Reply(rss(*(entry(f"Club {n}", f"n{n}") for n in range(30_000))), headers=XML),
        "tag-flood": Reply("<rss>" + "<a " * 500_000, headers=XML),
        "page-flood": Reply("<html>" + "<div>" * 300_000, headers={"Content-Type": "text/html"}),
        "json-flood": Reply("[" * 1_000_000, headers={"Content-Type": "application/json"}),
        "no-http": Reply(raw=b"\0" * 100_000),
        **{f"inside-{number}": redirect(place) for number, place in enumerate(INTERNAL)},
    }  # fmt: skip


class Good:
    """Answers something new each time, and remembers when it was asked."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def __call__(self, request: Request) -> Reply:
        self.asked.append(time.monotonic())
        number = len(self.asked)
        return Reply(rss(*(entry(f"Club {n}", f"n{n}") for n in range(number, number + 5))), headers=XML)


@contextlib.contextmanager
def sites(routes: dict[str, Route]) -> Iterator[dict[str, str]]:
    """Serve each route from a host of its own; yield where each is."""
    with contextlib.ExitStack() as stack:
        yield {
            name: stack.enter_context(Site({"/feed": route})).url("/feed") for name, route in routes.items()
        }


def config(folder: Path, urls: dict[str, str]) -> Path:
    text = (
        f'database = "{folder}/m.db"\n[polling]\ndeadline = "5s"\nhost_gap = "0s"\n[log]\nformat = "json"\n'
    )
    for name, url in urls.items():
        text += f'[feeds.{name}]\nurl = "{url}"\nevery = "1s"\ntier = "wire"\n'
    prepare_database(folder / "m.db")
    (folder / "config.toml").write_text(text, "utf-8")
    return folder / "config.toml"


def memory_of(process: psutil.Process) -> int:
    """The most that one process of the program holds."""
    most = 0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            most = max(most, each.memory_info().rss)
    return most


class Log:
    """Reads what a process says as it says it: a full pipe would hold the process up."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._said: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(process.stderr,))
        self._thread.start()

    def _read(self, stream: TextIO) -> None:
        self._said.extend(stream)

    def to_the_end(self) -> list[dict[str, Any]]:
        """Return every line once the process has closed its end."""
        self._thread.join(timeout=240)
        assert not self._thread.is_alive(), "the program does not end"
        return [json.loads(line) for line in self._said if line.startswith("{")]


@pytest.fixture
def good() -> dict[str, Good]:
    return {f"good-{number}": Good() for number in range(GOOD)}


@pytest.mark.slow
def test_hostile_servers_neither_delay_the_others_nor_fill_the_memory(
    tmp_path: Path, good: dict[str, Good]
) -> None:
    with sites({**hostile(), **good}) as urls:
        program = start("run", "--config", config(tmp_path, urls), cwd=tmp_path)
        log = Log(program)
        watched, most, end = psutil.Process(program.pid), 0, time.monotonic() + SECONDS
        while time.monotonic() < end and min(len(each.asked) for each in good.values()) < ENOUGH:
            most = max(most, memory_of(watched))
            threading.Event().wait(0.1)
        asked_to_end = time.monotonic()
        program.send_signal(signal.SIGTERM)
        said = log.to_the_end()
    program.communicate(timeout=240)
    assert program.returncode == 0
    assert time.monotonic() - asked_to_end < 30
    assert most < MOST_MEMORY
    assert not [line for line in said if line["event"] in {"feed_crashed", "engine_run_failed"}]
    failed = {line["feed"] for line in said if line["event"] == "feed_failed"}
    assert failed.isdisjoint(good)
    for name, each in good.items():
        gaps = [later - earlier for earlier, later in pairwise(each.asked)]
        assert len(each.asked) >= ENOUGH, f"{name} was asked {len(each.asked)} times"
        assert max(gaps) < 10, f"{name} waited {max(gaps):.1f} s"
