"""What becomes of overdue deliveries: which digest carries each, and which stay owed."""

from dataclasses import replace

import pytest

from monitor.jobs.overdue_outcomes import OverdueOutcomes, outcomes_of
from monitor.model import DeliveryKind, DeliveryState, OverdueDelivery

OWED = OverdueDelivery(
    id="d1", kind=DeliveryKind.ALERT, ref="a1", channel="mail", recipient="Ann", state=DeliveryState.OWED
)
EXPIRED = replace(OWED, state=DeliveryState.EXPIRED)
PLANNED = (("daily", "digest-1"),)

UNCHANGED = OverdueOutcomes({}, ())


def outcomes(delivery: OverdueDelivery, *, waiting: str = "", recipient: str = "Ann") -> OverdueOutcomes:
    return outcomes_of([delivery], {"daily": {("mail", recipient)}}, {"daily": {waiting}})


@pytest.mark.parametrize("delivery", [OWED, EXPIRED])
def test_a_planned_digest_of_the_recipient_carries_an_alert(delivery: OverdueDelivery) -> None:
    assert outcomes(replace(delivery, digests=PLANNED)) == OverdueOutcomes({"d1": "digest-1"}, ())


def test_an_owed_alert_that_waits_for_a_digest_expires_before_it_is_planned() -> None:
    assert outcomes(OWED, waiting="a1") == OverdueOutcomes({"d1": ""}, ())


def test_an_expired_alert_that_waits_for_a_digest_goes_on_waiting() -> None:
    assert outcomes(EXPIRED, waiting="a1") == UNCHANGED


def test_what_no_digest_carries_stays_owed_or_is_owed_again() -> None:
    assert outcomes(OWED) == UNCHANGED
    assert outcomes(EXPIRED) == OverdueOutcomes({}, ("d1",))


def test_a_digest_for_another_recipient_carries_nothing() -> None:
    assert outcomes(replace(OWED, digests=PLANNED), waiting="a1", recipient="Ben") == UNCHANGED


def test_an_owed_digest_is_carried_by_the_next_of_its_subscription() -> None:
    digest = replace(OWED, kind=DeliveryKind.DIGEST, digests=PLANNED)
    assert outcomes(digest) == OverdueOutcomes({"d1": ""}, ())
    assert outcomes(replace(digest, digests=(("weekly", "digest-2"),))) == UNCHANGED
