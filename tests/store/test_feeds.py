"""What is remembered of feeds between polls, on every database."""

from dataclasses import replace
from datetime import timedelta

from monitor.errors import FeedHealth
from monitor.model import Feed, FeedReach, FeedState, Story
from monitor.store import SqlStore
from tests.conftest import NOW
from tests.store.builders import feed, outcome, state_of, stories_of

LATER = NOW + timedelta(hours=1)


def names(states: tuple[FeedState, ...]) -> list[str]:
    return [state.feed for state in states]


def poll(store: SqlStore, name: str, **minutes_from_now: float) -> None:
    """Write that a feed is due then, and its host free at once."""
    state = replace(state_of(store, name), next_poll_at=NOW + timedelta(**minutes_from_now))
    assert store.commit([outcome(state, state=state, host_free_at=NOW)]) == (name,)


def test_a_new_feed_is_due_at_once(store: SqlStore):
    store.enrol([feed()], NOW)
    assert store.due_shards(NOW) == (feed().shard,)
    assert store.due_feeds((feed().shard,), NOW) == (FeedState(feed="wire", next_poll_at=NOW),)
    assert store.due_feeds((feed().shard,), NOW - timedelta(seconds=1)) == ()
    assert store.due_feeds((feed().shard + 1,), NOW) == ()


def test_a_known_feed_keeps_its_state_and_unlisted_feeds_are_not_polled(store: SqlStore):
    store.enrol([feed(), feed("gone")], NOW)
    poll(store, "wire", minutes=10)
    before = state_of(store)
    store.enrol([feed(title="Another title"), feed("fresh")], LATER)
    assert names(store.feed_states()) == ["fresh", "wire"]
    assert state_of(store) == before
    assert feed("gone").shard not in store.due_shards(LATER)


def test_only_the_states_that_changed_are_read_again(store: SqlStore):
    store.enrol([feed(), feed("fresh"), feed("gone")], NOW)
    enrolled, states = store.changed_feed_states({})
    assert (enrolled, names(states)) == ({"fresh", "gone", "wire"}, ["fresh", "gone", "wire"])
    known = {state.feed: state.version for state in states}
    poll(store, "wire", minutes=10)
    store.enrol([feed(), feed("fresh")], NOW)
    enrolled, states = store.changed_feed_states(known)
    assert (enrolled, states) == ({"fresh", "wire"}, (state_of(store, "wire"),))


def test_states_polled_lately_or_due_are_found_without_comparing_all(store: SqlStore):
    store.enrol([feed(), feed("old"), feed("due")], NOW)
    for name, polled_at in (("wire", LATER), ("old", NOW)):
        state = replace(state_of(store, name), polled_at=polled_at, next_poll_at=LATER + timedelta(hours=1))
        store.commit([outcome(state, state=state)])
    store.accept("due", LATER)
    found = store.feed_states_since({}, LATER, LATER)
    assert names(found) == ["due", "wire"]
    known = {state.feed: state.version for state in found}
    assert store.feed_states_since(known, LATER, LATER) == ()
    assert names(store.feed_states_since(known, NOW, LATER)) == ["old"]


def test_a_feed_that_comes_back_goes_on_where_it_rested(store: SqlStore):
    store.enrol([feed()], NOW)
    poll(store, "wire", minutes=10)
    before = state_of(store)
    store.enrol([], NOW)
    assert store.feed_states() == ()
    store.enrol([feed()], LATER)
    assert state_of(store) == before


def test_another_url_is_another_document_due_now(store: SqlStore):
    store.enrol([feed()], NOW)
    validated = replace(state_of(store), etag='"x"', last_modified="Mon", body_hash="h", failures=2)
    under_way = outcome(replace(validated, version=1))
    store.commit([outcome(validated)])
    assert state_of(store).etag == '"x"'
    store.enrol([feed(url="https://wire.example/new")], LATER)
    after = state_of(store)
    assert (after.etag, after.last_modified, after.body_hash) == (None, None, None)
    assert (after.next_poll_at, after.failures) == (LATER, 2)
    assert store.commit([under_way]) == ()


def test_feeds_that_answer_are_counted_though_a_failure_may_not_count_against_its_feed(store: SqlStore):
    store.enrol([feed("read"), feed("unknown-host"), feed("new")], NOW)
    for name, health in {"read": FeedHealth.OK, "unknown-host": FeedHealth.DNS}.items():
        polled = replace(state_of(store, name), health=health, polled_at=LATER)
        store.commit([outcome(polled, state=polled)])
    counts = {FeedReach.ANSWERING: 1, FeedReach.FAILING: 1, FeedReach.UNREAD: 1}
    assert store.feed_reach() == (counts, LATER)


def test_a_feed_that_moved_lives_in_the_shard_of_its_new_host(store: SqlStore):
    store.enrol([feed()], NOW)
    moved = feed(host="elsewhere.example")
    assert moved.shard != feed().shard
    store.enrol([moved], NOW)
    assert store.due_shards(NOW) == (moved.shard,)


def test_a_host_is_asked_once_at_a_time_for_its_longest_overdue_feed(store: SqlStore):
    same = {"host": "host.example"}
    store.enrol([feed(name, **same) for name in "abc"], NOW)
    poll(store, "a", minutes=-1)
    poll(store, "b", minutes=-3)
    poll(store, "c", minutes=-2)
    assert names(store.due_feeds((feed(**same).shard,), NOW)) == ["b"]


