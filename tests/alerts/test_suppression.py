"""What goes now, later or not at all: nothing is dropped, and what does not go says why."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.alerts.suppression import Preferences, fits, matching_silence
from monitor.model import Delivery, Event, Mention, Silence, Unsubscription
from tests.alerts.test_quiet_hours import at, quiet
from tests.conftest import NOW, alert, delivery, verdict

NIGHT = at("2026-11-23 23:00")
ALERT = alert()
ALERTS = {ALERT.id: ALERT}
OWED = delivery(ref=ALERT.id, recipient="a@example.org")


def applied(deliveries: list[Delivery], preferences: Preferences, now: datetime) -> tuple[Delivery, ...]:
    return tuple(preferences.apply(each, ALERTS.get(each.ref), now) for each in deliveries)


def silence(**changes: Any) -> Silence:
    plain: dict[str, Any] = {
        "id": "s1",
        "who": "jan",
        "reason": "we know",
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "story": "s1",
    }
    return Silence(**plain | changes)


def test_without_preferences_deliveries_do_not_change() -> None:
    assert applied([OWED], Preferences(), NOW) == (OWED,)


def test_quiet_hours_put_a_delivery_off_and_say_until_when_and_why() -> None:
    (later,) = applied([OWED], Preferences(quiet_hours=(quiet(),)), NIGHT)
    assert later.state == "owed"
    assert later.due_at == at("2026-11-24 06:00")
    assert later.reason == "quiet hours night until 2026-11-24 06:00 UTC: people sleep"


def test_quiet_hours_may_leave_an_alert_to_the_digest_but_not_a_digest() -> None:
    preferences = Preferences(quiet_hours=(quiet(release="digest"),))
    digest = delivery(kind="digest", ref="d1")
    left, later = applied([OWED, digest], preferences, NIGHT)
    assert (left.state, left.reason) == (
        "suppressed",
        "quiet hours night leave it to the digest: people sleep",
    )
    assert (later.state, later.due_at) == ("owed", at("2026-11-24 06:00"))


def test_what_is_due_later_anyway_stays_so() -> None:
    late = replace(OWED, due_at=at("2026-11-25 12:00"))
    assert applied([late], Preferences(quiet_hours=(quiet(),)), NIGHT)[0].due_at == late.due_at


def test_a_silence_suppresses_and_its_id_stands_in_the_note() -> None:
    (kept,) = applied([OWED], Preferences(silences=(silence(),)), NOW)
    assert (kept.state, kept.reason, kept.id) == ("suppressed", "silence s1: we know", OWED.id)


@pytest.mark.parametrize(
    "over", [{"expires_at": NOW}, {"ended_at": NOW}, {"created_at": NOW + timedelta(hours=1)}]
)
def test_a_silence_counts_only_in_its_time(over: dict[str, Any]) -> None:
    assert applied([OWED], Preferences(silences=(silence(**over),)), NOW) == (OWED,)


def test_what_is_grave_breaks_a_silence() -> None:
    grave = alert(
        verdict=verdict(
            event=Event(topic="sanctions", type="imposed", stage="", polarity="impose", severity=5)
        )
    )
    assert matching_silence([silence()], grave, NOW) is None
    assert matching_silence([silence(break_through=6)], grave, NOW) is not None


def test_a_silence_of_one_recipient_is_theirs_alone() -> None:
    mine = silence(channel="desk", recipient="a@example.org")
    other = replace(OWED, recipient="b@example.org")
    suppressed, other_delivery = applied([OWED, other], Preferences(silences=(mine,)), NOW)
    assert (suppressed.state, other_delivery.state) == ("suppressed", "owed")
    assert matching_silence([mine], ALERT, NOW) is None


@pytest.mark.parametrize(
    ("criteria", "holds"),
    [
        ({"story": "s1"}, True),
        ({"story": "s2"}, False),
        ({"feed": "wire"}, True),
        ({"feed": "gazette"}, False),
        ({"entity": "country:TR"}, True),
        ({"entity": "TURKIYE"}, True),
        ({"entity": "country:SE"}, False),
        ({"event": "contract"}, True),
        ({"event": "extended"}, False),
        ({"topic": "arms"}, True),
        ({"topic": "sanctions"}, False),
        ({"words": "howitzers Ministry"}, True),
        ({"words": "howitzers Sweden"}, False),
        ({"feed": "wire", "topic": "sanctions"}, False),
        ({"feed": "wire", "topic": "arms"}, True),
        ({}, False),
    ],
)
def test_a_silence_matches_only_if_all_its_criteria_match(criteria: dict[str, str], holds: bool) -> None:
    mentions = (Mention(id="country:TR", name="Türkiye", kind="country", quote="Türkiye"),)
    raised = alert(verdict=verdict(entities=mentions))
    assert fits(silence(**{"story": "", **criteria}), raised) is holds


def test_an_unsubscribed_recipient_gets_nothing_more_and_others_do() -> None:
    gone = Unsubscription("desk", "a@example.org", NOW, "by one click")
    digest = delivery(kind="digest", ref="d1", recipient="a@example.org")
    other = replace(OWED, recipient="b@example.org")
    of_alert, of_digest, other_delivery = applied(
        [OWED, digest, other], Preferences(unsubscriptions=(gone,)), NOW
    )
    assert of_alert.state == of_digest.state == "suppressed"
    assert of_alert.reason == "unsubscribed at 2026-11-23 09:00 UTC by one click"
    assert other_delivery == other
