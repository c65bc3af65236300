"""Starts the program as a process of its own, forked from one that has imported it and judged a text already.

``python -m tests.support.forked FD`` reads orders from a socket: arguments, folder and environment in JSON, with
the descriptors of output, log and status. It forks a process for each, which runs the command as ``python -m
monitor`` does, and sends its id and later its exit code to the status socket.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any, TextIO

ROOT = Path(__file__).parents[2]

#: Bytes of the longest order.
_MAX_ORDER = 200_000


@dataclass
class ForkedProgram:
    """A process that was forked, with the methods of `subprocess.Popen` that tests use."""

    args: list[str]
    status: socket.socket
    stdout: TextIO
    stderr: TextIO
    returncode: int | None = None
    pid: int = field(init=False)

    def __post_init__(self) -> None:
        self.pid = self._next_number(None)

    def poll(self) -> int | None:
        """Return the exit code, or None while the process runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once the process has ended."""
        if self.returncode is None:
            self.returncode = self._next_number(timeout)
            self.status.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal if the process has not ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return output and log once the process has ended."""
        texts = ["", ""]

        def read(number: int, stream: TextIO) -> None:
            with stream:
                texts[number] = stream.read()

        readers = [Thread(target=read, args=each) for each in enumerate((self.stdout, self.stderr))]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            reader.join()
        return texts[0], texts[1]

    def _next_number(self, timeout: float | None) -> int:
        ready, _, _ = select.select([self.status], [], [], timeout)
        if not ready:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        number = self.status.recv(8)
        assert number, "the process that forks has ended"
        return int.from_bytes(number, "big", signed=True)


def start_forked(*args: str | Path, cwd: Path, environment: dict[str, str]) -> ForkedProgram:
    """Start the program."""
    words = list(map(str, args))
    ours, status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    (out, out_end), (log, log_end) = os.pipe(), os.pipe()
    order = json.dumps({"args": words, "cwd": str(cwd), "environment": environment}).encode()
    ends = [out_end, log_end, status.detach()]
    socket.send_fds(_forking_process(), [order], ends)
    for end in ends:
        os.close(end)
    return ForkedProgram(words, ours, os.fdopen(out), os.fdopen(log))


@cache
def _forking_process() -> socket.socket:
    """Start the process that forks; it ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (ours, its):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * _MAX_ORDER)
    with its:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forked", str(its.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
        )
    atexit.register(_end, ours, process)
    return ours


def _end(orders: socket.socket, process: subprocess.Popen[bytes]) -> None:
    orders.close()
    process.wait()


# ---------------------------------------------------------------- the process that forks


def _forked(orders: socket.socket) -> bool:
    """Fork a process for each order; return True in each of them, and False at the end of orders."""
    running: dict[int, tuple[int, socket.socket]] = {}
    while True:
        for ready in select.select([orders, *running], [], [])[0]:
            if ready is not orders:
                _report_end(ready, *running.pop(ready))
                continue
            order, ends, _, _ = socket.recv_fds(orders, _MAX_ORDER, 3)
            if not order:
                return False
            if (pid := os.fork()) == 0:
                orders.close()
                _become(json.loads(order), *ends)
                return True
            status = socket.socket(fileno=ends[2])
            status.send(pid.to_bytes(8, "big"))
            running[os.pidfd_open(pid)] = pid, status
            for end in ends[:2]:
                os.close(end)


def _report_end(pid_fd: int, pid: int, status: socket.socket) -> None:
    _, ended = os.waitpid(pid, 0)
    with status, suppress(BrokenPipeError):
        status.send(os.waitstatus_to_exitcode(ended).to_bytes(8, "big", signed=True))
    os.close(pid_fd)


def _become(order: dict[str, Any], out: int, log: int, status: int) -> None:
    """Take the place of a process that was started with this command line."""
    os.dup2(out, 1)
    os.dup2(log, 2)
    for end in (out, log, status):
        os.close(end)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    sys.argv = ["sanctions-monitor", *order["args"]]


def _warm_up() -> None:
    """Import and build what a service needs until it has sent its first message."""
    import monitor.app.service  # noqa: PLC0415
    import monitor.cli.root  # noqa: PLC0415
    import monitor.engine.local  # noqa: PLC0415
    import monitor.web.application  # noqa: PLC0415
    import monitor.web.http.listener  # noqa: F401, PLC0415
    from monitor.app.rulebook import rulebook  # noqa: PLC0415
    from monitor.config import Settings  # noqa: PLC0415
    from tests.support.warm import warm_up  # noqa: PLC0415

    warm_up(rulebook(Settings()).engine)


def main() -> None:
    """Fork until there are no more orders; a forked process is the program from then on."""
    _warm_up()
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        is_program = _forked(orders)
    if is_program:
        from monitor.cli import main as run_command  # noqa: PLC0415

        run_command()


if __name__ == "__main__":
    main()
