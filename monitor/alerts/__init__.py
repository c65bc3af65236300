"""Decide which items raise an alert, who receives it, and which deliveries go now, later or not at all. Pure.

- `raise_alerts`: judge an item, and raise an alert for a new story or for an update of an open one
- `routing`: the placement of a verdict, the routes of an alert, and its deliveries
- `trace`: the routes, digests and recipients that one item reaches, compared with what was expected
- `suppression`, `quiet_hours`: the preferences that defer or suppress a delivery
- `signed_links`: the links in messages by which a recipient acts
- `feedback`: the precision of rules, from the feedback of recipients
"""
