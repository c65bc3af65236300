"""Provide a sample digest and health report that use every feature of the templates.

`check` renders templates with them; `channel test` and tests send them.
"""

from dataclasses import replace
from datetime import date, timedelta

from monitor.model import (
    Counts,
    Deadline,
    Digest,
    HealthReport,
    Incident,
    IncidentKind,
    Occasion,
    StorySoFar,
    Subscription,
    Tally,
)

from .sample_alerts import (
    DELAY,
    DENIAL,
    LISTING,
    NOW,
    ORDER,
    POSSIBLE,
    REMOVAL,
    RETRACTION,
    RUMOUR,
    SALE,
    TALKS,
    ago,
)

__all__ = [
    "ALERTS",
    "DELAY",
    "DENIAL",
    "DIGEST",
    "EMPTY_DIGEST",
    "HEALTH",
    "LISTING",
    "NOW",
    "ORDER",
    "POSSIBLE",
    "REMOVAL",
    "RETRACTION",
    "RUMOUR",
    "SALE",
    "TALKS",
]

ALERTS = (LISTING, RETRACTION, DELAY, SALE, REMOVAL, TALKS, ORDER, RUMOUR, POSSIBLE, DENIAL)

DIGEST = Digest(
    id="4c1d22b07a9e5f3380d6",
    subscription=Subscription(name="morning", at="08:00", zone="Europe/Istanbul", channels=("desk",)),
    occasion=Occasion("morning", "2026-11-23", NOW, ("2026-11-22", "2026-11-23")),
    planned_at=NOW + timedelta(hours=3),
    since=NOW - timedelta(days=2),
    from_seq=35,
    to_seq=45,
    alerts=ALERTS,
    counts=Counts(
        read=412,
        flagged=17,
        alerts=10,
        feeds=8,
        feeds_failing=("Ministry notices",),
        undelivered=2,
        duplicates=5,
        archived=2,
    ),
    next_due_at=NOW + timedelta(days=1),
    so_far={
        LISTING.story: StorySoFar(("sample", "wire", "gazette", "daily", "herald")),
        DELAY.story: StorySoFar(("sample",), ago(74), "Frigates to be delivered in spring"),
        RETRACTION.story: StorySoFar(("wire", "sample"), ago(50), "Bank added to a list of sanctions"),
    },
    history=tuple(
        Tally(f"{NOW - timedelta(days=ago):%Y-%m-%d}", topic, alerts)
        for ago in range(30)
        for topic, alerts in (("sanctions", ago * 7 % 11), ("arms", ago * 5 % 6))
        if alerts
    ),
    deadlines=(
        Deadline(LISTING.story, date(2026, 11, 30), ago(30), LISTING),
        Deadline(REMOVAL.story, date(2026, 12, 12), ago(30), REMOVAL),
    ),
)

EMPTY_DIGEST = replace(
    DIGEST,
    occasion=Occasion("morning", "2026-11-23", NOW, ("2026-11-23",)),
    planned_at=NOW + timedelta(seconds=20),
    since=NOW - timedelta(days=1),
    alerts=(),
    counts=Counts(read=41, flagged=0, alerts=0, feeds=8, feeds_failing=("Ministry notices",), undelivered=0),
    so_far={},
    history=(),
)

HEALTH = HealthReport(
    ago(0.1),
    opened=(
        Incident("ministry", IncidentKind.FAILING, "blocked: ministry.example answers HTTP 403", ago(0.1)),
        Incident(
            "wire",
            IncidentKind.GAP,
            "none of its 20 items was there at the poll of 2026-11-23 08:00 UTC",
            ago(0.1),
        ),
    ),
    closed=(
        Incident("gazette", IncidentKind.SILENT, "nothing new since 2026-11-20 10:00 UTC", ago(9), ago(0.1)),
    ),
    still_open=3,
)
