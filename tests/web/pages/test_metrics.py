"""Metrics and readiness, as a monitoring system reads them over real HTTP."""

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.model import Incident, IncidentKind
from tests.conftest import NOW, item
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
    state = replace(state_of(served.store, "wire"), polled_at=NOW, failures=3)
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
