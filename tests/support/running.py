"""The service as a process of its own, whose log is read as it is written."""

import json
import queue
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

from tests.end_to_end.story import start

#: A generous end: what is waited for comes, however busy the machine is.
TIMEOUT_S = 240


class RunningService:
    """`run` in a process of its own. Should it fall silent, it is killed, and the test fails instead of waiting.

    `log` holds the events that were read so far.
    """

    def __init__(self, path: Path, timeout_s: float = TIMEOUT_S) -> None:
        self.log: list[dict[str, Any]] = []
        self._process: subprocess.Popen[str] = start("run", "--config", path, cwd=path.parent)
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

    def wait_for(self, event: str) -> dict[str, Any]:
        """Read the log on to the next event of this name."""
        while (line := self._lines.get()) is not None:
            self.log.append(json.loads(line))
            if self.log[-1]["event"] == event:
                return self.log[-1]
        raise AssertionError(f"the log ended without {event}: {self.log}")

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
