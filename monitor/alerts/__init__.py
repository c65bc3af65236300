"""Decide which items raise an alert, who receives it, and which deliveries go now, later or not at all. Pure.

- `raise_alerts`: judge an item, and raise an alert for a new story or for an update of an open one
- `interruption`: reasons why a grave item does not interrupt
- `routing`: the placement of a verdict, and the routes of an alert
- `deliveries`: the deliveries of alerts, escalation steps and health reports
- `trace`: the routes, digests and recipients that one item reaches, compared with what was expected
- `suppression`, `quiet_hours`: the preferences that defer or suppress a delivery
- `signed_links`: the links in messages by which a recipient acts
- `reminders`: the deadlines that need a reminder, and its alert
- `feedback`: the precision of rules, from the feedback of recipients
"""
