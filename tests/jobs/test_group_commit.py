"""Outcomes that wait for the same transaction are committed in one; a faulty one harms only itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import StoreError
from monitor.executor import Executor
from monitor.feeds.commit_pause import CommitPause
from monitor.jobs.group_commit import MAX_FAILURES, MAX_GROUP, GroupCommit
from monitor.model import Feed, FeedState, PollOutcome
from monitor.store import SqlStore

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def outcome(name: str, version: int = 0) -> PollOutcome:
    state = FeedState(feed=name, next_poll_at=NOW + timedelta(hours=1), polled_at=NOW, version=version)
    return PollOutcome(state=state, host=f"{name}.example", host_free_at=NOW)


@dataclass
class Groups:
    """Records the groups that it is asked to write; refuses those that hold a feed of `refused`."""

    refused: frozenset[str] = frozenset()
    written: list[list[str]] = field(default_factory=list)
    tried: int = 0

    async def write(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        await asyncio.sleep(0)
        self.tried += 1
        names = [each.state.feed for each in outcomes]
        if self.refused & set(names):
            raise StoreError("the store refuses this")
        self.written.append(names)
        return tuple(names)


async def committed(
    groups: Groups, *names: str, pause: CommitPause | None = None
) -> list[bool | BaseException]:
    group = GroupCommit(groups.write, pause or CommitPause())
    return await asyncio.gather(*(group.commit(outcome(name)) for name in names), return_exceptions=True)


async def test_outcomes_that_wait_together_are_written_together() -> None:
    groups = Groups()
    names = [f"f{number}" for number in range(MAX_GROUP + 10)]
    assert await committed(groups, *names) == [True] * len(names)
    assert groups.written == [names[:MAX_GROUP], names[MAX_GROUP:]]


async def test_an_outcome_alone_waits_for_no_other() -> None:
    groups = Groups()
    group = GroupCommit(groups.write, CommitPause())
    assert [await group.commit(outcome("a")), await group.commit(outcome("b"))] == [True, True]
    assert groups.written == [["a"], ["b"]]


async def test_one_that_the_store_refuses_holds_up_no_other() -> None:
    groups = Groups(refused=frozenset({"bad"}))
    good, bad, last = await committed(groups, "good", "bad", "last")
    assert (good, last) == (True, True)
    assert isinstance(bad, StoreError)
    assert groups.written == [["good"], ["last"]]


async def test_a_store_that_is_down_is_not_asked_once_for_every_poll() -> None:
    names = [f"f{number}" for number in range(MAX_GROUP)]
    groups, pause = Groups(refused=frozenset(names)), CommitPause()
    results = await committed(groups, *names, pause=pause)
    assert all(isinstance(each, StoreError) for each in results)
    assert groups.tried == 1 + MAX_FAILURES
    assert pause.faults > 0


async def test_a_poll_that_is_cancelled_before_its_transaction_writes_nothing() -> None:
    groups = Groups()
    group = GroupCommit(groups.write, CommitPause())
    first, second = (asyncio.create_task(group.commit(outcome(name))) for name in ("kept", "cancelled"))
    await asyncio.sleep(0)
    second.cancel()
    assert await first is True
    with pytest.raises(asyncio.CancelledError):
        await second
    assert groups.written == [["kept"]]


async def test_a_stale_outcome_in_a_group_is_reported_to_its_poll_alone(
    store: SqlStore, db: Executor
) -> None:
    feeds = [Feed(name=n, url=f"https://{n}.example/f", title=n, host=f"{n}.example") for n in ("a", "b")]
    store.enrol(feeds, NOW)

    async def write(outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        return await db.run(store.commit, outcomes)

    group = GroupCommit(write, CommitPause())
    written = await asyncio.gather(group.commit(outcome("a")), group.commit(outcome("b", version=7)))
    assert written == [True, False]
    versions = {state.feed: state.version for state in store.feed_states()}
    assert versions == {"a": 1, "b": 0}
