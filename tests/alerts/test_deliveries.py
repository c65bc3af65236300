"""Deliveries of alerts, escalation steps and health reports: one for each recipient and message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.alerts.deliveries import deliveries_of_alert, deliveries_of_report, deliveries_of_step
from monitor.model import ChannelTarget, HealthReport, Incident, IncidentKind, Message
from tests.conftest import NOW, alert, item

MESSAGES = (Message(subject="one", text="1"), Message(subject="two", text="2"))


def test_an_alert_has_one_delivery_for_each_recipient_and_message():
    raised = alert()
    deliveries = deliveries_of_alert(
        raised, ChannelTarget("desk", "mail", ("a@desk.example", "b@desk.example")), MESSAGES
    )
    assert [(each.recipient, each.message.subject) for each in deliveries] == [
        ("a@desk.example", "one"),
        ("a@desk.example", "two"),
        ("b@desk.example", "one"),
        ("b@desk.example", "two"),
    ]
    assert {(each.channel, each.kind, each.ref, each.story) for each in deliveries} == {
        ("desk", "alert", raised.id, raised.story)
    }
    assert {(each.created_at, each.due_at, each.state) for each in deliveries} == {
        (raised.raised_at, raised.raised_at, "owed")
    }


def test_a_channel_without_recipients_gets_one_delivery_without_a_recipient():
    (delivery,) = deliveries_of_alert(alert(), ChannelTarget("hook", "json"), MESSAGES[:1])
    assert delivery.recipient == ""


def ids(raised=None, target=None, messages=MESSAGES) -> set[str]:
    return {
        each.id
        for each in deliveries_of_alert(
            raised or alert(), target or ChannelTarget("desk", "mail", ("a", "b")), messages
        )
    }


def test_delivery_ids_depend_on_the_alert_and_not_on_its_words_or_time():
    reworded = (Message(subject="one", text="reworded"), Message(subject="two", text="reworded"))
    assert ids() == ids() == ids(messages=reworded)
    assert ids() == ids(replace(alert(), seq=7, raised_at=alert().raised_at.replace(hour=3)))
    assert len(ids()) == 4


@pytest.mark.parametrize(
    "other",
    [
        {"raised": alert(item=item(guid="2"))},
        {"raised": alert(item=item(title="Ministry orders 14 howitzers"))},
        {"raised": alert(kind="update", news="stage: talks → contract")},
        {"target": ChannelTarget("hook", "mail", ("a", "b"))},
        {"target": ChannelTarget("desk", "mail", ("c", "d"))},
    ],
)
def test_another_alert_channel_or_recipient_has_other_delivery_ids(other):
    assert ids().isdisjoint(ids(**other))


def test_a_recipient_of_plain_text_gets_no_html():
    messages = (Message(subject="one", text="1", html="<p>1</p>"),)
    (plain,) = deliveries_of_alert(
        alert(), ChannelTarget("desk", "mail", ("bo@x.example",), plain=True), messages
    )
    (usual,) = deliveries_of_alert(alert(), ChannelTarget("desk", "mail", ("bo@x.example",)), messages)
    assert (plain.message.text, plain.message.html, usual.message.html) == ("1", "", "<p>1</p>")
    assert plain.id == usual.id


def test_an_escalation_step_has_deliveries_of_its_own_that_are_due_now():
    raised, target = alert(), ChannelTarget("desk", "mail", ("a", "b"))
    now = raised.raised_at + timedelta(minutes=30)
    first, second = (deliveries_of_step(raised, step, target, MESSAGES, now) for step in (1, 2))
    known = {each.id for each in (*deliveries_of_alert(raised, target, MESSAGES), *first, *second)}
    assert len(known) == 12
    assert {(each.ref, each.story, each.created_at, each.due_at) for each in first} == {
        (raised.id, raised.story, now, now)
    }


def test_a_health_report_has_deliveries_without_a_story():
    incident = Incident("wire", IncidentKind.FAILING, "HTTP 503", NOW)
    report = HealthReport(NOW, (incident,), (), 1)
    (delivery,) = deliveries_of_report(report, ChannelTarget("ops", "text"), MESSAGES[:1])
    assert (delivery.kind, delivery.ref, delivery.story, delivery.severity) == ("health", report.id, "", 0)
