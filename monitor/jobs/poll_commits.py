"""Commit the outcomes of polls, and remember what only a committed poll may leave behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.feeds.commit_pause import CommitPause
from monitor.feeds.identity.cache import DocumentCache
from monitor.model import FeedState, PollOutcome

from .context import JobContext
from .due_feeds import DueFeeds
from .group_commit import GroupCommit


@dataclass(slots=True)
class PollCommits:
    """Commits the outcomes of concurrent polls in groups; `due` reserved their hosts."""

    context: JobContext
    due: DueFeeds
    pause: CommitPause
    _documents: DocumentCache = field(default_factory=DocumentCache)
    _group: GroupCommit = field(init=False)

    def __post_init__(self) -> None:
        self._group = GroupCommit(self._write, self.pause)

    def known_spans(self, state: FeedState) -> Mapping[str, str]:
        """Return the item id of each span in the document that led to a stored state, as far as cached."""
        return self._documents.get(state)

    async def commit(self, outcome: PollOutcome, known_spans: Mapping[str, str]) -> bool:
        """Write an outcome and remember its document; return whether its state was not stale.

        Raises:
            StoreError: the outcome was not written.
        """
        written = await self._group.commit(outcome)
        if written:
            self._documents.remember(outcome.state, known_spans)
        return written

    async def _write(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        if self.context.member:
            outcomes = [
                replace(each, reserved_until=self.due.reservation(each.state.feed)) for each in outcomes
            ]
        written = await self.context.db.run(self.context.store.commit, outcomes)
        self.due.committed(written)
        return written
