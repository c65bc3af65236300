"""Stored items judged again: what is flagged anew, dropped, or moved."""

import tomllib
from dataclasses import replace
from datetime import timedelta

from monitor.alerts.routing import table_of
from monitor.jobs.replay import ChangedVerdict, JudgedItems, Replayed, Rules, replay
from monitor.model import Decision, Item, Judged, Placement, Tier, Verdict
from monitor.store import open_store
from tests.conftest import NOW, item, verdict
from tests.match.seeds import SCORING
from tests.store.builders import feed, outcome, state_of

TABLE = table_of(tomllib.loads(SCORING[1]), SCORING[0])
FEEDS = {"wire": feed(tier=Tier.WIRE)}
NOTHING = verdict(topics=(), event=None, relevance={"sanctions": 0, "arms": 0})


def rules(**verdicts: Verdict) -> Rules:
    """Rules that give the verdict of each listed guid, and arms news for all others."""
    return Rules(lambda item, tier: verdicts.get(item.guid, verdict()), TABLE, FEEDS)


def stored(
    guid: str,
    said: Verdict,
    placement: Placement,
    doubt: str = "",
    from_backlog: bool = False,
    **changes: object,
) -> Judged:
    decision = Decision(placement, "", doubt=doubt, from_backlog=from_backlog)
    return Judged(item(guid=guid, **changes), said, decision)


class Archive:
    """Items in memory, given out in batches."""

    def __init__(self, *items: Judged) -> None:
        self.items, self.largest = items, 0

    def judged_since(self, since, after=None, limit=500):
        start = self.items.index(after) + 1 if after else 0
        batch = self.items[start : start + limit]
        self.largest = max(self.largest, len(batch))
        return batch


def changes(archive: JudgedItems, now: Rules, batch: int = 500) -> tuple[list[ChangedVerdict], Replayed]:
    so_far = Replayed()
    return list(replay(archive, now, NOW, so_far, batch)), so_far


def test_what_is_judged_as_before_is_no_change():
    assert changes(Archive(stored("1", verdict(), Placement.NOW)), rules())[0] == []


def test_each_kind_of_change_is_counted():
    archive = Archive(
        stored("a", NOTHING, Placement.ARCHIVE),
        stored("b", verdict(), Placement.NOW),
        stored("c", verdict(), Placement.TAIL),
        stored("d", verdict(), Placement.NOW),
    )
    found, so_far = changes(archive, rules(b=NOTHING))
    assert [(each.kind, each.item.guid, each.added, each.removed) for each in found] == [
        ("flagged", "a", ("arms",), ()),
        ("dropped", "b", (), ("arms",)),
        ("moved", "c", (), ()),
    ]
    assert (so_far.items, so_far.counts) == (4, {"flagged": 1, "dropped": 1, "moved": 1})


def test_replay_loads_no_more_than_one_batch():
    archive = Archive(*(stored(str(number), verdict(), Placement.NOW) for number in range(10)))
    assert changes(archive, rules(), batch=3)[1].items == 10
    assert archive.largest == 3


def test_what_was_kept_back_for_its_age_or_a_doubt_is_kept_back_again():
    old = NOW - timedelta(days=30)
    archive = Archive(
        stored("a", verdict(), Placement.ARCHIVE, from_backlog=True, published_at=old),
        stored("b", verdict(), Placement.DIGEST, doubt="published 30 days before", published_at=old),
        stored("c", verdict(), Placement.DIGEST, doubt="one of a burst"),
    )
    assert changes(archive, rules())[0] == []


def test_an_item_of_a_feed_that_is_gone_keeps_its_credibility():
    weak = replace(verdict(), credibility=replace(verdict().credibility, letter="D", score=30))
    gone = Judged(item(feed="gone"), weak, Decision(Placement.DIGEST, "severity 4, credibility D"))
    assert changes(Archive(gone), rules())[0] == []


def test_the_tier_is_that_of_the_feed_as_it_is_configured_now():
    asked: list[tuple[Item, Tier]] = []
    now = Rules(
        lambda item, tier: asked.append((item, tier)) or verdict(), TABLE, {"wire": feed(tier=Tier.OFFICIAL)}
    )
    changes(Archive(stored("a", verdict(), Placement.NOW)), now)
    assert [tier for _, tier in asked] == [Tier.OFFICIAL]


def test_a_replay_reads_a_real_store_and_changes_nothing_in_it(tmp_path):
    store = open_store(tmp_path / "m.db", lock=False)
    store.enrol([feed()], NOW)
    store.commit([outcome(state_of(store), *(item(guid=str(number)) for number in range(7)))])
    before = (tmp_path / "m.db").read_bytes(), store.judged_since(NOW)
    found, so_far = changes(store, rules(), batch=2)
    assert so_far.items == 7
    assert {each.item.guid for each in found} <= {str(number) for number in range(7)}
    assert ((tmp_path / "m.db").read_bytes(), store.judged_since(NOW)) == before
    store.close()
