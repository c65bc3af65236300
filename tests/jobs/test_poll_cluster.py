"""Polls of a member of a cluster: hosts are free again after a failure, which keeps no other from polling."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.errors import StoreError
from monitor.executor import Executor
from monitor.feeds.base import EarlierDocument, FeedDocument, Fetched, NotModified, ParsedDocument
from monitor.feeds.commit_pause import CommitPause
from monitor.jobs.context import ClusterMember
from monitor.jobs.open_stories import OpenStories
from monitor.jobs.outgoing import Outgoing
from monitor.jobs.policy import PollLimits
from monitor.jobs.poll import PollJob
from monitor.jobs.poll_counts import PollCounts
from monitor.model import Feed, FeedState
from monitor.store import SqlStore
from tests.conftest import NOW, FakeClock
from tests.store.builders import feed
from tests.support.policies import job_context

SHARD = feed().shard
GAP = timedelta(seconds=2)


async def unchanged(feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
    return NotModified()


async def interrupted(feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
    raise StoreError("the database restarts")


async def no_parser(document: FeedDocument, before: EarlierDocument) -> ParsedDocument:
    raise AssertionError("nothing is parsed here")


def poll_job(store: SqlStore, db: Executor, clock: FakeClock, fetch: object) -> PollJob:
    store.enrol([feed()], NOW)
    plain = job_context(
        store, db, clock, feeds={"wire": feed()}, fetch=fetch, polling=PollLimits(host_gap=GAP)
    )
    context = replace(plain, member=ClusterMember("ours", timedelta(seconds=30)))
    return PollJob(
        context=context,
        parse_document=no_parser,
        stories=OpenStories(context),
        outgoing=Outgoing(context),
    )


async def test_the_host_of_a_poll_that_could_not_be_committed_is_free_after_its_gap(
    store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    job = poll_job(store, db, clock, interrupted)
    with pytest.raises(StoreError):
        await job.serve_shard(SHARD)
    assert store.due_shards(NOW + GAP) == ()
    await job.release_hosts()
    assert (store.due_shards(NOW), store.due_shards(NOW + GAP)) == ((), (SHARD,))


async def test_a_committed_poll_leaves_no_reservation(
    store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    job = poll_job(store, db, clock, unchanged)
    assert await job.serve_shard(SHARD) == PollCounts(polled=1)
    await job.release_hosts()
    assert store.due_shards(NOW + timedelta(hours=2)) == (SHARD,)


async def test_a_member_that_cannot_commit_polls_nothing_and_leaves_its_shards_to_others(
    store: SqlStore, db: Executor, clock: FakeClock
) -> None:
    job = poll_job(store, db, clock, unchanged)
    job.pause = CommitPause()
    with pytest.raises(StoreError), job.pause:
        raise StoreError("the disk is full")
    assert await job.serve_shard(SHARD) == PollCounts()
    assert await job.due_shards() == (SHARD,)
