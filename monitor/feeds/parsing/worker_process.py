"""Start a worker process through the template process, send it requests, and end it."""

import asyncio
import atexit
import json
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import monitor

from .wire_format import EXIT_CODE, FORK_REQUEST, LENGTH

#: The template ignores the signals that stop the program, and so do its workers: the documents in hand are
#: parsed to their end. It gets the path of this package, which need not be installed.
_START = """
import signal, sys
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
sys.path.append(sys.argv[1])
from monitor.feeds.parsing.template import main
main()
"""
_HOME = str(Path(monitor.__file__).parents[1])
_MAX_START_S = 60.0

#: Signals by which others end a process: the document may be innocent and gets a second worker.
_EXTERNAL_SIGNALS = {-signal.SIGKILL, -signal.SIGTERM}


@dataclass(frozen=True, slots=True)
class ParserLimits:
    """The limits for one document; a worker that exceeds one is killed."""

    cpu_s: int = 10
    wall_s: float = 15.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 200_000_000


class WorkerFailed(Exception):
    """A worker gave no answer; `reason` continues the sentence "the document …"."""

    def __init__(self, reason: str, *, is_external: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_external = is_external


class _TemplateProcess:
    """The template process, one for this process whatever its pools and loops, started on demand."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None

    def fork(self, limits: ParserLimits, data: socket.socket, status: socket.socket) -> None:
        """Ask for a worker at the other ends of these sockets."""
        request = FORK_REQUEST.pack(limits.cpu_s, limits.memory_bytes)
        with self._lock:
            try:
                socket.send_fds(self._running(), [request], [data.fileno(), status.fileno()])
            except ConnectionError:  # it was killed since
                self._end()
                socket.send_fds(self._running(), [request], [data.fileno(), status.fileno()])

    def has_failed(self) -> bool:
        """Return whether the process ended of itself, and not by a signal."""
        return self._process is not None and (self._process.poll() or 0) > 0

    def close(self) -> None:
        """End the process, and its workers with it."""
        with self._lock:
            self._end()

    def _running(self) -> socket.socket:
        if self._requests is None:
            self._requests, theirs = socket.socketpair()
            with theirs:
                # -P: no module of the working folder is taken for one of ours
                command = (sys.executable, "-P", "-c", _START, _HOME)
                self._process = subprocess.Popen(command, stdin=theirs.fileno())  # noqa: S603  our own program
        return self._requests

    def _end(self) -> None:
        if self._requests:
            self._requests.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._requests = self._process = None


_TEMPLATE = _TemplateProcess()
atexit.register(_TEMPLATE.close)


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Worker:
    """One worker process: a connection for documents and one for its status."""

    def __init__(self, data: Connection, status: Connection) -> None:
        self._from, self._to = data
        self._status_from, self._status_to = status
        self._exit_code: int | None = None

    @classmethod
    async def start(cls, limits: ParserLimits) -> "Worker":
        """Start a process and wait until it is ready.

        Raises:
            WorkerFailed: somebody else killed it. RuntimeError: it cannot be started.
        """
        data, their_data = socket.socketpair()
        status, their_status = socket.socketpair()
        with their_data, their_status:
            _TEMPLATE.fork(limits, their_data, their_status)
        worker = cls(
            await asyncio.open_unix_connection(sock=data), await asyncio.open_unix_connection(sock=status)
        )
        ready = False
        try:
            async with asyncio.timeout(_MAX_START_S):
                await worker._read_answer(limits)
            ready = True
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            died = _exit_reason(await worker._wait(), limits)
            if died.is_external and not _TEMPLATE.has_failed():
                raise died from error
            raise RuntimeError("worker processes do not start; the reason is on standard error") from error
        finally:
            if not ready:
                await asyncio.shield(worker.kill())
        return worker

    @property
    def alive(self) -> bool:
        return not self._status_from.at_eof() and not self._from.at_eof()

    async def ask(self, request: bytes, limits: ParserLimits) -> dict[str, Any]:
        """Send a request and return the answer.

        Raises:
            WorkerFailed: the document took too much, or the process died.
        """
        try:
            async with asyncio.timeout(limits.wall_s):
                self._to.writelines((LENGTH.pack(len(request)), request))
                await self._to.drain()
                answer = await self._read_answer(limits)
        except TimeoutError as error:
            raise WorkerFailed(f"took more than {limits.wall_s:g} s to read") from error
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise _exit_reason(await self._wait(), limits) from error
        if "broke" in answer:
            raise WorkerFailed(f"broke its parser ({answer['broke']})")
        return answer

    async def _read_answer(self, limits: ParserLimits) -> dict[str, Any]:
        (length,) = LENGTH.unpack(await self._from.readexactly(LENGTH.size))
        if length > limits.answer_bytes:
            raise WorkerFailed(f"says more than {limits.answer_bytes:,} bytes")
        answer: dict[str, Any] = json.loads(await self._from.readexactly(length))
        return answer

    def end(self) -> None:
        """Kill the process; a caller that waits for its answer gets an error."""
        if self._exit_code is None:
            self._status_to.write(b"k")

    async def kill(self) -> None:
        """Kill the process, wait for its end and close the connections."""
        self.end()
        await self._wait()
        for writer in (self._to, self._status_to):
            writer.close()

    async def _wait(self) -> int:
        """Wait for the end of the process; return its exit code, that of a kill if the template died."""
        if self._exit_code is None:
            try:
                (self._exit_code,) = EXIT_CODE.unpack(await self._status_from.readexactly(EXIT_CODE.size))
            except (ConnectionError, asyncio.IncompleteReadError):
                self._exit_code = -signal.SIGKILL
        return self._exit_code


def _exit_reason(code: int, limits: ParserLimits) -> WorkerFailed:
    if code == -signal.SIGXCPU:
        return WorkerFailed(f"took more than {limits.cpu_s} s of a processor to read")
    how = f"by signal {-code}" if code < 0 else f"with code {code}"
    return WorkerFailed(f"ended its parser ({how})", is_external=code in _EXTERNAL_SIGNALS)
