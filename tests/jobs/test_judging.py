"""Items of a poll are judged in turns: new before revised, each at least one item long."""

from datetime import timedelta

from monitor.alerts.raise_alerts import AlertContext
from monitor.alerts.routing import RoutingCell
from monitor.feeds.identity.recognise import Recognition
from monitor.jobs.durations import Durations
from monitor.jobs.judging import FoundItems, judge_turn
from monitor.model import Decision, FeedProfile, FeedState, IncidentKind, Judged, Placement
from tests.conftest import NOW, item, verdict
from tests.store.builders import feed

CONTEXT = AlertContext(
    feeds={}, judge=lambda item, tier: verdict(), table={4: {"B": RoutingCell(Placement.NOW)}}
)
BEFORE = FeedState(feed="wire", next_poll_at=NOW, good_at=NOW - timedelta(hours=1))
NEW, EDITED = item(), item(guid="2", title="Ministry orders 14 howitzers")
STORED = Judged(item(guid="2"), verdict(), Decision(Placement.ARCHIVE, "not flagged"))


def found(**signs: str) -> FoundItems:
    profile = FeedProfile(signs={IncidentKind(kind): reason for kind, reason in signs.items()})
    recognition = Recognition(new=(NEW,), revised=(EDITED,), before={EDITED.id: STORED})
    return FoundItems(feed=feed(), before=BEFORE, profile=profile, found=recognition)


def test_new_items_come_before_revised_ones_which_know_their_earlier_versions() -> None:
    judged = judge_turn(CONTEXT, found(), 0, Durations((1.0,)))
    assert [each.item.guid for each in judged] == ["1", "2"]
    assert [each.earlier for each in judged] == [(), (STORED.item.content_hash,)]


def test_a_turn_that_is_over_has_judged_one_item_and_the_next_goes_on() -> None:
    durations = Durations((1.0,))
    turns = [judge_turn(CONTEXT, found(), start, durations, turn_s=0.0) for start in range(3)]
    assert [[each.item.guid for each in turn] for turn in turns] == [["1"], ["2"], []]
    assert durations.buckets()[-1] == ("+Inf", 2)


def test_a_sign_casts_doubt_on_new_items_only() -> None:
    judged = judge_turn(CONTEXT, found(drift="its items are about other things"), 0, Durations((1.0,)))
    assert ["held back" in each.decision.doubt for each in judged] == [True, False]
