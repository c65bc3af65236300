"""The present faults of all feeds, kept up by the states that changed. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from monitor.model import Feed, FeedState, IncidentKind

from .health import feed_faults

Fault = tuple[str, IncidentKind, str]


@dataclass(slots=True)
class FeedFaults:
    """Remembers the version of each feed's state and the faults that it showed.

    `feeds` are those that the faults were found for; other feeds make everything known anew.
    """

    feeds: Mapping[str, Feed] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    _faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)

    def known(self, feeds: Mapping[str, Feed]) -> Mapping[str, int]:
        """Return the versions that need not be read again for these feeds."""
        if feeds is not self.feeds:
            self.feeds, self.versions, self._faults = feeds, {}, {}
        return self.versions

    def update(self, enrolled: Collection[str], changed: Iterable[FeedState]) -> None:
        """Take in the states that changed, and forget the feeds that are no longer enrolled."""
        for state in changed:
            feed = self.feeds.get(state.feed)
            found = feed_faults(feed, state) if feed else ()
            self.versions[state.feed] = state.version
            self._faults[state.feed] = tuple((state.feed, kind, reason) for kind, reason in found)
        for name in self.versions.keys() - enrolled:
            del self.versions[name], self._faults[name]

    def __iter__(self) -> Iterator[Fault]:
        """Yield (feed, kind, reason), by feed."""
        for name in sorted(name for name, faults in self._faults.items() if faults):
            yield from self._faults[name]
