"""What a poll changed is one value: without a document, or with its judged items and their alerts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.feeds.base import Fetched, ParsedDocument
from monitor.feeds.identity.recognise import Recognition
from monitor.feeds.profile.observe import RecognisedDocument
from monitor.jobs.poll_outcome import (
    NOTHING,
    Announced,
    FeedPoll,
    JudgedDocument,
    outcome_without_document,
)
from monitor.model import Decision, FeedProfile, FeedState, HubOffer, Judged, Placement
from tests.conftest import NOW, alert, item, verdict
from tests.store.builders import feed

FREE_AT = NOW + timedelta(seconds=2)
BEFORE = FeedState(feed="wire", next_poll_at=NOW, version=3)
POLL = FeedPoll(feed=feed(), before=BEFORE, begun_at=NOW)
RESPONSE = Fetched(
    body=b"<rss/>",
    content_type="text/xml",
    etag=None,
    last_modified=None,
    body_hash="5e1f",
    final_url="https://wire.example/feed",
)


def judged(placement: Placement, **changes: Any) -> Judged:
    return Judged(item(**changes), verdict(), Decision(placement, "severity 4"))


def document(
    *items: Judged, found: Recognition | None = None, profile: FeedProfile | None = None
) -> JudgedDocument:
    profile = profile or BEFORE.profile
    recognised = RecognisedDocument(
        response=RESPONSE,
        document=ParsedDocument(items=(), complete=True, seen=("a",), known_spans={"s1": "a", "s2": "b"}),
        found=found or Recognition(new=()),
        profile=profile,
    )
    after = replace(BEFORE, polled_at=NOW, profile=profile)
    return JudgedDocument(poll=POLL, recognised=recognised, after=after, judged=items)


def test_a_poll_without_a_document_writes_its_profile_only_if_it_changed() -> None:
    same = replace(BEFORE, polled_at=NOW)
    slower = replace(same, profile=replace(BEFORE.profile, wait_s=900.0))
    outcomes = [outcome_without_document(POLL, after, FREE_AT) for after in (same, slower)]
    assert [each.new_profile for each in outcomes] == [False, True]
    assert {(each.host, each.host_free_at, each.judged) for each in outcomes} == {
        ("wire.example", FREE_AT, ())
    }


@pytest.mark.parametrize(
    ("items", "before", "expected"),
    [
        ((), {}, False),
        ((judged(Placement.ARCHIVE),), {}, False),
        ((judged(Placement.ARCHIVE), judged(Placement.DIGEST, guid="2")), {}, True),
        ((judged(Placement.ARCHIVE),), {"1": judged(Placement.NOW)}, True),
    ],
    ids=["no item", "an archived item", "an item for the digest", "a revision"],
)
def test_stories_are_needed_for_placed_items_and_for_revisions(
    items: tuple[Judged, ...], before: dict[str, Judged], expected: bool
) -> None:
    assert document(*items, found=Recognition(new=(), before=before)).may_alert is expected


def test_the_outcome_holds_the_items_with_what_is_announced_about_them() -> None:
    one = judged(Placement.NOW)
    read = document(one, found=Recognition(new=(one.item,), seen=("b",), aliases=(("c", "b"),)))
    outcome = read.outcome(Announced(alerts=(alert(),), epoch=7), NOW, FREE_AT)
    assert (outcome.judged, outcome.alerts, outcome.story_epoch) == ((one,), (alert(),), 7)
    assert (outcome.seen, outcome.aliases) == (("a", "b"), (("c", "b"),))
    assert outcome.document
    assert outcome.document.hash == RESPONSE.body_hash
    assert outcome.logged
    assert (outcome.logged.size, outcome.logged.news, outcome.logged.version) == (6, 1, 4)


def test_a_hub_is_written_only_when_the_document_names_another() -> None:
    hub = HubOffer(hub="https://hub.example/", topic="https://wire.example/feed")
    known, new = document(), document(profile=replace(BEFORE.profile, hub=hub))
    assert [each.outcome(NOTHING, NOW, FREE_AT).hub for each in (known, new)] == [None, hub]


def test_a_span_whose_id_names_several_items_is_parsed_each_time() -> None:
    read = document(found=Recognition(new=(), recycled=frozenset({"b"})))
    assert read.recognised.known_spans == {"s1": "a"}
