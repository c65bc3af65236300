"""What interrupts people, and what waits for the digest."""

import pytest

from monitor.alerts.raise_alerts import NO_STORIES, AlertContext, raise_alerts
from monitor.model import Decision, Judged, Placement
from tests.conftest import NOW, item, verdict
from tests.store.builders import feed

CONTEXT = AlertContext(feeds={}, judge=lambda item, tier: verdict(), table={})


@pytest.mark.parametrize(
    ("title", "placement", "because"),
    [
        ("Ministry orders 12 howitzers", Placement.NOW, "severity 4"),
        ("Watch: Ministry orders 12 howitzers", Placement.TOP, "severity 4; not a report: video"),
        ("War live: Ministry orders 12 howitzers", Placement.TOP, "severity 4; not a report: live"),
        ("Has the ministry ordered 12 howitzers?", Placement.TOP, "severity 4; not a report: question"),
    ],
)
def test_what_its_title_calls_no_report_interrupts_nobody(
    title: str, placement: Placement, because: str
) -> None:
    judged = Judged(
        item(title=title, url="https://news.example/video/1"),
        verdict(),
        Decision(Placement.NOW, "severity 4"),
    )
    (alert,) = raise_alerts(CONTEXT, feed(), [judged], NO_STORIES, NOW).alerts
    assert (alert.decision.placement, alert.decision.because) == (placement, because)