def of_one_shard(count: int) -> list[Feed]:
    many = (feed(f"f{number}") for number in range(100_000))
    shard = feed("f0").shard
    found = (one for one in many if one.shard == shard)
    return [next(found) for _ in range(count)]


def test_the_longest_overdue_comes_first_and_no_more_than_asked_for(store: SqlStore):
    first, second, third, early = of_one_shard(4)
    store.enrol([first, second, third, early], NOW)
    for one, minutes in ((first, -30), (second, -20), (third, -10), (early, 10)):
        poll(store, one.name, minutes=minutes)
    assert names(store.due_feeds((first.shard,), NOW)) == [first.name, second.name, third.name]
    assert names(store.due_feeds((first.shard,), NOW, limit=2)) == [first.name, second.name]


def test_a_host_that_is_not_free_is_left_in_peace(store: SqlStore):
    store.enrol([feed("a", host="h.example"), feed("b", host="h.example")], NOW)
    asked = replace(outcome(state_of(store, "a")), host="h.example", host_free_at=NOW + timedelta(minutes=5))
    store.commit([asked])
    shard = feed(host="h.example").shard
    assert store.due_feeds((shard,), NOW + timedelta(minutes=4)) == ()
    assert store.due_shards(NOW + timedelta(minutes=4)) == ()
    assert names(store.due_feeds((shard,), NOW + timedelta(minutes=5))) == ["b"]
    assert store.next_due() == NOW + timedelta(minutes=5)


def test_shards_are_in_order(store: SqlStore):
    store.enrol([feed(f"f{number}") for number in range(30)], NOW)
    shards = store.due_shards(NOW)
    assert list(shards) == sorted({feed(f"f{number}").shard for number in range(30)})


def test_nothing_is_ever_due_without_feeds(store: SqlStore):
    assert store.next_due() is None
    store.enrol([feed()], NOW)
    assert store.next_due() == NOW
    store.enrol([], NOW)
    assert store.next_due() is None
    assert store.due_shards(LATER) == ()


def story(name: str, **changes: object) -> Story:
    return replace(
        Story(
            id=name,
            event_type="contract",
            stage="contract",
            polarity="acquire",
            official=False,
            updated_at=NOW,
            item_ids=("i1", "i2"),
        ),
        **changes,
    )  # type: ignore[arg-type]


def test_a_story_is_stored_as_it_was_written_last(store: SqlStore):
    store.enrol([feed()], NOW)
    assert stories_of(store) == {}
    store.commit([outcome(state_of(store), stories=(story("s1"), story("s2")))])
    duplicates = story("s1", stage="delivery", official=True, updated_at=LATER)
    store.commit([outcome(state_of(store), stories=(story("s1", stage="signed"), duplicates))])
    twice, once = replace(duplicates, version=2), story("s2", version=1)
    assert stories_of(store) == {"s1": twice, "s2": once}


def test_only_stories_that_changed_are_read_again(store: SqlStore):
    store.enrol([feed()], NOW)
    stories = [story(f"s{minutes}", updated_at=NOW + timedelta(minutes=minutes)) for minutes in (1, 3, 2)]
    store.commit([outcome(state_of(store), stories=tuple(stories))])
    since = NOW + timedelta(minutes=2)
    assert {one.id: one.version for one in store.stories_changed(since, {})} == {"s3": 1, "s2": 1}
    assert store.stories_changed(NOW + timedelta(minutes=4), {}) == ()
    duplicates = replace(stories[2], item_ids=("i1", "i2", "i3"))
    store.commit([outcome(state_of(store), stories=(duplicates, story("s4", updated_at=LATER)))])
    anew = store.stories_changed(since, {"s3": 1, "s2": 1})
    assert {one.id: one for one in anew} == {
        "s2": replace(duplicates, version=2),
        "s4": story("s4", updated_at=LATER, version=1),
    }
    assert store.stories_changed(since, {"s2": 2, "s3": 1, "s4": 1}) == ()


def test_any_number_of_changed_stories_may_be_read(store: SqlStore):
    store.enrol([feed()], NOW)
    many = tuple(story(f"s{number}") for number in range(1200))
    store.commit([outcome(state_of(store), stories=many)])
    assert len(stories_of(store)) == 1200


def test_after_a_clock_was_set_back_a_feed_waits_no_longer_than_its_own_interval(store: SqlStore):
    hourly, daily = feed("hourly", every=timedelta(hours=1)), feed("daily", every=timedelta(days=1))
    store.enrol([hourly, daily], NOW)
    later = NOW + timedelta(hours=3)  # the clock that planned these polls was two hours ahead
    for name in ("hourly", "daily"):
        state = replace(state_of(store, name), next_poll_at=later)
        store.commit([outcome(state, state=state, host_free_at=later)])
    store.pull_polls_forward([hourly, daily], NOW)
    due = {state.feed: state.next_poll_at for state in store.feed_states()}
    assert due == {"hourly": NOW, "daily": later}
    assert store.due_shards(NOW) == (hourly.shard,)
