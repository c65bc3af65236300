"""The state of a feed after a poll: not modified, read, or failed. Pure."""

from dataclasses import replace
from datetime import datetime
from random import Random

from monitor.errors import FeedError, FeedHealth
from monitor.model import Feed, FeedState

from .base import NotModified
from .cadence import next_poll, next_retry
from .profile.observe import RecognisedDocument, observe_unchanged


def after_not_modified(
    feed: Feed, state: FeedState, response: NotModified, now: datetime, random: Random
) -> FeedState:
    """Return the state after a response that nothing changed."""
    profile = observe_unchanged(feed, state.profile)
    partial = state.health == FeedHealth.PARTIAL
    return replace(
        state,
        next_poll_at=next_poll(now, feed, random, profile.wait_s, response.hint),
        etag=response.etag or state.etag,
        last_modified=response.last_modified or state.last_modified,
        failures=0,  # none before, or proved: after a failure no validators are sent
        health=FeedHealth.PARTIAL if partial else FeedHealth.NOT_MODIFIED,
        reason=state.reason if partial else "",
        polled_at=now,
        good_at=now if response.proved else state.good_at,
        profile=profile,
    )


def after_document(
    feed: Feed, state: FeedState, recognised: RecognisedDocument, now: datetime, random: Random
) -> FeedState:
    """Return the state after a document was parsed; it keeps validators only if all of it was."""
    response, document, profile = recognised.response, recognised.document, recognised.profile
    whole = document.complete and not response.partial
    hint = response.hint or document.hint
    return replace(
        state,
        next_poll_at=next_poll(now, feed, random, profile.wait_s, hint),
        etag=response.etag if whole else None,
        last_modified=response.last_modified if whole else None,
        body_hash=None if response.partial else response.body_hash,  # what is too long stays so
        failures=0,
        health=document_health(document.count, whole),
        reason="" if whole else "the document broke off or is too long; what came was read",
        polled_at=now,
        good_at=now,
        items_seen=document.count,
        read_at=now if whole else state.read_at,
        profile=profile,
    )


def after_failure(
    feed: Feed, state: FeedState, error: FeedError, failures: int, *, now: datetime, random: Random
) -> FeedState:
    """Return the state after a failed poll; `failures` counts those in a row, this one included."""
    return replace(
        state,
        next_poll_at=next_retry(now, feed, random, failures, error),
        failures=failures,
        health=error.health,
        reason=str(error),
        polled_at=now,
    )


def document_health(count: int, whole: bool) -> FeedHealth:
    """Return the health of a feed after a document of `count` items, read as a `whole` or in part."""
    if not whole:
        return FeedHealth.PARTIAL
    return FeedHealth.OK if count else FeedHealth.EMPTY
