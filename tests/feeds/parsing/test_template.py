"""The template process ends with its requests, and takes its workers along without a word."""

import socket
import subprocess
import sys

from monitor.feeds.parsing.wire_format import FORK_REQUEST, LENGTH
from monitor.feeds.parsing.worker_process import _HOME, _START


def test_it_ends_its_workers_and_prints_nothing() -> None:
    requests, theirs = socket.socketpair()
    command = [sys.executable, "-P", "-c", _START, _HOME]
    with theirs:
        process = subprocess.Popen(command, stdin=theirs.fileno(), stderr=subprocess.PIPE)
    kept = [fork(requests) for _ in range(3)]
    requests.close()
    _, printed = process.communicate(timeout=240)
    assert (process.returncode, printed) == (0, b"")
    for data, status in kept:
        assert data.recv(1) == b""
        data.close()
        status.close()


def fork(requests: socket.socket) -> tuple[socket.socket, socket.socket]:
    """Ask for a worker, and wait until it is ready."""
    data, their_data = socket.socketpair()
    status, their_status = socket.socketpair()
    with their_data, their_status:
        socket.send_fds(
            requests, [FORK_REQUEST.pack(10, 1 << 30)], [their_data.fileno(), their_status.fileno()]
        )
    (length,) = LENGTH.unpack(data.recv(LENGTH.size, socket.MSG_WAITALL))
    assert data.recv(length, socket.MSG_WAITALL) == b"{}"
    return data, status
