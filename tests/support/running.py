"""The service as a process of its own, whose log is read as it is written."""

import json
import queue
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.end_to_end.story import start, start_warm
from tests.support.forked import ForkedProgram

#: A generous end: what is waited for comes, however busy the machine is.
TIMEOUT_S = 240


class RunningService:
    """`run` in a process of its own. Should it fall silent, it is killed, and the test fails instead of waiting.

    `log` holds the events that were read so far. A `cold` process imports the program itself, as an operator's.
    """

    def __init__(self, path: Path, timeout_s: float = TIMEOUT_S, *, cold: bool = False) -> None:
        self.log: list[dict[str, Any]] = []
        begin = start if cold else start_warm
        self._process: subprocess.Popen[str] | ForkedProgram = begin("run", "--config", path, cwd=path.parent)
        self._watchdog = threading.Timer(timeout_s, self._process.kill)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)

    def __enter__(self) -> Self:
        self._watchdog.start()
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        self._watchdog.cancel()
        self._watchdog.join()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def facts(self) -> list[str]:
        """The names of the events that were read so far."""
        return [event["event"] for event in self.log]

    def send_signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait_for_handler(self, number: signal.Signals) -> None:
        """Wait until the process handles a signal by itself."""
        caught = 0
        while not caught >> (number - 1) & 1:
            assert self._process.poll() is None
            status = Path(f"/proc/{self.pid}/status").read_text()
            caught = int(status.partition("SigCgt:")[2].split()[0], 16)

    def let_run(self, seconds: float) -> None:
        """Let the service go on for a time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def next_event(self) -> dict[str, Any]:
        """Read the next entry of the log."""
        line = self._lines.get()
        assert line is not None, f"the log ended: {self.log[-9:]}"
        self.log.append(json.loads(line))
        return self.log[-1]

    def wait_for(self, event: str) -> dict[str, Any]:
        """Read the log on to the next event of this name."""
        while (found := self.next_event())["event"] != event:
            pass
        return found

    def ended(self) -> int:
        """Read the log to its end and return the exit code."""
        while (line := self._lines.get()) is not None:
            self.log.append(json.loads(line))
        return self._process.wait(TIMEOUT_S)

    def _read(self) -> None:
        """Take every line at once: a full pipe would stop the service."""
        assert self._process.stderr
        for line in self._process.stderr:
            self._lines.put(line)
        self._lines.put(None)
