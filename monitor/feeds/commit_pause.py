"""Pause polling while the store cannot commit."""

import time
from dataclasses import dataclass

from monitor.errors import StoreError

FIRST_PAUSE_S, MAX_PAUSE_S = 5.0, 300.0


@dataclass
class CommitPause:
    """A pause that doubles with each fault in a row, measured on the monotonic clock."""

    faults: int = 0
    _until: float = 0.0

    @property
    def length_s(self) -> float:
        """The length of the pause after the present number of faults."""
        return min(FIRST_PAUSE_S * 2 ** min(self.faults - 1, 20), MAX_PAUSE_S) if self.faults else 0.0

    def is_active(self) -> bool:
        """Say whether the pause is not over yet."""
        return bool(self.faults) and time.monotonic() < self._until

    def allowed_shards(self, shards: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shards to poll now: none during a pause, then one until a commit succeeds."""
        if self.is_active():
            return ()
        return shards[:1] if self.faults else shards

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Count the outcome of a commit; faults during the pause do not lengthen it."""
        if kind is None:
            self.faults = 0
        elif issubclass(kind, StoreError) and not self.is_active():
            self.faults += 1
            self._until = time.monotonic() + self.length_s
