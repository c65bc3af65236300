"""What the service manager hears, on a real datagram socket."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.app import sd_notify as notify


@pytest.fixture(
    params=[
        "path",
        pytest.param("abstract", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux only")),
    ]
)
def manager(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """Listen as a service manager does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        if request.param == "path":
            monkeypatch.chdir(tmp_path)  # the address of a socket is short, the folder's name may be long
            address = "notify"
            listening.bind(address)
        else:
            address = f"@monitor-{os.getpid()}-{time.monotonic_ns()}"
            listening.bind(f"\0{address[1:]}")
        listening.settimeout(240)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield listening


@pytest.mark.parametrize(
    ("say", "message"),
    [
        (notify.ready, b"READY=1"),
        (notify.stopping, b"STOPPING=1"),
        (notify.watchdog, b"WATCHDOG=1"),
        (lambda: notify.status("polling 12 feeds"), b"STATUS=polling 12 feeds"),
        (lambda: notify.status("a title\nREADY=1"), b"STATUS=a title READY=1"),
    ],
    ids=["ready", "stopping", "watchdog", "status", "status of two lines"],
)
def test_each_state_is_sent_as_one_message(
    manager: socket.socket, say: Callable[[], None], message: bytes
) -> None:
    say()
    assert manager.recv(1024) == message


def test_reloading_says_when_by_the_clock_that_never_turns_back(manager: socket.socket) -> None:
    before = time.monotonic_ns() // 1000
    notify.reloading()
    first, second = manager.recv(1024).decode().split("\n")
    assert first == "RELOADING=1"
    name, _, at = second.partition("=")
    assert name == "MONOTONIC_USEC"
    assert before <= int(at) <= time.monotonic_ns() // 1000


def test_without_a_manager_nothing_is_said(manager: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify.ready()
    manager.setblocking(False)
    with pytest.raises(BlockingIOError):
        manager.recv(1024)


def test_a_manager_that_went_away_does_not_stop_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify.ready()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as back_again:
        back_again.bind(str(tmp_path / "gone"))
        notify.stopping()
        assert back_again.recv(1024) == b"STOPPING=1"


@pytest.mark.parametrize(
    ("microseconds", "pid", "seconds"),
    [
        ("60000000", "", 60.0),
        ("60000000", "own", 60.0),
        ("1500000", "", 1.5),
        ("60000000", "1", None),
        ("", "", None),
        ("0", "", None),
        ("soon", "", None),
    ],
)
def test_the_watchdog_is_fed_only_where_this_process_is_watched(
    monkeypatch: pytest.MonkeyPatch, microseconds: str, pid: str, seconds: float | None
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", microseconds)
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if pid == "own" else pid)
    assert notify.watchdog_s() == seconds
