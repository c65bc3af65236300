"""Summaries: one message about several alerts, with ids that a repeat does not change."""

from dataclasses import replace
from datetime import timedelta

from monitor.digests.summary import Summary, summary_deliveries
from monitor.model import ChannelTarget, Counts, DeliveryKind, Digest, Message, MessageForm, Subscription
from tests.conftest import NOW, alert

TARGET = ChannelTarget("desk", MessageForm.SLACK, language="tr")
COUNTS = Counts(read=2, flagged=2, alerts=2, feeds=1, feeds_failing=(), undelivered=0)
STORM = Summary(
    id="s1",
    kind=DeliveryKind.STORM,
    target=TARGET,
    recipient="",
    since=NOW - timedelta(minutes=5),
    alerts=(replace(alert(), seq=3), replace(alert(), seq=7)),
)


class Rendering:
    """Renders two messages, and keeps the digest."""

    def digest(self, digest: Digest, form: MessageForm) -> tuple[Message, ...]:
        self.rendered, self.form = digest, form
        return (Message(subject="1/2", text="one"), Message(subject="2/2", text="two"))


def test_a_summary_has_a_delivery_for_each_message_with_the_summary_as_its_reference():
    found = summary_deliveries(Rendering(), (), STORM, COUNTS, NOW)
    assert [each.message.subject for each in found] == ["1/2", "2/2"]
    assert found[0].id == "s1"
    assert found[0].id != found[1].id
    assert {(each.kind, each.ref, each.channel, each.due_at) for each in found} == {
        ("storm", "s1", "desk", NOW)
    }


def test_a_summary_is_a_digest_of_its_alerts_in_the_zone_and_language_of_its_channel():
    renderer = Rendering()
    subs = [Subscription(name="daily", at="08:00", zone="Europe/Istanbul", channels=("desk",))]
    summary_deliveries(renderer, subs, STORM, COUNTS, NOW)
    digest = renderer.rendered
    assert (digest.subscription.name, digest.subscription.zone, digest.subscription.language) == (
        "summary",
        "Europe/Istanbul",
        "tr",
    )
    assert (digest.from_seq, digest.to_seq, digest.since) == (2, 7, STORM.since)


def test_a_summary_whose_alerts_are_no_longer_stored_is_empty():
    renderer = Rendering()
    summary_deliveries(renderer, (), replace(STORM, alerts=()), COUNTS, NOW)
    assert (renderer.rendered.from_seq, renderer.rendered.to_seq, renderer.rendered.alerts) == (0, 0, ())
