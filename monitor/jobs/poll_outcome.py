"""What one poll of a feed changed, as the value that is committed. Pure."""

from dataclasses import dataclass
from datetime import datetime

from monitor.feeds.articles.selection import articles_to_read
from monitor.feeds.poll_log import poll_to_log
from monitor.feeds.profile.observe import RecognisedDocument
from monitor.model import Alert, Delivery, Feed, FeedState, Judged, PollOutcome, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPoll:
    """A poll that has begun; `before` is the stored state of its feed."""

    feed: Feed
    before: FeedState
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The alerts of a poll with their stories and deliveries; `epoch` is that of the lease on the stories."""

    alerts: tuple[Alert, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    epoch: int | None = None


#: What a poll announces that has nothing to alert.
NOTHING = Announced()


def outcome_without_document(poll: FeedPoll, after: FeedState, host_free_at: datetime) -> PollOutcome:
    """Return the outcome of a poll that failed or found its document unchanged."""
    return PollOutcome(
        state=after,
        host=poll.feed.host,
        host_free_at=host_free_at,
        new_profile=after.profile is not poll.before.profile,
        logged=poll_to_log(poll.before, after, poll.begun_at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDocument:
    """A document that a poll read, its items judged; `after` is the state of its feed that it leads to."""

    poll: FeedPoll
    recognised: RecognisedDocument
    after: FeedState
    judged: tuple[Judged, ...]

    @property
    def may_alert(self) -> bool:
        """Say whether the items can raise an alert: one is placed so, or one is a revision."""
        return bool(self.recognised.found.before) or any(each.decision.placement for each in self.judged)

    def outcome(self, announced: Announced, now: datetime, host_free_at: datetime) -> PollOutcome:
        """Return the outcome of the poll with the alerts that its items raise."""
        poll, response = self.poll, self.recognised.response
        feed, before, hub = poll.feed, poll.before, self.recognised.profile.hub
        size, news = len(response.body), len(self.judged)
        return PollOutcome(
            state=self.after,
            host=feed.host,
            host_free_at=host_free_at,
            judged=self.judged,
            seen=self.recognised.seen,
            alerts=announced.alerts,
            stories=announced.stories,
            deliveries=announced.deliveries,
            aliases=self.recognised.found.aliases,
            document=response.document(feed.name, now),
            articles=articles_to_read(feed, self.judged, first_poll=before.good_at is None),
            hub=hub if hub != before.profile.hub else None,
            story_epoch=announced.epoch,
            logged=poll_to_log(before, self.after, poll.begun_at, size=size, news=news),
        )
