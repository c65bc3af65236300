"""Poll one feed: fetch, parse, recognise, judge and raise alerts by values, then commit once."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from monitor.alerts.raise_alerts import raise_alerts
from monitor.errors import FeedError
from monitor.feeds.base import (
    EarlierDocument,
    FeedDocument,
    Fetched,
    NotModified,
    ParsedDocument,
    ParseDocument,
    time_limit,
)
from monitor.feeds.health import unexpectedly_empty
from monitor.feeds.next_state import after_document, after_failure, after_not_modified
from monitor.feeds.outage import Outage
from monitor.feeds.profile.observe import RecognisedDocument, recognise_and_observe
from monitor.model import Judged
from monitor.stories.index import StoryIndex

from .context import JobContext
from .headlines import translated_titles, with_translations
from .judging import FoundItems, judge_turn
from .open_stories import OpenStories
from .outgoing import Outgoing, alert_deliveries
from .policy import Policy
from .poll_commits import PollCommits
from .poll_counts import PollCounts, report_poll
from .poll_outcome import NOTHING, Announced, FeedPoll, JudgedDocument, outcome_without_document

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPolls:
    """Polls single feeds; each commits at most one outcome. `outage` records whether any host responds."""

    context: JobContext
    stories: OpenStories
    outgoing: Outgoing
    outage: Outage
    commits: PollCommits

    async def run(self, policy: Policy, poll: FeedPoll, parse_document: ParseDocument) -> PollCounts:
        """Fetch the document of a feed and commit what is new in it.

        Raises:
            FeedError: it could not be fetched or parsed; `fail` commits that.
        """
        context = self.context
        async with time_limit(poll.feed, policy.polling.time_limit_s):
            response = await policy.fetch(poll.feed, poll.before, context.clock())
        self.outage.host_responded(poll.feed, context.clock())
        if isinstance(response, NotModified):
            return await self._commit_unchanged(poll, response)
        document = await self._parsed(poll, response, parse_document)
        recognised = await self._recognised(poll, response, document)
        after = after_document(poll.feed, poll.before, recognised, context.clock(), context.random)
        judged = await self._judged(policy, poll, recognised)
        return await self._commit_judged(
            policy, JudgedDocument(poll=poll, recognised=recognised, after=after, judged=judged)
        )

    async def fail(self, poll: FeedPoll, error: FeedError) -> PollCounts:
        """Commit the failure of a poll; what is known of the last document stays."""
        context, now = self.context, self.context.clock()
        failures = poll.before.failures + self.outage.host_failed(poll.feed, error, now)
        if error.health != poll.before.health:
            log.warning("feed_failed", health=error.health, reason=str(error))
        after = after_failure(poll.feed, poll.before, error, failures, now=now, random=context.random)
        free_at = context.host_free_at(None if poll.feed.internal else error.retry_after)
        outcome = outcome_without_document(poll, after, free_at)
        await self.commits.commit(outcome, self.commits.known_spans(poll.before))
        return PollCounts(polled=1, failed=1)

    async def _commit_unchanged(self, poll: FeedPoll, response: NotModified) -> PollCounts:
        context = self.context
        after = after_not_modified(poll.feed, poll.before, response, context.clock(), context.random)
        outcome = outcome_without_document(poll, after, context.host_free_at())
        written = await self.commits.commit(outcome, self.commits.known_spans(poll.before))
        return report_poll(outcome, written=written)

    async def _parsed(
        self, poll: FeedPoll, response: Fetched, parse_document: ParseDocument
    ) -> ParsedDocument:
        feed, before = poll.feed, poll.before
        earlier = EarlierDocument(before.profile.identity, self.commits.known_spans(before))
        fetched = FeedDocument(
            feed, response.body, response.content_type, response.final_url, self.context.clock()
        )
        document = await parse_document(fetched, earlier)
        if failure := unexpectedly_empty(feed, before, document.count):
            raise failure
        return document

    async def _recognised(
        self, poll: FeedPoll, response: Fetched, document: ParsedDocument
    ) -> RecognisedDocument:
        context, feed = self.context, poll.feed
        known = await context.db.run(context.store.recall_items, feed.name, document.items)
        now = context.clock()
        return await context.cpu.run(recognise_and_observe, feed, poll.before, response, document, known, now)

    async def _judged(
        self, policy: Policy, poll: FeedPoll, recognised: RecognisedDocument
    ) -> tuple[Judged, ...]:
        """Judge the items in short turns, so that a long document does not delay other feeds."""
        run, durations = self.context.cpu.run, self.context.judging
        items = FoundItems(
            feed=poll.feed, before=poll.before, profile=recognised.profile, found=recognised.found
        )
        judged: list[Judged] = []
        while len(judged) < len(items):
            judged += await run(judge_turn, policy.alerts, items, len(judged), durations)
        return tuple(judged)

    async def _commit_judged(self, policy: Policy, document: JudgedDocument) -> PollCounts:
        """Raise alerts and commit; no other poll decides about stories until both are done."""
        context, judged = self.context, document.judged
        titles = await translated_titles(policy, document.poll.feed, judged)
        async with self.stories.deciding(judged, needed=document.may_alert) as index:
            announced = NOTHING
            if document.may_alert:
                announced = await self._announced(policy, document, index, titles)
            outcome = document.outcome(announced, context.clock(), context.host_free_at())
            written = await self.commits.commit(outcome, document.recognised.known_spans)
            return report_poll(outcome, written=written)

    async def _announced(
        self, policy: Policy, document: JudgedDocument, index: StoryIndex, titles: Mapping[str, str]
    ) -> Announced:
        run, now = self.context.cpu.run, self.context.clock()
        feed, edited = document.poll.feed, document.recognised.found.before
        raised = await run(raise_alerts, policy.alerts, feed, document.judged, index, now, edited)
        alerts = with_translations(raised.alerts, titles)
        deliveries = await run(alert_deliveries, policy, alerts) if alerts else ()
        return Announced(
            alerts=alerts,
            stories=raised.stories,
            deliveries=await self.outgoing.prepare(deliveries, alerts),
            epoch=self.stories.epoch,
        )
