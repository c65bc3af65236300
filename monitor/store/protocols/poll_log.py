"""The protocol for the log of the latest polls of each feed."""

from typing import Protocol

from monitor.model import LoggedPoll


class PollLogStore(Protocol):
    """The polls that are logged; `PollStore.commit` writes them."""

    def feed_polls(self, feed: str) -> tuple[LoggedPoll, ...]:
        """Return the polls in the log of a feed, newest first."""
