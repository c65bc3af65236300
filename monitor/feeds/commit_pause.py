"""How long feeds are left alone while what they say cannot be kept."""

import time
from dataclasses import dataclass

from monitor.errors import StoreError

FIRST_PAUSE_S, MAX_PAUSE_S = 5.0, 300.0


@dataclass
class CommitPause:
    """Twice as long after each fault in a row, by a clock that nobody sets."""

    faults: int = 0
    _until: float = 0.0

    @property
    def length_s(self) -> float:
        """How long the pause is after so many faults."""
        return min(FIRST_PAUSE_S * 2 ** min(self.faults - 1, 20), MAX_PAUSE_S) if self.faults else 0.0

    def is_active(self) -> bool:
        """Say whether the pause is not over."""
        return bool(self.faults) and time.monotonic() < self._until

    def allowed_shards(self, shards: tuple[int, ...]) -> tuple[int, ...]:
        """Return what may be polled now: nothing while the pause lasts, then one until it is kept."""
        if self.is_active():
            return ()
        return shards[:1] if self.faults else shards

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Learn from a commit; faults that come while the pause lasts lengthen it no further."""
        if kind is None:
            self.faults = 0
        elif issubclass(kind, StoreError) and not self.is_active():
            self.faults += 1
            self._until = time.monotonic() + self.length_s
