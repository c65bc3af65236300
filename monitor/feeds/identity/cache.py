"""What each feed's last document said, remembered while the program runs. Pure.

Nothing of it is stored: a program that begins reads each document in full once, and what it remembers counts
only while the feed's stored state is the one that this very document led to.
"""

from collections import OrderedDict
from collections.abc import Mapping

from monitor.model import FeedState

_NAME = _ID = 10
_ENTRY = _NAME + _ID


class Known:
    """The item of each span of each feed's last document; beyond `most_bytes` the least polled feeds go."""

    def __init__(self, most_bytes: int = 64_000_000) -> None:
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[str, tuple[int, bytes]] = OrderedDict()

    def of(self, state: FeedState) -> dict[str, str]:
        """Return the id of each span's item; nothing if another state was committed in between."""
        version, packed = self._kept.get(state.feed, (state.version, b""))
        if version != state.version:
            return {}
        entries = (packed[at : at + _ENTRY] for at in range(0, len(packed), _ENTRY))
        return {entry[:_NAME].hex(): entry[_NAME:].hex() for entry in entries}

    def keep(self, committed: FeedState, known: Mapping[str, str]) -> None:
        """Remember what was read, now that the store has taken this state and every item of the document."""
        packed = b"".join(bytes.fromhex(name + id) for name, id in known.items())
        self._forget(committed.feed)
        self._kept[committed.feed] = (committed.version + 1, packed)
        self._size += len(packed)
        while self._size > self._most:
            self._forget(next(iter(self._kept)))

    def _forget(self, feed: str) -> None:
        _, packed = self._kept.pop(feed, (0, b""))
        self._size -= len(packed)
