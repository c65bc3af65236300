"""Metrics and readiness, as a monitoring system reads them over real HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.errors import FeedHealth
from monitor.model import FeedReach, Incident, IncidentKind, Subscription
from monitor.web.metrics import MOST_FEEDS
from tests.conftest import NOW, delivery, item
from tests.store.builders import feed, outcome, raised, state_of
from tests.web.conftest import Served

pytestmark = pytest.mark.anyio


async def values(served: Served) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return every sample by its name and the values of its labels, sorted by label."""
    answer = await served.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    samples = [sample for family in families for sample in family.samples]
    return {(each.name, tuple(each.labels.values())): each.value for each in samples}


async def test_the_state_of_feeds_is_a_metric(served: Served) -> None:
    served.store.enrol([feed(), feed("unread")], NOW)
    state = replace(state_of(served.store, "wire"), polled_at=NOW, failures=3, health=FeedHealth.HTTP)
    served.store.commit([outcome(state, state=state)])
    served.clock.advance(minutes=2)
    found = await values(served)
    assert found["sanctions_monitor_feed_poll_age_seconds", ("wire",)] == 120
    assert found["sanctions_monitor_feed_failures", ("wire",)] == 3
    assert found["sanctions_monitor_feeds", ("failing",)] == 1
    assert ("sanctions_monitor_feed_poll_age_seconds", ("unread",)) not in found


async def test_alerts_of_the_last_day_are_counted_by_topic_and_severity(served: Served) -> None:
    raised(served.store, item())
    assert (await values(served))["sanctions_monitor_alerts_last_day", ("4", "arms")] == 1
    served.clock.advance(hours=25)
    assert ("sanctions_monitor_alerts_last_day", ("4", "arms")) not in await values(served)


async def test_the_service_is_not_ready_while_no_host_answers(served: Served) -> None:
    assert (await served.http.get("/readyz")).status_code == 200
    served.store.report([Incident("wire", IncidentKind.FAILING, "dns", NOW)], [], [])
    answer = await served.http.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ok; 1 incidents are open\n")
    served.store.report([Incident("", IncidentKind.OFFLINE, "no host answers", NOW)], [], [])
    answer = await served.http.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: offline\n")
    assert (await values(served))["sanctions_monitor_open_incidents", ("offline",)] == 1


async def test_alerts_and_their_way_are_counted_from_the_first_look_on(served: Served) -> None:
    store = served.store
    raised(store, item())
    assert not [name for name, _ in await values(served) if name == "sanctions_monitor_alerts_total"]
    seen = NOW + timedelta(seconds=30)
    late = item(guid="2", published_at=NOW, first_seen_at=seen)
    (alert,) = raised(store, late, story="s2", raised_at=seen)
    store.add_deliveries([delivery(id="d", ref=alert.id, due_at=seen)])
    store.lease("desk", seen, seen + timedelta(minutes=5))
    (owed,) = store.deliveries()
    store.close_delivery(owed, seen + timedelta(minutes=2), state="sent", reason="250", code="250")
    served.clock.advance(minutes=10)
    for _ in range(2):  # nothing is counted twice
        found = await values(served)
        assert found["sanctions_monitor_alerts_total", ("4", "arms")] == 1
        assert found["sanctions_monitor_seen_after_published_seconds_bucket", ("60.0",)] == 1
        assert found["sanctions_monitor_seen_after_published_seconds_bucket", ("15.0",)] == 0
        assert found["sanctions_monitor_sent_after_seen_seconds_sum", ()] == 120
        assert found["sanctions_monitor_sent_after_published_seconds_count", ()] == 1


async def test_deliveries_are_counted_by_channel_and_state_with_the_age_of_the_oldest(served: Served) -> None:
    served.store.add_deliveries([delivery(id="a"), delivery(id="b", due_at=NOW - timedelta(minutes=5))])
    found = await values(served)
    assert found["sanctions_monitor_deliveries", ("desk", "owed")] == 2
    assert found["sanctions_monitor_oldest_owed_seconds", ("desk",)] == 300


async def test_a_digest_that_was_not_planned_is_overdue(served: Served) -> None:
    daily = Subscription(name="daily", at="08:00", zone="UTC")
    served.change(subscriptions=(daily,))
    served.store.subscribe([daily], NOW)
    assert (await values(served))["sanctions_monitor_digest_overdue_seconds", ("daily",)] == 0
    served.clock.advance(hours=24)
    assert (await values(served))["sanctions_monitor_digest_overdue_seconds", ("daily",)] == 3600


async def test_only_so_many_feeds_have_metrics_of_their_own_the_failing_ones_first(served: Served) -> None:
    served.store.enrol([feed(f"f{number}") for number in range(MOST_FEEDS + 5)], NOW)
    state = replace(
        state_of(served.store, f"f{MOST_FEEDS + 4}"), polled_at=NOW, failures=2, health=FeedHealth.HTTP
    )
    served.store.commit([outcome(state, state=state)])
    found = await values(served)
    failures = {labels for name, labels in found if name == "sanctions_monitor_feed_failures"}
    assert len(failures) == MOST_FEEDS
    assert (f"f{MOST_FEEDS + 4}",) in failures
    assert found["sanctions_monitor_feeds", (FeedReach.UNREAD,)] == MOST_FEEDS + 4


async def test_judging_is_timed(served: Served) -> None:
    served.server.context.judging.add(0.02)
    found = await values(served)
    assert found["sanctions_monitor_judging_seconds_bucket", ("0.025",)] == 1
    assert found["sanctions_monitor_judging_seconds_bucket", ("0.01",)] == 0
    assert found["sanctions_monitor_ready", ()] == 1


async def test_the_store_that_answers_is_healthy_and_incidents_have_a_page(served: Served) -> None:
    assert (await served.http.get("/healthz")).text == "ok\n"
    served.store.report([Incident("wire", IncidentKind.FAILING, "no name", NOW)], [], [])
    assert "no name" in (await served.http.get("/health")).text
