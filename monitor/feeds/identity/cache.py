"""Cache which items the last document of each feed held, in memory. Pure.

The cache is not stored: after a start each document is parsed in full once. An entry is valid only while the
stored state of its feed is the one that this document led to.
"""

from collections import OrderedDict
from collections.abc import Mapping

from monitor.model import FeedState

_NAME = _ID = 10
_ENTRY = _NAME + _ID


class DocumentCache:
    """The item id of each span in each feed's last document; beyond `max_bytes` the oldest go."""

    def __init__(self, max_bytes: int = 64_000_000) -> None:
        self._max_bytes = max_bytes
        self._size = 0
        self._documents: OrderedDict[str, tuple[int, bytes]] = OrderedDict()

    def get(self, state: FeedState) -> dict[str, str]:
        """Return the item id of each span; nothing if another state was committed since."""
        version, packed = self._documents.get(state.feed, (state.version, b""))
        if version != state.version:
            return {}
        entries = (packed[at : at + _ENTRY] for at in range(0, len(packed), _ENTRY))
        return {entry[:_NAME].hex(): entry[_NAME:].hex() for entry in entries}

    def remember(self, committed: FeedState, known: Mapping[str, str]) -> None:
        """Remember a document after the store has committed its state and items."""
        packed = b"".join(bytes.fromhex(name + id) for name, id in known.items())
        self._forget(committed.feed)
        self._documents[committed.feed] = (committed.version + 1, packed)
        self._size += len(packed)
        while self._size > self._max_bytes:
            self._forget(next(iter(self._documents)))

    def _forget(self, feed: str) -> None:
        _, packed = self._documents.pop(feed, (0, b""))
        self._size -= len(packed)
