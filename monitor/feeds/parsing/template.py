"""The template process: it has imported all parsers, and forks a worker process at each request.

`worker_process` starts it. A forked worker is ready at once and shares the memory of the imports. The
template ends when its socket ends, and its workers with it.
"""

import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass, field

from . import worker
from .confinement import confine
from .wire_format import EXIT_CODE, FORK_REQUEST

_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


@dataclass(slots=True)
class _Template:
    """The workers that were forked and have not ended, by process id, with their status sockets."""

    requests: socket.socket
    ended: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    workers: dict[int, socket.socket] = field(default_factory=dict)

    def serve(self) -> None:
        """Fork and reap workers until the socket of requests ends."""
        self.selector.register(self.requests, selectors.EVENT_READ)
        self.selector.register(self.ended, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.requests and not self._fork():
                    return
                if key.fileobj is self.ended:
                    self._reap()
                elif key.data in self.workers:
                    self._kill(key.data)

    def _fork(self) -> bool:
        """Fork a worker for the next request; return whether there was one."""
        message, descriptors, *_ = socket.recv_fds(self.requests, FORK_REQUEST.size, 2)
        if not message:
            return False
        data, status = (socket.socket(fileno=each) for each in descriptors)
        try:
            pid = os.fork()
        except OSError as error:
            print(f"a worker process cannot be forked: {error}", file=sys.stderr)  # noqa: T201
            data.close()
            status.close()
            return True
        if pid == 0:
            self._become_worker(data, *FORK_REQUEST.unpack(message))
        data.close()
        self.workers[pid] = status
        self.selector.register(status, selectors.EVENT_READ, pid)
        return True

    def _become_worker(self, data: socket.socket, cpu_s: int, memory_bytes: int) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _die_with_parent()
        self.selector.close()
        for each in (self.requests, self.ended, *self.workers.values()):
            each.close()
        worker.serve(data, cpu_s, memory_bytes)
        os._exit(0)

    def _reap(self) -> None:
        """Write the exit code of each worker that ended to its status socket."""
        self.ended.recv(4096)
        while self.workers:
            pid, code = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            status = self.workers.pop(pid)
            self._unregister(status)
            with status:
                _try_to_send(status, EXIT_CODE.pack(os.waitstatus_to_exitcode(code)))

    def _kill(self, pid: int) -> None:
        """Kill a worker whose status socket got a byte or has ended; it is reaped when it is dead."""
        self._unregister(self.workers[pid])
        os.kill(pid, signal.SIGKILL)

    def _unregister(self, status: socket.socket) -> None:
        if status in self.selector.get_map():
            self.selector.unregister(status)


def main() -> None:
    """Fork workers until standard input, a socket, ends; then the workers end too."""
    requests = socket.socket(fileno=os.dup(0))
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # what is printed goes to the log
    ended, wakeup = socket.socketpair()
    ended.setblocking(False)
    wakeup.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
    confine()  # workers inherit it
    gc.freeze()  # workers do not touch, so do not copy, the memory of the imports
    template = _Template(requests, ended)
    template.serve()
    signal.set_wakeup_fd(-1)  # the sockets go before the last worker has ended
    for pid in template.workers:
        os.kill(pid, signal.SIGKILL)


def _try_to_send(status: socket.socket, text: bytes) -> None:
    try:
        status.sendall(text)
    except OSError:
        return  # the pool is gone


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
